/**
 * The runtime image, built from this checkout with the Dockerfile of the project and no registry, as an
 * archive in the cache: new when a source is. `node test/cluster/images/podline.ts` prints its file.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../command.ts';
import { cached, NODE_IMAGE, nodeArchive } from './build.ts';

export const PODLINE_IMAGE = 'docker.io/local/podline:dev';

const ROOT = path.join(import.meta.dirname, '../../..');
const SOURCES = ['src', 'runtime', 'bin', 'examples'];
const FILES = ['package.json', 'package-lock.json', 'Dockerfile', 'tsconfig.json'];
const BUILD = 'runtime/packaging/build.js';
const STAGE = 'runtime/packaging/stageImage.js';

/** Archive of the runtime image; made when the sources have changed. Needs buildah. */
export async function podlineArchive(): Promise<string> {
  const base = await nodeArchive();
  const parts = [path.basename(base), await hashOf([...SOURCES, ...FILES])];
  return cached('podline', parts, async (file, work) => {
    // Beside the sources: build.js moves its result into place, which takes one file system.
    const dist = path.join(ROOT, '.podline', `image-${process.pid}`);
    try {
      // Types are the business of `npm run lint`; the other tests run without them, too.
      await run(process.execPath, [BUILD, dist, '--unchecked'], { cwd: ROOT });
      await run(process.execPath, [STAGE, path.join(work, 'image'), dist], { cwd: ROOT });
    } finally {
      await fs.rm(dist, { recursive: true, force: true });
    }
    await fs.copyFile(path.join(ROOT, 'Dockerfile'), path.join(work, 'Dockerfile'));
    await buildImage({ base, baseName: NODE_IMAGE, context: work, name: PODLINE_IMAGE, file });
  });
}

export interface ImageBuild {
  /** Archive of the image to start from, and its name. */
  base: string;
  baseName: string;
  /** Folder with the Dockerfile. */
  context: string;
  name: string;
  /** Where the archive goes. */
  file: string;
}

/** One Dockerfile to one archive. The storage of buildah lives as long as this call. */
export async function buildImage(build: ImageBuild): Promise<void> {
  const storage = await fs.mkdtemp(path.join(path.dirname(build.file), 'buildah-'));
  const at = ['--storage-driver', 'vfs', '--root', storage, '--runroot', `${storage}/run`];
  try {
    await run('buildah', [...at, 'pull', '--quiet', `docker-archive:${build.base}`]);
    const base = ['--build-arg', `BASE=${build.baseName}`];
    const how = ['--isolation', 'chroot', '--pull-never', '--layers=false', '--quiet'];
    await run('buildah', [...at, 'bud', ...how, ...base, '-t', build.name, build.context]);
    await fs.rm(`${build.file}.part`, { force: true });
    const archive = `docker-archive:${build.file}.part:${build.name}`;
    await run('buildah', [...at, 'push', '--quiet', build.name, archive]);
    await fs.rename(`${build.file}.part`, build.file);
  } finally {
    await fs.rm(storage, { recursive: true, force: true });
  }
}

async function hashOf(names: string[]): Promise<string> {
  const hash = crypto.createHash('sha256');
  for (const name of names) {
    const place = path.join(ROOT, name);
    const isFolder = (await fs.stat(place)).isDirectory();
    const files = isFolder ? await fs.readdir(place, { recursive: true, withFileTypes: true }) : [];
    const paths = files.filter(
      (each) => each.isFile() && !/node_modules|\.podline/.test(each.parentPath),
    );
    const all = isFolder
      ? paths.map((each) => path.join(each.parentPath, each.name)).sort()
      : [place];
    for (const file of all) {
      hash.update(`${path.relative(ROOT, file)}\n`).update(await fs.readFile(file));
    }
  }
  return hash.digest('hex');
}

if (import.meta.main) console.log(await podlineArchive());
