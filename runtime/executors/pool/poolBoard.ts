/**
 * What a pool worker asks of the database: the functions of schema `pool`, called as a role that may do nothing
 * else. Each registration has a secret of its own; the database keeps its hash. Used by poolWorker.ts.
 */
import { createHash, randomBytes } from 'node:crypto';
import { PodlineError } from '../../../src/errors.ts';
import { checkFound, latestVersion } from '../../database/migrate.ts';
import { describeUrl, type Database } from '../../database/pool.ts';
import { type Launch, MOST_LAUNCHES } from '../../database/queries/launchAttempts.ts';
import type { Beat } from '../../database/queries/workers.ts';
import type { WorkerBoard } from '../../worker/session.ts';

export interface PoolBoard extends WorkerBoard {
  /** Takes queued tasks of the pool, at most as many as `limit`; each comes with a launch token. */
  take(workerId: string, limit: number): Promise<Launch[]>;
}

interface BeatRow {
  alive: boolean;
  unwanted: (number | string)[] | null;
  expected: (number | string)[] | null;
  waiting: boolean | null;
}

interface TakenRow {
  attempt_id: number;
  run_id: number;
  dag_id: string;
  task_id: string;
  map_index: number;
  number: number;
  position: number;
  bundle_id: string | null;
}

export function poolBoard(database: Database, pool: string): PoolBoard {
  let secret = Buffer.alloc(32);
  return {
    async register(worker) {
      const fresh = randomBytes(32);
      const { id, host, pid, lockKey, slots, version } = worker;
      await database.query('SELECT pool.register($1, $2, $3, $4, $5, $6, $7, $8)', [
        ...[id, sha256(fresh), pool, host, pid, lockKey, slots, version],
      ]);
      secret = fresh;
    },

    async beat(workerId): Promise<Beat> {
      const { rows } = await database.query<BeatRow>({
        name: 'pool_beat',
        text: 'SELECT * FROM pool.beat($1, $2)',
        values: [workerId, secret],
      });
      return {
        alive: rows[0]?.alive ?? false,
        unwanted: (rows[0]?.unwanted ?? []).map(Number),
        expected: (rows[0]?.expected ?? []).map(Number),
        waiting: rows[0]?.waiting ?? false,
      };
    },

    async take(workerId, limit) {
      const bytes = randomBytes(32 * Math.min(limit, MOST_LAUNCHES));
      const tokens = Array.from({ length: bytes.length / 32 }, (_, at) =>
        bytes.subarray(32 * at, 32 * at + 32),
      );
      const { rows } = await database.query<TakenRow>({
        name: 'pool_take',
        text: 'SELECT * FROM pool.take($1, $2, $3)',
        values: [workerId, secret, tokens.map(sha256)],
      });
      return rows.map((row) => ({
        attemptId: row.attempt_id,
        runId: row.run_id,
        dagId: row.dag_id,
        taskId: row.task_id,
        mapIndex: row.map_index,
        number: row.number,
        bundleId: row.bundle_id,
        workerId,
        token: tokens[row.position - 1] ?? Buffer.alloc(0),
      }));
    },

    async markGone(workerId, attemptIds) {
      await database.query('SELECT pool.gone($1, $2, $3)', [workerId, secret, attemptIds]);
    },

    async endAttempts(workerId, ends) {
      await database.query('SELECT pool.ended($1, $2, $3, $4, $5)', [
        workerId,
        secret,
        ends.map(({ attemptId }) => attemptId),
        ends.map(({ cause }) => cause),
        ends.map(({ message }) => message),
      ]);
    },

    async unregister(workerId) {
      await database.query('SELECT pool.leave($1, $2)', [workerId, secret]);
    },
  };
}

/** Schema or function that is not there, or not allowed: an older database. */
const OLDER = new Set(['3F000', '42883', '42501']);

/** Refuses a database that this code does not know, or that does not let this role in. */
export async function checkPoolDatabase(database: Database, url: string): Promise<void> {
  try {
    const { rows } = await database.query<{ found: string | null }>(
      'SELECT pool.version() AS found',
    );
    await checkFound(rows[0]?.found ?? 'nothing');
  } catch (error) {
    if (error instanceof PodlineError) throw error;
    const { code, message } = error as { code?: string; message: string };
    if (code !== undefined && OLDER.has(code)) {
      const needed = await latestVersion();
      throw new PodlineError('database.not_migrated', { found: 'an older version', needed });
    }
    const values = { where: describeUrl(url), reason: message };
    throw new PodlineError('database.unreachable', values, { cause: error });
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
