/**
 * Takes queued instances for one executor: each gets an attempt with a launch token of its own (a sensor
 * that looks again keeps its attempt). Index: ti_queued. SKIP LOCKED shares the work between processes; it
 * also passes over a sensor whose attempt somebody is ending, because attempts are locked before instances.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Transaction } from '../pool.ts';
import { launchToken } from '../roles.ts';

const SQL = `
WITH picked AS MATERIALIZED (
  SELECT t.place, row_number() OVER (ORDER BY t.priority DESC, t.id) AS position
    FROM (SELECT ctid AS place, id, priority FROM podline.task_instance q
           WHERE state = 'queued' AND executor = $1
             AND (q.attempt_id IS NULL
                  OR EXISTS (SELECT FROM podline.attempt a WHERE a.id = q.attempt_id FOR NO KEY UPDATE SKIP LOCKED))
           ORDER BY priority DESC, id LIMIT cardinality($3::bytea[]) FOR NO KEY UPDATE SKIP LOCKED) t
), moved AS (
  UPDATE podline.task_instance t
     SET state = 'launching',
         attempt_id = coalesce(t.attempt_id, nextval('podline.attempt_id_seq')),
         attempts = t.attempts + (t.attempt_id IS NULL)::int
    FROM picked p WHERE p.place = t.ctid
  RETURNING t.id, t.run_id, t.dag_id, t.task_id, t.map_index, t.attempt_id, t.attempts, t.scheduled_at, t.queued_at, p.position
), made AS (
  INSERT INTO podline.attempt (id, instance_id, run_id, number, executor, worker_id, token_hash, nonce, scheduled_at, queued_at)
  OVERRIDING SYSTEM VALUE
  SELECT m.attempt_id, m.id, m.run_id, m.attempts, $1, $2, ($3::bytea[])[m.position], ($4::bytea[])[m.position],
         m.scheduled_at, m.queued_at
    FROM moved m
  ON CONFLICT (id) DO UPDATE
     SET state = 'launching', looks = podline.attempt.looks + 1, token_hash = excluded.token_hash, nonce = excluded.nonce,
         worker_id = excluded.worker_id, secret_hash = NULL, gone_at = NULL, outcome = NULL,
         launched_at = podline.now()
)
SELECT m.attempt_id, m.run_id, m.dag_id, m.task_id, m.map_index, m.attempts AS number, m.position,
       (SELECT v.bundle_id FROM podline.dag_version v
         WHERE v.id = (SELECT r.version_id FROM podline.run r WHERE r.id = m.run_id)) AS bundle_id
  FROM moved m`;

/** Tokens cost 2 us each, used or not. */
export const MOST_LAUNCHES = 128;

export interface Launch {
  attemptId: number;
  runId: number;
  dagId: string;
  taskId: string;
  mapIndex: number;
  number: number;
  /** Code that the attempt may need: a warm process that has it loaded is preferred. */
  bundleId: string | null;
  /** The worker that it was given to. */
  workerId: string;
  /** Known only to the process that launches and to the worker it starts. */
  token: Buffer;
}

interface Row {
  attempt_id: number;
  run_id: number;
  dag_id: string;
  task_id: string;
  map_index: number;
  number: number;
  position: number;
  bundle_id: string | null;
}

export async function launchAttempts(
  transaction: Transaction,
  executor: string,
  workerId: string,
  limit: number,
  launchKey?: Buffer,
): Promise<Launch[]> {
  const bytes = randomBytes(32 * Math.min(limit, MOST_LAUNCHES));
  const random = Array.from({ length: bytes.length / 32 }, (_, at) =>
    bytes.subarray(32 * at, 32 * at + 32),
  );
  const tokens = launchKey ? random.map((nonce) => launchToken(launchKey, nonce)) : random;
  const { rows } = await transaction.query<Row>({
    name: 'launch_attempts',
    text: SQL,
    values: [executor, workerId, tokens.map(sha256), launchKey ? random : null],
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
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
