/**
 * Images of the tests without a registry, as archives in the cache: `node` (a minimal Debian with this Node), the base of
 * the runtime image too, and `busybox`. `node test/cluster/images/build.ts` prints their files.
 */
import crypto from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CACHE, run, step } from '../command.ts';
import { imagePackages } from '../packages.ts';
import { archiveOf } from './archive.ts';

export const NODE_IMAGE = 'docker.io/local/node:24';
export const BUSYBOX_IMAGE = 'docker.io/local/busybox:1';

const SUITE = 'bookworm';
export const MIRROR = process.env.PODLINE_TEST_DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
/** What no process of an image reads. */
const UNUSED = [
  'usr/share/{doc,man,info,locale,lintian,bash-completion,common-licenses}/*',
  'var/{log,cache,lib/apt/lists}/*',
  'usr/lib/*/gconv/*',
];

/** Archive of the image `node`; made when it is not there. */
export function nodeArchive(): Promise<string> {
  return cached('node', [process.version, SUITE], async (file, work) => {
    await imagePackages();
    await run('debootstrap', ['--variant=minbase', SUITE, work, MIRROR]);
    await run('bash', ['-c', `shopt -s nullglob; rm -rf ${UNUSED.join(' ')}`], { cwd: work });
    await fs.copyFile(process.execPath, path.join(work, 'usr/local/bin/node'));
    await fs.appendFile(path.join(work, 'etc/passwd'), 'task:x:10001:10001::/tmp:/bin/sh\n');
    await archiveOf(NODE_IMAGE, work, file, { Cmd: ['node'] });
  });
}

/** Archive of the image `busybox`: one static program of 2 MB under all its names. */
export function busyboxArchive(): Promise<string> {
  return cached('busybox', [SUITE], async (file, work) => {
    const root = path.join(work, 'root');
    await fs.mkdir(path.join(root, 'bin'), { recursive: true });
    await fs.mkdir(path.join(root, 'tmp'), { mode: 0o1777 });
    // apt drops its rights to the user _apt, who must be able to write here.
    await fs.chmod(work, 0o777);
    await run('apt-get', ['download', 'busybox-static'], { cwd: work }).catch(async () => {
      await run('apt-get', ['update', '-q']);
      await run('apt-get', ['download', 'busybox-static'], { cwd: work });
    });
    const packed = (await fs.readdir(work)).find((name) => name.endsWith('.deb'));
    if (packed === undefined) throw new Error('apt-get downloaded no package of busybox-static');
    await run('dpkg-deb', ['-x', packed, 'unpacked'], { cwd: work });
    const busybox = path.join(root, 'bin/busybox');
    await fs.rename(path.join(work, 'unpacked/bin/busybox'), busybox);
    for (const name of (await run(busybox, ['--list'])).trim().split('\n')) {
      if (name !== 'busybox') await fs.symlink('busybox', path.join(root, 'bin', name));
    }
    await archiveOf(BUSYBOX_IMAGE, root, file, { Cmd: ['sh'] });
  });
}

/** A file of the cache under the hash of this source and of what else goes into it. */
export async function cached(
  name: string,
  parts: string[],
  make: (file: string, work: string) => Promise<void>,
): Promise<string> {
  const hash = crypto.createHash('sha256').update(JSON.stringify([parts, os.arch()]));
  for (const source of ['build.ts', 'archive.ts']) {
    hash.update(await fs.readFile(path.join(import.meta.dirname, source)));
  }
  const file = path.join(CACHE, 'images', `${name}-${hash.digest('hex').slice(0, 12)}.tar`);
  if (existsSync(file)) return file;
  await fs.mkdir(path.dirname(file), { recursive: true });
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-rootfs-'));
  await fs.chmod(work, 0o755);
  try {
    await step(`making the image ${name}`, () => make(file, work));
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
  return file;
}

if (import.meta.main) console.log(await nodeArchive(), await busyboxArchive());
