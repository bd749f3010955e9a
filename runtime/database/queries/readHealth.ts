/** What a doctor and the webserver ask: who is alive, what is broken, what was given up. Small tables and partial indexes. */
import type { Queryable } from '../pool.ts';

const SQL = `
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'host', w.host, 'pid', w.pid, 'slots', w.slots,
                                                     'version', w.version, 'kind', w.kind, 'executors', w.executors,
                                                     'heartbeatAt', w.heartbeat_at) ORDER BY w.started_at), '[]')
          FROM podline.worker w
         WHERE w.stopped_at IS NULL AND w.heartbeat_at > clock_timestamp() - interval '10 seconds') AS workers,
       (SELECT count(*) FROM podline.build_error) AS "buildErrors",
       (SELECT count(*) FROM podline.dag WHERE active AND schedule_error IS NOT NULL) AS "scheduleErrors",
       (SELECT count(*) FROM podline.outbox WHERE dead_at > podline.now() - interval '7 days') AS "deadCallbacks"`;

export interface LiveWorker {
  id: string;
  /** A scheduler has a row for each of its executors. */
  kind: 'scheduler' | 'pool';
  host: string;
  pid: number;
  slots: number;
  executors: string[];
  version: string | null;
  /** ISO 8601. */
  heartbeatAt: string;
}

export interface Health {
  workers: LiveWorker[];
  buildErrors: number;
  scheduleErrors: number;
  deadCallbacks: number;
}

export async function readHealth(database: Queryable): Promise<Health> {
  const { rows } = await database.query<Health>(SQL);
  const [health] = rows;
  if (!health) throw new Error('the database gave no row');
  return health;
}
