/**
 * Another priority or pool for one task instance. Only while it holds no slot and nobody was handed it: from `queued` on the
 * counters of pools belong to it. The run's number grows, so that schedulers read it again. Used by the API.
 */
import { PodlineError } from '../../src/errors.ts';
import { MOVABLE_STATES, type TaskState } from '../../src/model/states.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { audit } from './audit.ts';

export interface TaskChange {
  priority?: number;
  pool?: string;
}

const MOVABLE = new Set<TaskState>(MOVABLE_STATES);

const FIND = `
SELECT t.id, t.state, t.pool_slots AS "poolSlots" FROM podline.task_instance t
 WHERE t.run_id = $1 AND t.task_id = $2 AND t.map_index = $3 FOR NO KEY UPDATE`;

const CHANGE = `
UPDATE podline.task_instance SET priority = coalesce($2, priority), pool = coalesce($3, pool) WHERE id = $1`;

export async function changeTask(
  database: Database,
  run: { id: number; dagId: string; runId: string },
  task: { taskId: string; mapIndex: number },
  change: TaskChange,
  actor?: string,
): Promise<void> {
  const { taskId, mapIndex } = task;
  await inTransaction(database, async (transaction) => {
    // The lock that ticks take first, too.
    await transaction.query('SELECT FROM podline.run WHERE id = $1 FOR NO KEY UPDATE', [run.id]);
    const found = await transaction.query<{ id: number; state: TaskState; poolSlots: number }>(
      FIND,
      [run.id, taskId, mapIndex],
    );
    const [instance] = found.rows;
    if (!instance) {
      const where = `run ${run.runId} of DAG ${run.dagId}`;
      throw new PodlineError('not_found.task', { task: taskId, where });
    }
    if (!MOVABLE.has(instance.state)) {
      throw new PodlineError('refused.task', { task: taskId, state: instance.state });
    }
    if (change.pool !== undefined) await checkPool(transaction, change.pool, instance.poolSlots);
    await transaction.query(CHANGE, [instance.id, change.priority ?? null, change.pool ?? null]);
    await transaction.query('UPDATE podline.run SET seq = seq + 1 WHERE id = $1', [run.id]);
    await transaction.query(`SELECT podline.put_event($1, NULL, NULL, 'changed')`, [run.id]);
    const subject = `${run.dagId}/${run.runId}/${taskId}`;
    await audit(transaction, actor, 'task.change', subject, { mapIndex, ...change });
    await transaction.query(`SELECT pg_notify('podline_wake', '')`);
  });
}

async function checkPool(
  transaction: Pick<Database, 'query'>,
  pool: string,
  slots: number,
): Promise<void> {
  const { rows } = await transaction.query<{ slots: number }>(
    'SELECT slots FROM podline.pool WHERE name = $1 FOR SHARE',
    [pool],
  );
  const [row] = rows;
  if (!row) throw new PodlineError('not_found.pool', { pool });
  if (row.slots < slots) {
    const reason = `the task needs ${slots} slots and the pool "${pool}" has ${row.slots}`;
    throw new PodlineError('request.bad', { reason });
  }
}
