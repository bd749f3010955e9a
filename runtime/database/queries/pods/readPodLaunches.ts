/**
 * What pods of some attempts need to be made, and how far these attempts are: one statement for all that a
 * tick launched, or that were taken over. By primary keys; the assignment is read for direct pods alone, because
 * nobody claims them.
 */
import type { JsonObject, PlanTask } from '../../../../src/plan/plan.ts';
import type { PodLaunch } from '../../../pods/podLaunch.ts';
import type { Assignment } from '../../../worker/assignment.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT a.id, a.looks, a.number, a.state, a.gone_at IS NOT NULL AS gone, a.worker_id, a.nonce, a.facts,
       extract(epoch FROM podline.now() - a.launched_at)::float8 AS launched_seconds,
       extract(epoch FROM podline.now() - a.claimed_at)::float8 AS claimed_seconds,
       r.run_id, r.version_id, t.dag_id, t.task_id, t.map_index, p.spec,
       CASE WHEN a.state || '' = 'launching' AND p.spec ->> 'operator' = 'pod'
                 AND coalesce(p.spec #>> '{config,launch}', 'direct') = 'direct'
            THEN podline.assignment_of(a.id) END AS assignment
  FROM podline.attempt a
  JOIN podline.task_instance t ON t.id = a.instance_id
  JOIN podline.run r ON r.id = a.run_id
  LEFT JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
 WHERE a.id = ANY($1::bigint[])`;

interface Row {
  id: number;
  looks: number;
  number: number;
  state: string;
  gone: boolean;
  worker_id: string | null;
  nonce: Buffer | null;
  facts: JsonObject | null;
  launched_seconds: number;
  claimed_seconds: number | null;
  run_id: string;
  version_id: number;
  dag_id: string;
  task_id: string;
  map_index: number;
  spec: PlanTask | null;
  assignment: Assignment | null;
}

export interface PodAttempt {
  attemptId: number;
  look: number;
  state: 'launching' | 'running' | 'ended';
  gone: boolean;
  workerId: string | null;
  facts: JsonObject;
  launchedSeconds: number;
  claimedSeconds: number | null;
  /** Equal for attempts that share their plan task: 10,000 mapped tasks need one copy. */
  taskKey: string;
  /** Null: its task is not in the version that the run is on now. */
  launch: PodLaunch | null;
}

export async function readPodLaunches(
  database: Queryable,
  attemptIds: number[],
): Promise<PodAttempt[]> {
  const { rows } = await database.query<Row>({
    name: 'read_pod_launches',
    text: SQL,
    values: [attemptIds],
  });
  return rows.map((row) => ({
    attemptId: row.id,
    look: row.looks,
    state: row.state === 'launching' || row.state === 'running' ? row.state : 'ended',
    gone: row.gone,
    workerId: row.worker_id,
    facts: row.facts ?? {},
    launchedSeconds: row.launched_seconds,
    claimedSeconds: row.claimed_seconds,
    taskKey: `${row.version_id}/${row.task_id}`,
    launch: row.spec && {
      attemptId: row.id,
      look: row.looks,
      number: row.number,
      runId: row.run_id,
      dagId: row.dag_id,
      taskId: row.task_id,
      mapIndex: row.map_index,
      nonce: row.nonce ?? Buffer.alloc(0),
      task: row.spec,
      assignment: row.assignment,
    },
  }));
}
