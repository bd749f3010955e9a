// The worker of a pod as few files, for the runtime image: one that every attempt loads, and chunks that only
// some operators need. `node bundleWorker.js FOLDER` by hand; build.js calls it for dist/worker.
import { build } from 'esbuild';
import fs from 'node:fs/promises';
import path from 'node:path';

const root = import.meta.dirname;

export async function bundleWorker(out) {
  await build({
    absWorkingDir: root,
    entryPoints: { main: 'runtime/worker/podMain.ts' },
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['podline-source'],
    outExtension: { '.js': '.mjs' },
    // Optional parts of pg and ssh2, which do without them.
    external: ['pg-native', 'cpu-features', '*.node'],
    banner: {
      js: "import{createRequire as podlineRequire}from'node:module';const require=podlineRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  await fs.writeFile(path.join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await fs.writeFile(path.join(out, 'start'), START, { mode: 0o755 });
}

// A program by its first line, so that the command of a pod is one path. The code compiled when the image was
// made is taken from beside it; Node only reads there when the file system is read-only.
const START = `#!/usr/local/bin/node
require('node:module').enableCompileCache(__dirname + '/compiled');
import('./main.mjs');
`;

if (process.argv[1] === import.meta.filename) await bundleWorker(path.resolve(process.argv[2]));
