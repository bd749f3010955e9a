/**
 * Runs that ended within the last seconds, for who begins to listen to changes: a page may have read them a moment before
 * as open, and nothing will be told of them any more. Through run_ended.
 */
import type { RunState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT r.dag_id AS "dagId", r.run_id AS "runId", r.state FROM podline.run r
 WHERE r.ended_at > podline.now() - interval '5 seconds' ORDER BY r.ended_at DESC LIMIT 500`;

export interface EndedRun {
  dagId: string;
  runId: string;
  state: RunState;
}

export async function readJustEnded(database: Queryable): Promise<EndedRun[]> {
  const { rows } = await database.query<EndedRun>({ name: 'web_just_ended', text: SQL });
  return rows;
}
