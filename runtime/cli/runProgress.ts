/**
 * Follows one run to its end and shows every task as it goes: on a terminal a table that is redrawn,
 * elsewhere one line for each task that ended. Called by the demo; reads the database, changes nothing.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database/pool.ts';
import { duration, secondsBetween } from '../explain/human.ts';
import { state as stateInColour } from './stateColour.ts';
import type { Output } from './output.ts';

export interface TaskProgress {
  task: string;
  state: string;
  seconds: number | null;
  /** Why it was skipped or failed. */
  reason: string | null;
}

export interface RunProgress {
  state: string;
  seconds: number | null;
  tasks: TaskProgress[];
}

interface Row {
  run_state: string;
  run_started: Date | null;
  run_ended: Date | null;
  now: Date;
  task_id: string;
  map_index: number;
  state: string;
  cause: string | null;
  started_at: Date | null;
  ended_at: Date | null;
  message: string | null;
}

const TASKS = `
SELECT r.state AS run_state, r.started_at AS run_started, r.ended_at AS run_ended, podline.now() AS now,
       t.task_id, t.map_index, t.state, t.cause, a.claimed_at AS started_at, t.ended_at, a.message
  FROM podline.run r
  LEFT JOIN podline.task_instance t ON t.run_id = r.id
  LEFT JOIN podline.plan_task p ON p.version_id = r.version_id AND p.task_id = t.task_id
  LEFT JOIN LATERAL (SELECT claimed_at, message FROM podline.attempt
                      WHERE instance_id = t.id ORDER BY number DESC LIMIT 1) a ON true
 WHERE r.id = $1
 ORDER BY p.position, t.map_index`;

const OVER = new Set(['success', 'failed', 'skipped', 'upstream_failed', 'removed']);
const LOOK_MS = 60;

export async function readRun(database: Database, runId: number): Promise<RunProgress> {
  const { rows } = await database.query<Row>(TASKS, [runId]);
  const [first] = rows;
  if (!first) return { state: 'queued', seconds: null, tasks: [] };
  return {
    state: first.run_state,
    seconds: secondsBetween(first.run_started, first.run_ended, first.now),
    // A queued run has no instances yet: the outer join then gives one row of nulls.
    tasks: (rows as (Omit<Row, 'task_id'> & { task_id: string | null })[]).flatMap((row) =>
      row.task_id === null ? [] : [toProgress({ ...row, task_id: row.task_id })],
    ),
  };
}

function toProgress(row: Row): TaskProgress {
  return {
    task: row.map_index < 0 ? row.task_id : `${row.task_id}[${row.map_index}]`,
    state: row.state,
    seconds: secondsBetween(row.started_at, row.ended_at, row.now),
    reason: reasonOf(row),
  };
}

function reasonOf({ state, cause, message }: Row): string | null {
  if (state === 'skipped') return message ?? (cause === null ? 'not chosen by a branch' : cause);
  if (state === 'upstream_failed') return 'a task before it failed';
  if (state === 'failed') return message ?? cause;
  return null;
}

/** Resolves when the run is over, `signal` fires or the seconds are used up. */
export async function followRun(
  database: Database,
  runId: number,
  options: { output: Output; redraw: boolean; seconds: number; signal: AbortSignal },
): Promise<RunProgress> {
  const { output, redraw, seconds, signal } = options;
  const end = performance.now() + seconds * 1000;
  const live = redraw ? output.progress() : undefined;
  const told = new Set<string>();
  for (;;) {
    const run = await readRun(database, runId);
    if (live) live.update(run.tasks.map((task) => line(task, output)).join('\n'));
    else tellEnded(run.tasks, told, output);
    const over = run.state === 'success' || run.state === 'failed';
    if (over || signal.aborted || performance.now() > end) {
      live?.done();
      return run;
    }
    await wait(LOOK_MS);
  }
}

function tellEnded(tasks: TaskProgress[], told: Set<string>, output: Output): void {
  for (const task of tasks) {
    if (!OVER.has(task.state) || told.has(task.task)) continue;
    told.add(task.task);
    output.note(line(task, output));
  }
}

export function line({ task, state, seconds, reason }: TaskProgress, output: Output): string {
  const words = stateInColour(state, output.colours) + ' '.repeat(Math.max(1, 16 - state.length));
  const time = state === 'skipped' || seconds === null ? '' : duration(seconds);
  return `  ${words}${task.padEnd(16)} ${time.padStart(8)}${reason === null ? '' : `  ${reason}`}`.trimEnd();
}
