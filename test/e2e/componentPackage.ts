/**
 * The package as a program in another language gets it: built, with its sources beside it, from which Pulumi reads the
 * schema. A copy, so that the checkout is left alone.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../cluster/command.ts';
import { ROOT } from './tools.ts';

const COPIED = ['package.json', 'tsconfig.json', 'PulumiPlugin.yaml', 'bin', 'src', 'components'];

/** A folder like that of an installed package. */
export async function componentPackage(folder: string): Promise<string> {
  await fs.mkdir(folder, { recursive: true });
  for (const name of COPIED) {
    await fs.cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  await fs.symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  // Beside the sources: build.js moves its result into place, which takes one file system.
  const built = path.join(ROOT, '.podline', `e2e-${process.pid}`);
  try {
    await run(process.execPath, ['runtime/packaging/build.js', built, '--unchecked'], {
      cwd: ROOT,
    });
    await fs.cp(built, path.join(folder, 'dist'), { recursive: true });
  } finally {
    await fs.rm(built, { recursive: true, force: true });
  }
  return folder;
}

/**
 * A program that starts the package as a plugin, as the host for Node of a newer engine does by itself. With a folder
 * instead, `pulumi package add` would install all packages again.
 */
export async function pluginLauncher(packageFolder: string, folder: string): Promise<string> {
  await fs.mkdir(folder, { recursive: true });
  const start = path.join(ROOT, 'node_modules/@pulumi/pulumi/cmd/run-plugin/index.js');
  const script = `#!/bin/sh\nexec "${process.execPath}" "${start}" "${packageFolder}" "$@"\n`;
  const program = path.join(folder, 'pulumi-resource-podline');
  await fs.writeFile(program, script, { mode: 0o755 });
  return program;
}
