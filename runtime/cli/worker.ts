/**
 * `podline worker --pool NAME`: a warm worker, until SIGTERM or Ctrl-C; then it drains and exits with 0. Needs the
 * connection strings of the roles of pools and of workers; from the owner's both follow.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Config, poolDatabaseUrl, workerDatabaseUrl } from '../config.ts';
import { openPool } from '../database/pool.ts';
import { queueDepth } from '../database/queries/queueDepth.ts';
import { checkPoolDatabase } from '../executors/pool/poolBoard.ts';
import { PoolWorker } from '../executors/pool/poolWorker.ts';
import type { HealthServer } from '../observe/healthServer.ts';
import { openLog } from '../observe/log.ts';
import { workerProblem } from '../observe/workerLife.ts';
import { VERSION } from '../version.ts';
import { EXIT } from './exit.ts';
import { openHealth, untilStopped, whenThere } from './health.ts';
import { usage } from './input.ts';
import { poolManifest } from './poolManifest.ts';
import type { Session } from './session.ts';

interface Options {
  pool: string;
  slots?: number;
  showDepth?: boolean;
  /** Image of the Deployment. */
  manifest?: string;
  databaseAddress?: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export async function worker(
  session: Session,
  _args: readonly [],
  { pool, slots, showDepth, manifest, databaseAddress }: Options,
): Promise<number> {
  if (!NAME.test(pool)) {
    throw usage(
      `--pool is the NAME of \`executor: 'pool:NAME'\`, not ${JSON.stringify(pool)}.`,
      'worker',
    );
  }
  const { config } = session;
  if (showDepth === true) return printDepth(session, (await urlsOf(session, config)).pool, pool);

  const wanted = slots ?? config.slots;
  if (wanted === 0) throw usage('A worker needs slots: give --slots.', 'worker');
  if (manifest !== undefined) {
    const urls = await urlsOf(session, config);
    const list = poolManifest({
      pool,
      image: manifest,
      slots: slots ?? 4,
      drainSeconds: config.drainSeconds,
      poolUrl: reachedAt(urls.pool, databaseAddress),
      workerUrl: reachedAt(urls.worker, databaseAddress),
    });
    session.output.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.ok;
  }
  await work(session, pool, wanted);
  return EXIT.ok;
}

async function work(session: Session, pool: string, slots: number): Promise<void> {
  const { config } = session;
  const signal = session.stopSignal();
  const log = openLog(config.logLevel);
  const beat = beatFile(config);
  const health = await openHealth(config.healthPort, {
    kind: 'worker',
    log,
    alive: ({ readiness }) => workerProblem(beat, readiness),
  });
  try {
    if (health) await fs.mkdir(path.dirname(beat), { recursive: true });
    const opened = await whenThere(health, signal, log, async () => {
      const urls = await urlsOf(session, config);
      const warm = new PoolWorker({
        poolUrl: urls.pool,
        workerUrl: urls.worker,
        pool,
        slots,
        host: config.host,
        bundleCache: path.join(config.home, 'bundles'),
        connectionsFile: path.join(config.home, 'connections.json'),
        version: VERSION,
        log,
        ...((health || config.healthFile !== null) && { healthFile: beat }),
      });
      await warm.open();
      return { warm, urls };
    });
    if (!opened) return;
    const { warm, urls } = opened;
    if (health) await measure(health, pool, urls.pool, beat, slots);
    log.info({ pool, slots, worker: warm.workerId, pid: process.pid }, 'worker started');
    await untilStopped(signal);
    health?.readiness.stopping();
    log.info({ drainSeconds: config.drainSeconds }, 'worker stopping');
    await warm.stop(config.drainSeconds);
    log.info({}, 'worker stopped');
  } finally {
    await health?.close();
  }
}

/** Touched with every good beat. */
function beatFile({ healthFile, home }: Config): string {
  return healthFile ?? path.join(home, `worker-${process.pid}.beat`);
}

async function measure(
  health: HealthServer,
  pool: string,
  url: string,
  beat: string,
  slots: number,
): Promise<void> {
  const { workerMetrics } = await import('../observe/workerMetrics.ts');
  const database = health.database(url);
  workerMetrics(health.metrics, database, { pool, slots, beat });
  health.readiness.started(() => checkPoolDatabase(database, url));
}

/** The owner's connection string is not needed where both others are given. */
async function urlsOf(session: Session, config: Config): Promise<{ pool: string; worker: string }> {
  const { poolDatabaseUrl: pool, workerDatabaseUrl: worker } = config;
  if (pool !== null && worker !== null) return { pool, worker };
  if (pool !== null && config.databaseUrl === null) {
    throw usage('PODLINE_POOL_DATABASE_URL needs PODLINE_WORKER_DATABASE_URL beside it.', 'worker');
  }
  const { url } = await session.open();
  return { pool: poolDatabaseUrl(config, url), worker: workerDatabaseUrl(config, url) };
}

/** The same role and database, at the address that pods reach. */
function reachedAt(url: string, address: string | undefined): string {
  if (address === undefined) return url;
  const parsed = URL.canParse(`postgresql://${address}`) && new URL(`postgresql://${address}`);
  if (!parsed || parsed.host !== address || parsed.hostname === '') {
    throw usage(`${address} is no host:port.`, 'worker');
  }
  const reached = new URL(url);
  reached.host = parsed.host;
  return reached.href;
}

async function printDepth(session: Session, url: string, pool: string): Promise<number> {
  const database = openPool(url, { max: 1, applicationName: 'podline' });
  try {
    const depth = await queueDepth(database, pool);
    if (session.output.json) session.output.printJson({ pool, depth });
    else session.output.print(String(depth));
    return EXIT.ok;
  } finally {
    await database.end();
  }
}
