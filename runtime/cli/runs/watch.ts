/**
 * Follows one run until it ends: a block that is redrawn on a terminal, a line a change elsewhere, one
 * document at the end with --json. Called by `runs watch`, `dags trigger --watch` and the demo.
 */
import {
  type ChangedInstance,
  readChanged,
  readTaskCounts,
  type TaskCount,
} from '../../database/queries/readRunTasks.ts';
import { readCapacity } from '../../database/queries/readRun.ts';
import { EXIT } from '../exit.ts';
import { explainRun, lastFailure } from '../../explain/explain.ts';
import { findRun } from '../find.ts';
import { count, duration, secondsBetween } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { Output } from '../output.ts';
import { pause } from '../../pause.ts';
import type { Session } from '../session.ts';
import { instanceName, readReport, reportJson } from './show.ts';

const LOOK_MS = 200;
const MOST_LINES = 15;

export async function watch(
  session: Session,
  [dagId, runId]: readonly [string, string],
): Promise<number> {
  return watchRun(session, { dagId, runId });
}

/** The exit code: 0 only when the run succeeded. */
export async function watchRun(
  session: Session,
  key: { dagId: string; runId: string },
): Promise<number> {
  const { output } = session;
  const signal = session.stopSignal();
  const database = await session.database();
  let run = await findRun(database, key.dagId, key.runId);
  // `latest` is one run, also when a newer one starts meanwhile.
  const runId = run.runId;
  const live = process.stderr.isTTY && !output.json && !session.quiet;
  const progress = live ? output.progress() : undefined;
  const said = new Set<string>();
  let since = run.startedAt ?? run.createdAt;
  let reason = '';
  for (;;) {
    const changed = await readChanged(database, run.id, since);
    since = run.now;
    run = await findRun(database, key.dagId, runId);
    const over = run.state === 'success' || run.state === 'failed';
    if (over) break;
    if (progress) {
      const counts = await readTaskCounts(database, run.id);
      const words = explainRun({ run, capacity: await readCapacity(database) });
      progress.update(block(output, changed, counts, words, run.now));
    } else if (!session.quiet) {
      sayChanges(output, changed, said);
      const words = explainRun({ run, capacity: await readCapacity(database) });
      const quietly = run.state === 'running' && words === '';
      const line = quietly ? '' : `run ${run.state}${words === '' ? '' : `: ${words}`}`;
      if (line !== reason && line !== '') output.print(line);
      reason = line;
    }
    await pause(LOOK_MS, signal);
    if (signal.aborted) {
      progress?.done();
      session.say(`Run ${runId} goes on without this watcher.`);
      return EXIT.interrupted;
    }
  }
  if (progress) {
    const last = await readChanged(database, run.id, new Date(0));
    const counts = await readTaskCounts(database, run.id);
    progress.done(block(output, last, counts, '', run.now));
  } else if (!session.quiet) {
    sayChanges(output, await readChanged(database, run.id, since), said);
  }
  const report = await readReport(database, run, 200);
  if (output.json) output.printJson(reportJson(report));
  const took = duration(secondsBetween(run.startedAt, run.endedAt, run.now));
  const why = report.run.reason === '' ? '' : `: ${report.run.reason}`;
  output.print(
    `Run ${runId} of DAG ${run.dagId}: ${state(run.state, output.colours)} in ${took}${why}`,
  );
  return run.state === 'success' ? EXIT.ok : EXIT.failed;
}

function block(
  output: Output,
  changed: ChangedInstance[],
  counts: TaskCount[],
  words: string,
  now: Date,
): string {
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  const byState = new Map<string, number>();
  for (const one of counts) byState.set(one.state, (byState.get(one.state) ?? 0) + one.count);
  const sums = [...byState].map(([name, n]) => `${n} ${state(name, output.colours)}`).join(', ');
  // What fails and what runs first, then what ended last.
  const rank = (one: ChangedInstance) =>
    one.state === 'failed' ? 0 : one.state === 'running' ? 1 : one.state === 'up_for_retry' ? 2 : 3;
  const lines = [...changed]
    .reverse()
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_LINES)
    .sort((a, b) => Number(a.startedAt) - Number(b.startedAt))
    .map((one) => `  ${lineOf(output, one, now)}`);
  const head = `${count(total, 'task instance')}: ${sums}${words === '' ? '' : `; ${words}`}`;
  return [...lines, head].join('\n');
}

function lineOf(output: Output, one: ChangedInstance, now: Date): string {
  const took = duration(secondsBetween(one.startedAt, one.endedAt, now));
  const why = ['failed', 'up_for_retry', 'skipped'].includes(one.state) ? lastFailure(one) : '';
  const words = `${instanceName(one)} ${state(one.state, output.colours)}`;
  return `${words}${one.startedAt === null ? '' : ` ${took}`}${why === '' ? '' : `: ${why}`}`;
}

function sayChanges(output: Output, changed: ChangedInstance[], said: Set<string>): void {
  for (const one of changed) {
    const key = `${one.id} ${one.state} ${one.attempts}`;
    if (said.has(key)) continue;
    said.add(key);
    output.print(lineOf(output, one, new Date()));
  }
}
