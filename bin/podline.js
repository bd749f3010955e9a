#!/usr/bin/env node
// Starts the CLI: the built files when they are there, else the sources (a checkout that was never built).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/runtime/main.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  const source = fileURLToPath(new URL('../runtime/main.ts', import.meta.url));
  const flags = ['--conditions=podline-source', source, ...process.argv.slice(2)];
  const child = spawn(process.execPath, flags, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}
