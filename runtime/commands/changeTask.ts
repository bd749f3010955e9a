/**
 * Another priority or pool for one task instance that waits. Priority only says who is next. In another pool it has to wait
 * for its turn there: if it is `queued`, it gives its slots back and is `scheduled` again, so that the ones before it in that
 * pool stay before it, and the limit of the pool holds. From `launching` on a process has it: refused. Used by the API.
 *
 * Locks are taken in the order of ticks: run, instance, pools. Launchers skip a locked instance, so it is launched before
 * this (and refused here) or after it. The run's number grows, so that schedulers read it again, and the event makes a tick
 * hand out slots anew.
 */
import { PodlineError } from '../../src/errors.ts';
import { isTerminal, MOVABLE_STATES, type TaskState } from '../../src/model/states.ts';
import { type Database, inTransaction, type Transaction } from '../database/pool.ts';
import { lockPools } from '../database/queries/lockPools.ts';
import { audit } from './audit.ts';

export interface TaskChange {
  priority?: number;
  pool?: string;
}

interface Instance {
  id: number;
  state: TaskState;
  pool: string;
  poolSlots: number;
}

const MOVABLE = new Set<TaskState>(MOVABLE_STATES);

const FIND = `
SELECT t.id, t.state, t.pool, t.pool_slots AS "poolSlots" FROM podline.task_instance t
 WHERE t.run_id = $1 AND t.task_id = $2 AND t.map_index = $3 FOR NO KEY UPDATE`;

const CHANGE = `
UPDATE podline.task_instance SET priority = coalesce($2, priority), pool = coalesce($3, pool) WHERE id = $1`;

const GIVE_BACK = `
WITH moved AS (
  UPDATE podline.task_instance SET state = 'scheduled', queued_at = NULL WHERE id = $1
  RETURNING dag_id, pool, pool_slots
), load AS (
  UPDATE podline.dag_load l SET active_tasks = l.active_tasks - 1 FROM moved m WHERE m.dag_id = l.dag_id
)
UPDATE podline.pool p SET used = p.used - m.pool_slots FROM moved m WHERE m.pool = p.name`;

export async function changeTask(
  database: Database,
  run: { id: number; dagId: string; runId: string },
  task: { taskId: string; mapIndex: number },
  change: TaskChange,
  actor?: string,
): Promise<void> {
  const { taskId, mapIndex } = task;
  await inTransaction(database, async (transaction) => {
    await transaction.query('SELECT FROM podline.run WHERE id = $1 FOR NO KEY UPDATE', [run.id]);
    const found = await transaction.query<Instance>(FIND, [run.id, taskId, mapIndex]);
    const [instance] = found.rows;
    if (!instance) {
      const where = `run ${run.runId} of DAG ${run.dagId}`;
      throw new PodlineError('not_found.task', { task: taskId, where });
    }
    const { id, state } = instance;
    if (!MOVABLE.has(state)) {
      throw new PodlineError('refused.task', { task: taskId, state, ...whySettled(state) });
    }
    const { priority, pool = instance.pool } = change;
    if (pool !== instance.pool) {
      // Also of one that holds none: a tick may be handing out slots to it by the pool that it saw.
      await lockRoom(transaction, pool, instance.poolSlots);
      if (state === 'queued') await transaction.query(GIVE_BACK, [id]);
    }
    await transaction.query(CHANGE, [id, priority ?? null, pool]);
    await transaction.query('UPDATE podline.run SET seq = seq + 1 WHERE id = $1', [run.id]);
    await transaction.query(`SELECT podline.put_event($1, NULL, NULL, 'changed')`, [run.id]);
    const subject = `${run.dagId}/${run.runId}/${taskId}`;
    await audit(transaction, actor, 'task.change', subject, { mapIndex, ...change });
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
  });
}

/** Locks the pools. The one that is meant must be there, and wide enough to ever have room. */
async function lockRoom(transaction: Transaction, pool: string, slots: number): Promise<void> {
  const row = (await lockPools(transaction)).find(({ name }) => name === pool);
  if (!row) throw new PodlineError('not_found.pool', { pool });
  if (row.slots < slots) {
    const reason = `the task needs ${slots} slots and the pool "${pool}" has ${row.slots}`;
    throw new PodlineError('request.bad', { reason });
  }
}

function whySettled(state: TaskState): { reason: string; remedy: string } {
  if (isTerminal(state)) {
    const reason = 'and nothing of it is to be started';
    return { reason, remedy: 'Clear it to run it again, and change them while it waits.' };
  }
  if (state === 'deferred') {
    const reason = 'and waits for something else than a slot';
    return { reason, remedy: 'It needs none; change the tasks that come after it.' };
  }
  const reason = 'a process has it and its slots are its own until it ends';
  return { reason, remedy: 'Let it end, or cancel or clear it; others can be moved before it.' };
}
