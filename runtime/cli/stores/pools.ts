/** `podline pools ...`. */
import { PodlineError } from '../../../src/errors.ts';
import { deletePoolRow, readPools, writePool } from '../../database/queries/readPools.ts';
import { audit } from '../../commands/audit.ts';
import { inTransaction } from '../../database/pool.ts';
import { missing } from '../find.ts';
import { usage } from '../input.ts';
import type { Session } from '../session.ts';

export async function listPools(session: Session): Promise<void> {
  const { output } = session;
  output.printRows(await readPools(await session.database()), [
    { title: 'POOL', value: (pool) => pool.name, shrink: true },
    { title: 'SLOTS', value: (pool) => pool.slots, align: 'right' },
    { title: 'USED', value: (pool) => pool.used, align: 'right' },
    { title: 'FREE', value: (pool) => pool.slots - pool.used, align: 'right' },
    { title: 'DESCRIPTION', value: (pool) => pool.description, shrink: true },
  ]);
}

export async function setPool(
  session: Session,
  [name, slots]: readonly [string, number],
  { description }: { description?: string },
): Promise<void> {
  if (!/^[\w.-]{1,200}$/.test(name)) {
    throw usage(
      `The pool name ${JSON.stringify(name)} has characters other than letters, digits, "_", "-" and ".".`,
    );
  }
  const { output } = session;
  const made = await inTransaction(await session.database(), async (transaction) => {
    const isNew = await writePool(transaction, { name, slots, description });
    await audit(transaction, undefined, 'pool.set', name, { slots });
    // More slots may let tasks go on.
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
    return isNew;
  });
  if (output.json) output.printJson({ name, slots, description: description ?? null, made });
  else output.print(`Pool ${name} ${made ? 'is made with' : 'now has'} ${slots} slots.`);
}

export async function deletePool(session: Session, [name]: readonly [string]): Promise<void> {
  const { output } = session;
  const database = await session.database();
  const result = await inTransaction(database, async (transaction) => {
    const deleted = await deletePoolRow(transaction, name);
    if (deleted === 'deleted') await audit(transaction, undefined, 'pool.delete', name);
    return deleted;
  });
  if (result === 'missing') {
    const names = (await readPools(database)).map((pool) => pool.name);
    throw await missing('not_found.pool', { pool: name }, name, names);
  }
  if (result !== 'deleted') {
    const reason =
      result === 'default'
        ? 'tasks that name no pool use it'
        : 'tasks at work or waiting use it; let them end first';
    throw new PodlineError('refused.pool', { pool: name, reason });
  }
  if (output.json) output.printJson({ name, deleted: true });
  else output.print(`Pool ${name} is deleted.`);
}
