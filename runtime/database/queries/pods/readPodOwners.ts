/** How far the attempts of pods are that this process is not in charge of, to find pods that nobody wants. By primary key. */
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT a.id, a.looks, a.worker_id, a.state IN ('launching', 'running') AS live, a.gone_at IS NOT NULL AS gone,
       extract(epoch FROM podline.now() - coalesce(a.gone_at, a.ended_at))::float8 AS over_seconds,
       EXISTS (SELECT FROM podline.worker w WHERE w.id = a.worker_id AND w.stopped_at IS NULL
                  AND w.heartbeat_at > clock_timestamp() - interval '10 seconds') AS attended,
       (SELECT p.spec #>> '{config,keepPod}' FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id
          JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
         WHERE t.id = a.instance_id AND p.spec ->> 'operator' = 'pod') AS keep
  FROM podline.attempt a WHERE a.id = ANY($1::bigint[])`;

export interface PodOwner {
  look: number;
  workerId: string | null;
  live: boolean;
  gone: boolean;
  overSeconds: number;
  /** The process in charge is alive. */
  attended: boolean;
  /** What the task says about its pods. */
  keepPod: string | undefined;
}

export async function readPodOwners(
  database: Queryable,
  attemptIds: number[],
): Promise<Map<number, PodOwner>> {
  const { rows } = await database.query<{
    id: number;
    looks: number;
    worker_id: string | null;
    live: boolean;
    gone: boolean;
    over_seconds: number | null;
    attended: boolean;
    keep: string | null;
  }>({ name: 'read_pod_owners', text: SQL, values: [attemptIds] });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        look: row.looks,
        workerId: row.worker_id,
        live: row.live,
        gone: row.gone,
        overSeconds: row.over_seconds ?? 0,
        attended: row.attended,
        keepPod: row.keep ?? undefined,
      },
    ]),
  );
}
