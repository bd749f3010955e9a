/** `podline pools ...`. */
import { POOL_NAME } from '../../commands/pools.ts';
import { missing } from '../find.ts';
import { usage } from '../input.ts';
import type { Session } from '../session.ts';

export async function listPools(session: Session): Promise<void> {
  const { output } = session;
  const { pools } = await session.installation();
  output.printRows(await pools.list(), [
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
  if (!POOL_NAME.test(name)) {
    throw usage(
      `The pool name ${JSON.stringify(name)} has characters other than letters, digits, "_", "-" and ".".`,
    );
  }
  const { output } = session;
  const { pools } = await session.installation();
  const made = await pools.set({ name, slots, description });
  if (output.json) output.printJson({ name, slots, description: description ?? null, made });
  else output.print(`Pool ${name} ${made ? 'is made with' : 'now has'} ${slots} slots.`);
}

export async function deletePool(session: Session, [name]: readonly [string]): Promise<void> {
  const { output } = session;
  const { pools } = await session.installation();
  if (!(await pools.delete(name))) {
    const names = (await pools.list()).map((pool) => pool.name);
    throw await missing('not_found.pool', { pool: name }, name, names);
  }
  if (output.json) output.printJson({ name, deleted: true });
  else output.print(`Pool ${name} is deleted.`);
}
