/**
 * Says as lines what the engine does: runs that begin and end, tasks that fail. Looks every 300 ms while runs
 * are open and once a second otherwise. Called by cli/dev.ts.
 */
import type { Database } from '../database/pool.ts';
import {
  type FailureRow,
  type LiveRunRow,
  readFailures,
  readLiveRuns,
  readNewestRun,
} from '../database/queries/readLive.ts';

export interface LiveEvents {
  began(run: LiveRunRow): void;
  ended(run: LiveRunRow): void;
  failed(task: FailureRow, run: LiveRunRow): void;
  /** The database did not answer; it is tried again. */
  trouble(error: unknown): void;
}

const BUSY_MS = 300;
const IDLE_MS = 1000;

export async function liveFeed(
  database: Database,
  events: LiveEvents,
  rest: (milliseconds: number) => Promise<boolean>,
): Promise<void> {
  /** Open runs; true once they have begun. */
  const open = new Map<number, boolean>();
  const told = new Set<string>();
  let newest: number | undefined;
  for (;;) {
    try {
      newest ??= await readNewestRun(database);
      const rows = await readLiveRuns(database, [...open.keys()], newest);
      const begun = new Map(
        rows.filter((run) => run.state !== 'queued').map((run) => [run.id, run]),
      );
      for (const run of begun.values()) if (open.get(run.id) !== true) events.began(run);
      const failures = begun.size > 0 ? await readFailures(database, [...begun.keys()]) : [];
      for (const task of failures) {
        const key = `${task.id} ${task.attempts} ${task.state}`;
        const run = begun.get(task.runNumber);
        if (!told.has(key) && run) events.failed(task, run);
        told.add(key);
      }
      for (const run of rows) {
        newest = Math.max(newest, run.id);
        if (run.state === 'queued' || run.state === 'running') {
          open.set(run.id, run.state === 'running');
        } else {
          open.delete(run.id);
          events.ended(run);
        }
      }
    } catch (error) {
      events.trouble(error);
    }
    if (told.size > 10_000) told.clear();
    if (!(await rest(open.size > 0 ? BUSY_MS : IDLE_MS))) return;
  }
}
