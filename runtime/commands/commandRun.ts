/**
 * Cancel, clear, mark: written as an event of the run, then decided at once by a tick of this process, so
 * that it takes effect whether or not a scheduler is up. Used by the CLI, the test kit and later the API.
 */
import { PodlineError } from '../../src/errors.ts';
import { type Database, inTransaction, isTransient } from '../database/pool.ts';
import type { Command } from '../scheduler/decision.ts';
import { RunCache } from '../scheduler/runCache.ts';
import { tick } from '../scheduler/tick.ts';
import { audit } from './audit.ts';

export interface RunKey {
  dagId: string;
  runId: string;
}

export async function commandRun(
  database: Database,
  key: RunKey,
  command: Command,
  actor?: string,
): Promise<void> {
  const id = await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<{ id: number; state: string; version_id: number }>(
      'SELECT id, state, version_id FROM podline.run WHERE dag_id = $1 AND run_id = $2',
      [key.dagId, key.runId],
    );
    const run = rows[0];
    if (!run) throw new PodlineError('not_found.run', { dag: key.dagId, run: key.runId });
    if (command.kind === 'cancel' && ['success', 'failed'].includes(run.state)) {
      throw new PodlineError('run.finished', {
        dag: key.dagId,
        run: key.runId,
        state: run.state,
      });
    }
    if (command.kind !== 'cancel') {
      await checkTasks(transaction, run.id, key, command.tasks);
    }
    const { kind, ...data } = command;
    await transaction.query('INSERT INTO podline.event (run_id, kind, data) VALUES ($1, $2, $3)', [
      run.id,
      kind,
      JSON.stringify(data),
    ]);
    await audit(transaction, actor, kind, `${key.dagId}/${key.runId}`, data);
    return run.id;
  });
  await tickUntilTaken(database, id);
}

async function checkTasks(
  database: Pick<Database, 'query'>,
  runId: number,
  key: RunKey,
  tasks: string[],
): Promise<void> {
  for (const task of tasks) {
    const { rowCount } = await database.query(
      `SELECT FROM podline.plan_task p JOIN podline.run r USING (version_id)
        WHERE r.id = $1 AND p.task_id = $2 LIMIT 1`,
      [runId, task],
    );
    if (rowCount === 0) {
      throw new PodlineError('not_found.task', {
        task,
        where: `run ${key.runId} of DAG ${key.dagId}`,
      });
    }
  }
}

/** A scheduler may hold the run for some milliseconds; whoever comes first decides the event. */
async function tickUntilTaken(database: Database, runId: number): Promise<void> {
  const options = { executors: [], cache: new RunCache(), random: Math.random, onlyRun: runId };
  for (let round = 0; round < 50; round++) {
    // A deadlock or a lost connection leaves the event where it is: the next round, or a scheduler, takes it.
    await tick(database, options).catch((error: unknown) => {
      if (!isTransient(error)) throw error;
    });
    const { rows } = await database.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM podline.event WHERE run_id = $1 AND kind IN ('cancel', 'clear', 'mark')) AS waiting`,
      [runId],
    );
    if (!rows[0]?.waiting) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await database.query(`SELECT pg_notify('podline_wake', 'command')`);
}
