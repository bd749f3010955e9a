/**
 * `podline worker --pool NAME`: a warm worker, until SIGTERM or Ctrl-C; then it drains and exits with 0. Needs the
 * connection strings of the roles of pools and of workers; from the owner's both follow.
 */
import path from 'node:path';
import { type Config, poolDatabaseUrl, workerDatabaseUrl } from '../config.ts';
import { openPool } from '../database/pool.ts';
import { queueDepth } from '../database/queries/queueDepth.ts';
import { PoolWorker } from '../executors/pool/poolWorker.ts';
import { openLog } from '../observe/log.ts';
import { VERSION } from '../version.ts';
import { EXIT } from './exit.ts';
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
  const urls = await urlsOf(session, config);
  if (showDepth === true) return printDepth(session, urls.pool, pool);

  const wanted = slots ?? config.slots;
  if (wanted === 0) throw usage('A worker needs slots: give --slots.', 'worker');
  if (manifest !== undefined) {
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
  const signal = session.stopSignal();
  const log = openLog(config.logLevel);
  const warm = new PoolWorker({
    poolUrl: urls.pool,
    workerUrl: urls.worker,
    pool,
    slots: wanted,
    host: config.host,
    bundleCache: path.join(config.home, 'bundles'),
    connectionsFile: path.join(config.home, 'connections.json'),
    version: VERSION,
    log,
    ...(config.healthFile !== null && { healthFile: config.healthFile }),
  });
  await warm.open();
  log.info({ pool, slots: wanted, worker: warm.workerId, pid: process.pid }, 'worker started');
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  log.info({ drainSeconds: config.drainSeconds }, 'worker stopping');
  await warm.stop(config.drainSeconds);
  log.info({}, 'worker stopped');
  return EXIT.ok;
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
