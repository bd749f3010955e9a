/** What waits for each pool, which DAGs declare which connections, and what the workers have. */
import type { Queryable } from '../../pool.ts';

// Through ti_scheduled; counting stops at 10,000.
const WAITING = `
SELECT pool AS name, count(*)::int AS waiting
  FROM (SELECT t.pool FROM podline.task_instance t WHERE t.state = 'scheduled' LIMIT 10000) w GROUP BY pool`;

export async function readWaiting(database: Queryable): Promise<Map<string, number>> {
  const { rows } = await database.query<{ name: string; waiting: number }>({
    name: 'web_waiting',
    text: WAITING,
  });
  return new Map(rows.map(({ name, waiting }) => [name, waiting]));
}

// Every task of every current version: asked seldom and remembered (api/stores.ts).
const CONNECTIONS = `
SELECT c.id, array_agg(DISTINCT d.dag_id ORDER BY d.dag_id) AS dags
  FROM podline.dag d
  JOIN podline.plan_task p ON p.version_id = d.version_id
 CROSS JOIN LATERAL jsonb_array_elements_text(p.spec #> '{references,connections}') AS c(id)
 WHERE d.active GROUP BY c.id ORDER BY c.id`;

export interface DeclaredConnection {
  id: string;
  dags: string[];
}

export async function readDeclaredConnections(database: Queryable): Promise<DeclaredConnection[]> {
  const { rows } = await database.query<DeclaredConnection>({
    name: 'web_connections',
    text: CONNECTIONS,
  });
  return rows;
}

const WORKERS = `
SELECT w.id, w.kind, w.host, w.pid, w.executors, w.slots, w.version, w.started_at AS "startedAt",
       w.heartbeat_at AS "heartbeatAt", w.stopped_at AS "stoppedAt",
       CASE WHEN w.stopped_at IS NOT NULL THEN 'stopped'
            WHEN w.heartbeat_at > clock_timestamp() - interval '10 seconds' THEN 'alive' ELSE 'silent' END AS health,
       (SELECT count(*)::int FROM podline.attempt a WHERE a.worker_id = w.id AND a.gone_at IS NULL) AS active
  FROM podline.worker w
 WHERE w.stopped_at IS NULL OR w.stopped_at > podline.now() - interval '1 hour'
 ORDER BY w.stopped_at IS NOT NULL, w.kind DESC, w.started_at DESC LIMIT 500`;

export interface WorkerRow {
  id: string;
  kind: 'scheduler' | 'pool';
  host: string;
  pid: number;
  executors: string[];
  slots: number;
  version: string | null;
  startedAt: Date;
  heartbeatAt: Date;
  stoppedAt: Date | null;
  health: 'alive' | 'silent' | 'stopped';
  active: number;
}

export async function readWorkers(database: Queryable): Promise<WorkerRow[]> {
  const { rows } = await database.query<WorkerRow>({ name: 'web_workers', text: WORKERS });
  return rows;
}

// Through attempt_live: at most 10,000 attempts.
const PODS = `
SELECT a.facts ->> 'cluster' AS cluster, a.facts ->> 'namespace' AS namespace,
       a.facts -> 'waiting' ->> 'reason' AS reason, count(*)::int AS pods,
       count(*) FILTER (WHERE a.state = 'launching')::int AS launching
  FROM (SELECT x.facts, x.state FROM podline.attempt x WHERE x.gone_at IS NULL LIMIT 10000) a
 WHERE a.facts ? 'pod' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

export interface PodCountRow {
  cluster: string;
  namespace: string;
  reason: string | null;
  pods: number;
  launching: number;
}

export async function readPodCounts(database: Queryable): Promise<PodCountRow[]> {
  const { rows } = await database.query<PodCountRow>({ name: 'web_pods', text: PODS });
  return rows;
}
