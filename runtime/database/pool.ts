/**
 * Opens connection pools and names the types that queries take. Every process of the runtime calls
 * openPool once a role; queries receive a `Database` (pool) or a `Transaction` (one client).
 */
import pg from 'pg';
import { PodlineError } from '../../src/errors.ts';

export type Database = pg.Pool;
export type Transaction = pg.PoolClient;
/** What a single statement needs: a pool or a client. */
export type Queryable = Pick<pg.Pool, 'query'>;

const INT8 = 20;
const CONNECT_MS = 10_000;

/** Row ids fit in a double for the next 285 years at a million a second. */
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, Number);

/**
 * For the sessions of schedulers and workers: every hot query has its index, and statistics are taken when
 * queue tables are empty, so the planner must neither read whole tables, nor merge by reading a whole index,
 * nor plan the same statement again (1-2 ms each), nor compile it. Not for people's queries.
 */
export const HOT_SETTINGS: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_mergejoin: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
};

const HOT_OPTIONS = Object.entries(HOT_SETTINGS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

const LOOKING_OPTIONS = '-c plan_cache_mode=force_custom_plan -c jit=off';

export interface PoolOptions {
  max?: number;
  applicationName?: string;
  /** Sessions for the hot queries (HOT_SETTINGS). Needs a direct connection, no transaction pooler. */
  hot?: boolean;
  /** Sessions for questions of people: each is planned for what it asks, so that partial indexes serve filters. */
  looking?: boolean;
  /** Most that a connection or an answer may take: for questions whose answer is worth nothing later. */
  patienceMs?: number;
}

export function openPool(url: string, options: PoolOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'podline',
    ...(options.hot && { options: HOT_OPTIONS }),
    ...(options.looking && { options: LOOKING_OPTIONS }),
    types,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: options.patienceMs ?? CONNECT_MS,
    ...(options.patienceMs !== undefined && { query_timeout: options.patienceMs }),
    keepAlive: true,
  });
  // An idle client that loses its server must not end the process; the next query reconnects.
  pool.on('error', () => {});
  // Nor one that is taken and between two statements: the pool listens to idle ones only.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** One client outside any pool, for LISTEN and session locks. */
export async function openClient(url: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Runs `work` in one transaction; rolls back and rethrows on any error. */
export async function inTransaction<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const client = await database.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : new Error(String(failure));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Errors after which the same transaction may be run again: lost connections, restarts, deadlocks. */
const UNREACHABLE = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ECONNABORTED'],
]);

export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: string }).code;
  if (code === undefined) return /terminated|timeout|Connection/i.test(error.message);
  return (
    // 25006: a standby answers, which is about to take over.
    /^(08|57P|53|40|25006)/.test(code) || UNREACHABLE.has(code)
  );
}

/** The connection string without its password, for people. */
export function describeUrl(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`;
  } catch {
    return 'the given DATABASE_URL';
  }
}

export function unreachable(url: string, error: unknown): PodlineError {
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return new PodlineError(
    'database.unreachable',
    { where: describeUrl(url), reason },
    { cause: error },
  );
}
