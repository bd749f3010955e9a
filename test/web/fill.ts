/** Years of use in a test database: DAGs with old runs, their task instances and attempts, a few of them open or failed. */
import { bash, dag } from 'podline/dag';
import type { Database } from '../../runtime/database/pool.ts';
import { registerValues } from './registerValues.ts';

export interface Size {
  dags: number;
  runs: number;
  tasks: number;
}

export async function fill(database: Database, { dags, runs, tasks }: Size): Promise<void> {
  const values = Array.from({ length: dags }, (_, i) =>
    dag(`dag-${i}`, { tags: [`team-${i % 10}`] }, (d) => {
      const first = d.task('t0', bash({ script: 'true' }));
      for (let n = 1; n < tasks; n++) d.task(`t${n}`, bash({ script: 'true' }), { after: first });
    }),
  );
  await registerValues(database, '/dags', values);
  // One run an hour, the newest an hour ago; every fiftieth failed.
  await database.query(
    `WITH r AS (
       INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date, created_at, started_at, ended_at)
       SELECT d.dag_id, 'run-' || i, d.version_id, 'manual', CASE WHEN i % 50 = 1 THEN 'failed' ELSE 'success' END,
              x.at, x.at, x.at + interval '1 second', x.at + interval '1 minute'
         FROM generate_series(1, $1::int) i
        CROSS JOIN LATERAL (SELECT now() - ($1 - i + 1) * interval '1 hour' AS at) x
        CROSS JOIN podline.dag d
       RETURNING id, dag_id, state, created_at
     ), t AS (
       INSERT INTO podline.task_instance (run_id, dag_id, task_id, state, pool, executor, attempts, tries_used,
                                          scheduled_at, queued_at, started_at, ended_at)
       SELECT r.id, r.dag_id, 't' || n, r.state, 'default_pool', 'local', 1, 1,
              r.created_at, r.created_at, r.created_at, r.created_at + interval '1 minute'
         FROM r, generate_series(0, $2::int - 1) n RETURNING id, run_id, state, started_at, ended_at)
     INSERT INTO podline.attempt (instance_id, run_id, number, state, executor, launched_at, claimed_at, ended_at, gone_at)
     SELECT id, run_id, 1, state, 'local', started_at, started_at, ended_at, ended_at FROM t`,
    [runs, tasks],
  );
  await database.query('ANALYZE');
}

/** Open runs with a task at work each, made last. */
export async function open(database: Database, count: number): Promise<void> {
  await database.query(
    `WITH r AS (
       INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, started_at)
       SELECT d.dag_id, 'open', d.version_id, 'manual', 'running', now() FROM podline.dag d ORDER BY d.dag_id LIMIT $1
       RETURNING id, dag_id
     ), t AS (
       INSERT INTO podline.task_instance (run_id, dag_id, task_id, state, pool, executor, attempts, started_at)
       SELECT r.id, r.dag_id, 't0', 'running', 'default_pool', 'local', 1, now() FROM r RETURNING id, run_id)
     INSERT INTO podline.attempt (instance_id, run_id, number, state, executor, claimed_at)
     SELECT id, run_id, 1, 'running', 'local', now() FROM t`,
    [count],
  );
}

/** A log of an attempt, as chunks of 16 KB. */
export async function writeLog(
  database: Database,
  attemptId: number,
  bytes: number,
): Promise<void> {
  const line = `${'0123456789abcdef'.repeat(4).slice(0, 63)}\n`;
  await database.query(
    `INSERT INTO podline.log_chunk (attempt_id, seq, content)
     SELECT $1, n, convert_to(repeat($2, 256), 'UTF8') FROM generate_series(0, $3::int / 16384 - 1) n`,
    [attemptId, line, bytes],
  );
}

/** Short logs of many attempts. */
export async function writeLogs(database: Database): Promise<void> {
  await database.query(
    `INSERT INTO podline.log_chunk (attempt_id, seq, content)
     SELECT a.id, 0, 'fine' FROM podline.attempt a ORDER BY a.id DESC LIMIT 100000`,
  );
}
