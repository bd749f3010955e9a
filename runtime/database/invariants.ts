/**
 * The invariants that Podline promises, as SQL checks. Run by `podline db check` and after every engine test.
 * Each query returns the rows that break it; an empty answer is a pass. docs/invariants.md explains them.
 */
import type { Queryable } from './pool.ts';

export interface Violation {
  invariant: string;
  says: string;
  rows: Record<string, unknown>[];
}

const TERMINAL = `('success', 'failed', 'skipped', 'upstream_failed', 'removed')`;
const HOLDING = `('queued', 'launching', 'running')`;

export const INVARIANTS: readonly { id: string; says: string; sql: string }[] = [
  {
    id: 'I1',
    says: 'A finished run has only finished task instances, and a finished instance has an end.',
    sql: `SELECT t.id, t.task_id, t.state, r.state AS run_state FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id
           WHERE (r.state IN ('success', 'failed') AND t.state NOT IN ${TERMINAL})
              OR (t.state IN ${TERMINAL} AND t.ended_at IS NULL)`,
  },
  {
    id: 'I2',
    says: 'An attempt that ended has one terminal record with an end time and no open token.',
    sql: `SELECT id, state FROM podline.attempt
           WHERE state IN ('success', 'failed', 'skipped') AND (ended_at IS NULL OR token_hash IS NOT NULL)`,
  },
  {
    id: 'I3',
    says: 'Attempt numbers of an instance are dense, 1 to n.',
    sql: `SELECT instance_id, count(*), max(number) FROM podline.attempt GROUP BY instance_id
          HAVING count(*) <> max(number) OR min(number) <> 1
          UNION ALL
          SELECT t.id, t.attempts, count(a.id) FROM podline.task_instance t LEFT JOIN podline.attempt a ON a.instance_id = t.id
           GROUP BY t.id, t.attempts HAVING count(a.id) <> t.attempts`,
  },
  {
    id: 'I4',
    says: 'A task with rule all_success started only after every upstream instance had succeeded.',
    sql: `SELECT t.id, t.task_id, u.task_id AS upstream, u.state
            FROM podline.task_instance t
            JOIN podline.run r ON r.id = t.run_id
            JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
            JOIN podline.task_instance u ON u.run_id = t.run_id AND u.task_id IN (SELECT jsonb_array_elements_text(p.spec -> 'upstream'))
           WHERE p.spec ->> 'triggerRule' = 'all_success' AND t.epoch = 0 AND u.epoch = 0 AND u.cause IS DISTINCT FROM 'marked'
             AND t.attempts > 0 AND u.state <> 'removed'
             AND (u.state <> 'success' OR u.ended_at > t.scheduled_at)
             -- a clear may move the run to a version with other edges than those the task started under
             AND (NOT EXISTS (SELECT FROM podline.task_instance c WHERE c.run_id = t.run_id AND c.epoch > 0)
                  OR NOT EXISTS (SELECT FROM podline.dag_version v WHERE v.dag_id = r.dag_id AND v.id <> r.version_id))`,
  },
  {
    id: 'I6',
    says: 'At most one attempt of an instance may write, and it is the one the instance names.',
    sql: `SELECT a.instance_id, count(*) FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
           WHERE a.state IN ('launching', 'running', 'waiting')
           GROUP BY a.instance_id, t.attempt_id HAVING count(*) > 1 OR max(a.id) IS DISTINCT FROM t.attempt_id`,
  },
  {
    id: 'I7',
    says: 'Pool and DAG counters equal what is held, and no limit is exceeded.',
    sql: `SELECT p.name, p.slots, p.used, coalesce(h.held, 0) AS held FROM podline.pool p
            LEFT JOIN (SELECT pool, sum(pool_slots) AS held FROM podline.task_instance WHERE state IN ${HOLDING} GROUP BY pool) h
              ON h.pool = p.name
           WHERE p.used <> coalesce(h.held, 0)
          UNION ALL
          SELECT l.dag_id, d.max_active_tasks, l.active_tasks, coalesce(h.held, 0) FROM podline.dag_load l
            JOIN podline.dag d USING (dag_id)
            LEFT JOIN (SELECT dag_id, count(*) AS held FROM podline.task_instance WHERE state IN ${HOLDING} GROUP BY dag_id) h
              ON h.dag_id = l.dag_id
           WHERE l.active_tasks <> coalesce(h.held, 0)
          UNION ALL
          SELECT l.dag_id, d.max_active_runs, l.active_runs, coalesce(h.n, 0) FROM podline.dag_load l
            JOIN podline.dag d USING (dag_id)
            LEFT JOIN (SELECT dag_id, count(*) AS n FROM podline.run WHERE state = 'running' AND backfill_id IS NULL GROUP BY dag_id) h
              ON h.dag_id = l.dag_id
           WHERE l.active_runs <> coalesce(h.n, 0)`,
  },
  {
    id: 'I8',
    says: 'A tick of a schedule has one run.',
    sql: `SELECT dag_id, logical_date, count(*) FROM podline.run WHERE kind IN ('scheduled', 'backfill')
           GROUP BY dag_id, logical_date HAVING count(*) > 1`,
  },
  {
    id: 'I9',
    says: 'An instance at work has a live attempt, and a live attempt has an instance at work.',
    sql: `SELECT t.id, t.state, t.attempt_id, a.state AS attempt_state FROM podline.task_instance t
            LEFT JOIN podline.attempt a ON a.id = t.attempt_id
           WHERE t.state IN ('launching', 'running')
             AND (a.id IS NULL OR (a.state NOT IN ('launching', 'running')
                  AND NOT EXISTS (SELECT FROM podline.event e WHERE e.attempt_id = a.id)))
          UNION ALL
          SELECT t.id, t.state, a.id, a.state FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
           WHERE a.state IN ('launching', 'running') AND t.state NOT IN ('launching', 'running')`,
  },
  {
    id: 'I10',
    says: 'Nothing refers to a run, instance or attempt that is not there.',
    sql: `SELECT 'task_instance' AS what, t.id FROM podline.task_instance t WHERE NOT EXISTS (SELECT FROM podline.run r WHERE r.id = t.run_id)
          UNION ALL SELECT 'attempt', a.id FROM podline.attempt a
           WHERE NOT EXISTS (SELECT FROM podline.task_instance t WHERE t.id = a.instance_id)
          UNION ALL SELECT 'event', e.id FROM podline.event e WHERE NOT EXISTS (SELECT FROM podline.run r WHERE r.id = e.run_id)
          UNION ALL SELECT 'xcom', x.run_id FROM podline.xcom x WHERE NOT EXISTS (SELECT FROM podline.run r WHERE r.id = x.run_id)`,
  },
  {
    id: 'I11',
    says: 'Nothing is stuck: waiting instances have a timer or an event, running runs have something to do.',
    sql: `SELECT t.id, t.task_id, t.state FROM podline.task_instance t
           WHERE t.state IN ('up_for_retry', 'up_for_reschedule', 'deferred') AND t.not_before IS NULL
             AND NOT EXISTS (SELECT FROM podline.event e WHERE e.run_id = t.run_id)
          UNION ALL
          SELECT r.id, r.run_id, r.state FROM podline.run r
           WHERE r.state = 'running' AND NOT EXISTS (SELECT FROM podline.event e WHERE e.run_id = r.id)
             AND NOT EXISTS (SELECT FROM podline.task_instance t WHERE t.run_id = r.id AND t.state NOT IN ('none')
                                AND t.state NOT IN ${TERMINAL})
             AND NOT EXISTS (SELECT FROM podline.task_instance t JOIN podline.plan_task p
                                ON p.version_id = r.version_id AND p.task_id = t.task_id
                              WHERE t.run_id = r.id AND t.state = 'none' AND (p.spec ->> 'dependsOnPast')::boolean)`,
  },
];

/** Every broken invariant with up to 20 rows each. */
export async function checkInvariants(database: Queryable): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { id, says, sql } of INVARIANTS) {
    const { rows } = await database.query<Record<string, unknown>>(sql);
    if (rows.length > 0) violations.push({ invariant: id, says, rows: rows.slice(0, 20) });
  }
  return violations;
}
