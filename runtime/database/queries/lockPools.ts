/**
 * Locks all pools, in order. Whoever changes a counter (pool.used, dag_load) holds this lock, so counters
 * never drift, limits hold in every committed snapshot, and two schedulers cannot deadlock.
 */
import type { Transaction } from '../pool.ts';

export interface PoolRow {
  name: string;
  slots: number;
  used: number;
}

export async function lockPools(transaction: Transaction): Promise<PoolRow[]> {
  const { rows } = await transaction.query<PoolRow>({
    name: 'lock_pools',
    text: 'SELECT name, slots, used FROM podline.pool ORDER BY name FOR NO KEY UPDATE',
  });
  return rows;
}
