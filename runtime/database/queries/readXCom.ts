/**
 * One output of a task instance as the text that PostgreSQL has of it: numbers keep all their digits. By primary key. Workers
 * store up to 1 MB; what is read is held in memory as a whole. Used by the download of the API and by `podline tasks output`.
 */
import type { Queryable } from '../pool.ts';

const SQL = `
SELECT value::text AS text FROM podline.xcom WHERE run_id = $1 AND task_id = $2 AND map_index = $3 AND key = $4`;

export interface XComKey {
  taskId: string;
  mapIndex: number;
  key: string;
}

/** Undefined: it has no such output. */
export async function readXComText(
  database: Queryable,
  runNumber: number,
  { taskId, mapIndex, key }: XComKey,
): Promise<string | undefined> {
  const { rows } = await database.query<{ text: string }>({
    name: 'xcom_text',
    text: SQL,
    values: [runNumber, taskId, mapIndex, key],
  });
  return rows[0]?.text;
}
