/** Adds the instances of mapped tasks, in the state they start with. Fills in their ids. */
import type { Transaction } from '../pool.ts';
import type { Instance } from '../../scheduler/liveRun.ts';

const SQL = `
INSERT INTO podline.task_instance
  (run_id, dag_id, task_id, map_index, state, cause, pool, pool_slots, priority, executor, max_tries, cap_dag, cap_run,
   tries_used, not_before, first_look_at, scheduled_at, ended_at)
SELECT r.id, r.dag_id, p.task_id, x.map_index, x.state, x.cause, p.pool, p.pool_slots, p.priority, podline.executor_of(p.executor), p.max_tries,
       p.cap_dag, p.cap_run, x.tries_used,
       coalesce(x.at, podline.now() + make_interval(secs => x.delay)),
       CASE WHEN x.state = 'deferred' THEN podline.now() END,
       CASE WHEN x.state = 'scheduled' THEN podline.now() END,
       CASE WHEN x.state IN ('success', 'failed', 'skipped', 'upstream_failed', 'removed') THEN podline.now() END
  FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::int[], $7::timestamptz[], $8::float8[])
       WITH ORDINALITY AS x(task_id, map_index, state, cause, tries_used, at, delay, position)
  JOIN podline.run r ON r.id = $1
  JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = x.task_id
 ORDER BY x.position
RETURNING id, task_id, map_index`;

export async function insertInstances(
  transaction: Transaction,
  runId: number,
  instances: Instance[],
): Promise<void> {
  const { rows } = await transaction.query<{ id: number; task_id: string; map_index: number }>({
    name: 'insert_instances',
    text: SQL,
    values: [
      runId,
      instances.map(({ taskId }) => taskId),
      instances.map(({ mapIndex }) => mapIndex),
      instances.map(({ state }) => state),
      instances.map(({ first }) => first?.cause ?? null),
      instances.map(({ triesUsed }) => triesUsed),
      instances.map(({ first }) => first?.at ?? null),
      instances.map(({ first }) => first?.delay ?? null),
    ],
  });
  const ids = new Map(rows.map((row) => [`${row.task_id} ${row.map_index}`, row.id]));
  for (const instance of instances) {
    const id = ids.get(`${instance.taskId} ${instance.mapIndex}`);
    if (id === undefined) throw new Error(`instance of ${instance.taskId} was not inserted`);
    instance.id = id;
    delete instance.first;
  }
}
