/** Pools as people see and change them. There are dozens at most; changes take the row lock that ticks take. */
import type { Queryable, Transaction } from '../pool.ts';

const LIST = `
SELECT name, slots, used, description FROM podline.pool ORDER BY name`;

export interface PoolListRow {
  name: string;
  slots: number;
  used: number;
  description: string | null;
}

export async function readPools(database: Queryable): Promise<PoolListRow[]> {
  const { rows } = await database.query<PoolListRow>(LIST);
  return rows;
}

const WRITE = `
INSERT INTO podline.pool (name, slots, description) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET slots = excluded.slots, description = coalesce(excluded.description, pool.description)
RETURNING xmax = 0 AS made`;

/** True when it is new. Fewer slots than are used is allowed: nothing new starts until there is room. */
export async function writePool(
  transaction: Transaction,
  pool: { name: string; slots: number; description?: string },
): Promise<boolean> {
  const values = [pool.name, pool.slots, pool.description ?? null];
  const { rows } = await transaction.query<{ made: boolean }>(WRITE, values);
  return rows[0]?.made === true;
}

const LOCK = `
SELECT name, used FROM podline.pool WHERE name = $1 FOR UPDATE`;

// Through ti_scheduled: there is no index by pool alone, and waiting tasks are few.
const WAITING = `
SELECT EXISTS (SELECT FROM podline.task_instance WHERE state = 'scheduled' AND pool = $1) AS waiting`;

const DELETE = `
DELETE FROM podline.pool WHERE name = $1`;

export async function deletePoolRow(
  transaction: Transaction,
  name: string,
): Promise<'deleted' | 'missing' | 'used' | 'default'> {
  const { rows } = await transaction.query<{ used: number }>(LOCK, [name]);
  const [pool] = rows;
  if (!pool) return 'missing';
  if (name === 'default_pool') return 'default';
  const waiting = await transaction.query<{ waiting: boolean }>(WAITING, [name]);
  if (pool.used > 0 || waiting.rows[0]?.waiting) return 'used';
  await transaction.query(DELETE, [name]);
  return 'deleted';
}
