/**
 * Databases for tests: one embedded server a process, one migrated template, a fresh copy a test
 * file (30 ms). Used by the project's tests and by `podline/testing`.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedServer, startEmbedded } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import { type Database, openClient, openPool } from '../database/pool.ts';
import { workerUrl } from '../../src/model/databaseRoles.ts';

export interface TestDatabase {
  /** Connection string of the owner. */
  url: string;
  /** Connection string of the least-privilege worker role. */
  workerUrl: string;
  pool: Database;
  /** The server, for tests that stop and start it. */
  server: EmbeddedServer;
  drop(): Promise<void>;
}

type Shared = { server: EmbeddedServer; template: string };

const shared: { closed?: Promise<Shared>; open?: Promise<Shared> } = {};
let count = 0;

/** A new migrated database on a server of this process. `open`: one that pods reach, too. */
export async function testDatabase(options: { open?: boolean } = {}): Promise<TestDatabase> {
  const { server, template } = await (shared[options.open ? 'open' : 'closed'] ??= startShared(
    options.open ?? false,
  ));
  const name = `test_${process.pid}_${++count}`;
  const admin = await openClient(withDatabase(server.url, 'postgres'), 'podline-test');
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  await admin.end();
  const url = withDatabase(server.url, name);
  await migrate(url); // makes the worker role of this database
  const pool = openPool(url, { applicationName: name, hot: true });
  return {
    url,
    workerUrl: workerUrl(url),
    pool,
    server,
    async drop() {
      await pool.end();
      const client = await openClient(withDatabase(server.url, 'postgres'), 'podline-test');
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.end();
    },
  };
}

/** A server of its own, for tests that kill it. The caller stops it. */
export async function testServer(
  options: { open?: boolean } = {},
): Promise<{ server: EmbeddedServer; folder: string }> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-test-'));
  await fs.chmod(folder, 0o755);
  return { server: await startEmbedded({ folder, unsafe: true, ...options }), folder };
}

async function startShared(open: boolean): Promise<Shared> {
  await sweep();
  const { server, folder } = await testServer({ open });
  await fs.writeFile(path.join(folder, 'owner'), String(process.pid));
  const stop = once(async () => {
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  });
  process.once('beforeExit', () => void stop());
  // `exit` cannot wait: the next test process sweeps what a killed one left behind.
  process.once('exit', () => {
    killServer(server.dataFolder);
  });
  await migrate(server.url);
  return { server, template: 'podline' };
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

/** Stops servers whose test process is gone. */
async function sweep(): Promise<void> {
  const root = os.tmpdir();
  for (const name of await fs.readdir(root)) {
    if (!name.startsWith('podline-test-')) continue;
    const folder = path.join(root, name);
    const owner = Number(await fs.readFile(path.join(folder, 'owner'), 'utf8').catch(() => '0'));
    if (owner === 0 || isAlive(owner)) continue;
    killServer(path.join(folder, 'postgres', 'data'));
    await fs.rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

function killServer(dataFolder: string): void {
  try {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const pid = Number(
      readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    if (pid > 1) process.kill(pid, 'SIGQUIT');
  } catch {
    // Already gone.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
