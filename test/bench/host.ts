/**
 * What every benchmark needs: an own PostgreSQL with the settings that users get (durable), registered DAGs,
 * runs, and waiting for their end. Nothing here is measured.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { type EmbeddedServer, startEmbedded } from '../../runtime/database/embedded.ts';
import { migrate } from '../../runtime/database/migrate.ts';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import { registerDag, registerDags } from '../../runtime/register/registerDags.ts';

export interface Host {
  server: EmbeddedServer;
  database: Database;
  folder: string;
  close(): Promise<void>;
}

/** `open`: pods reach the database, too. */
export async function openHost(options: { open?: boolean } = {}): Promise<Host> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-bench-'));
  await fs.chmod(folder, 0o755);
  const server = await startEmbedded({ folder, ...options });
  await migrate(server.url);
  const database = openPool(server.url, { applicationName: 'bench', hot: true });
  await database.query('UPDATE podline.pool SET slots = 1000000');
  return {
    server,
    database,
    folder,
    async close() {
      await database.end();
      await server.stop();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

/** Registers DAG values without code of their own. */
export async function register(host: Host, ...dags: object[]): Promise<number> {
  let tasks = 0;
  for (const value of dags) {
    const plan = compile(value);
    tasks += plan.tasks.length;
    const built = { plan, hash: versionHash(plan, null), source: `${plan.dagId}.ts`, bundle: null };
    await registerDag(host.database, built, 'local');
  }
  return tasks;
}

/** Builds and registers the DAG files of a folder, as users do. */
export async function registerFolder(host: Host, source: string): Promise<void> {
  const folder = path.join(host.folder, 'dags');
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(folder, 'bench.ts'), source);
  const built = await buildFolder(folder);
  if (built.errors.length > 0) throw new Error(JSON.stringify(built.errors));
  await registerDags(host.database, built);
}

let count = 0;

export async function trigger(host: Host, dagId: string): Promise<number> {
  const { id } = await triggerRun(host.database, dagId, { runId: `bench-${++count}` });
  return id;
}

/**
 * Resolves when no run of the host is queued or running; throws when one failed. What is asked over and over
 * is two looks into partial indexes, so that asking is not measured.
 */
export async function allEnded(host: Host): Promise<void> {
  for (;;) {
    const { rows } = await host.database.query<{ open: boolean }>(
      `SELECT EXISTS (SELECT FROM podline.run WHERE state = 'running')
           OR EXISTS (SELECT FROM podline.run WHERE state = 'queued') AS open`,
    );
    if (rows[0]?.open === false) break;
    await sleep(20);
  }
  const failed = await host.database.query(
    `SELECT FROM podline.run WHERE state = 'failed' AND run_id LIKE 'bench-%' LIMIT 1`,
  );
  if (failed.rowCount !== 0) throw new Error('a run of the benchmark failed');
}
