/** One attempt by the names in its address, through unique indexes. For logs. */
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT a.id, a.ended_at AS "endedAt", a.gone_at AS "goneAt", podline.now() AS now
  FROM podline.run r
  JOIN podline.task_instance t ON t.run_id = r.id AND t.task_id = $3 AND t.map_index = $4
  JOIN podline.attempt a ON a.instance_id = t.id AND a.number = $5
 WHERE r.dag_id = $1 AND r.run_id = $2`;

export interface AttemptFound {
  id: number;
  endedAt: Date | null;
  goneAt: Date | null;
  now: Date;
}

export async function findAttempt(
  database: Queryable,
  at: { dagId: string; runId: string; taskId: string; mapIndex: number; number: number },
): Promise<AttemptFound | undefined> {
  const { rows } = await database.query<AttemptFound>({
    name: 'web_find_attempt',
    text: SQL,
    values: [at.dagId, at.runId, at.taskId, at.mapIndex, at.number],
  });
  return rows[0];
}
