/** Pools made, changed and deleted by hand, each with its audit row. Used by the CLI and the API. */
import { PodlineError } from '../../src/errors.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { deletePoolRow, writePool } from '../database/queries/readPools.ts';
import { audit } from './audit.ts';

export const POOL_NAME = /^[\w.-]{1,200}$/;

/** True when it is new. */
export async function setPool(
  database: Database,
  pool: { name: string; slots: number; description?: string },
  actor?: string,
): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    const isNew = await writePool(transaction, pool);
    await audit(transaction, actor, 'pool.set', pool.name, { slots: pool.slots });
    // More slots may let tasks go on.
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
    return isNew;
  });
}

/** False when there is none. Throws `refused.pool` while it is needed. */
export async function deletePool(
  database: Database,
  name: string,
  actor?: string,
): Promise<boolean> {
  const result = await inTransaction(database, async (transaction) => {
    const deleted = await deletePoolRow(transaction, name);
    if (deleted === 'deleted') await audit(transaction, actor, 'pool.delete', name);
    return deleted;
  });
  if (result === 'missing') return false;
  if (result === 'deleted') return true;
  const reason =
    result === 'default'
      ? 'tasks that name no pool use it'
      : 'tasks at work or waiting use it; let them end first';
  throw new PodlineError('refused.pool', { pool: name, reason });
}
