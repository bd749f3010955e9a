/**
 * Follows one run until it ends: a block that is redrawn on a terminal, a line a change elsewhere, one
 * document at the end with --json. Called by `runs watch`, `dags trigger --watch` and the demo.
 */
import { EXIT } from '../exit.ts';
import { lastFailure } from '../../explain/explain.ts';
import { findRun } from '../find.ts';
import { count, duration, secondsBetween } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { ChangedView, RunView } from '../installation.ts';
import type { Output } from '../output.ts';
import type { Session } from '../session.ts';
import { untilStopped } from '../untilStopped.ts';
import { instanceName, instancesOf, readReport, reportJson } from './show.ts';

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
  const installation = await session.installation();
  // `latest` is one run, also when a newer one starts meanwhile.
  const run = await findRun(installation, key.dagId, key.runId);
  return untilStopped(session, `Run ${run.runId} goes on without this watcher.`, (signal) =>
    watchToEnd(session, run, signal),
  );
}

async function watchToEnd(session: Session, found: RunView, signal: AbortSignal): Promise<number> {
  const { output } = session;
  const installation = await session.installation();
  const { runs, tasks } = installation;
  const { dagId, runId } = found;
  let run = found;
  const following = runs.follow(run, signal);
  const live = process.stderr.isTTY && !output.json && !session.quiet;
  const progress = live ? output.progress() : undefined;
  const said = new Set<string>();
  let since = run.startedAt ?? run.createdAt;
  let reason = '';
  for (;;) {
    const changed = await tasks.changed(run, since);
    since = run.now;
    run = await findRun(installation, dagId, runId);
    const over = run.state === 'success' || run.state === 'failed';
    if (over) break;
    if (progress) {
      progress.update(block(output, changed, run, run.reason));
    } else if (!session.quiet) {
      sayChanges(output, changed, said);
      const words = run.reason;
      const quietly = run.state === 'running' && words === '';
      const line = quietly ? '' : `run ${run.state}${words === '' ? '' : `: ${words}`}`;
      if (line !== reason && line !== '') output.print(line);
      reason = line;
    }
    await following.change();
    signal.throwIfAborted();
  }
  following.end();
  if (progress) {
    const last = await tasks.changed(run, new Date(0));
    progress.done(block(output, last, run, ''));
  } else if (!session.quiet) {
    sayChanges(output, await tasks.changed(run, since), said);
  }
  const report = await readReport(installation, run, 200);
  if (output.json) output.printJson(reportJson(report));
  const took = duration(secondsBetween(run.startedAt, run.endedAt, run.now));
  const why = report.run.reason === '' ? '' : `: ${report.run.reason}`;
  output.print(
    `Run ${runId} of DAG ${run.dagId}: ${state(run.state, output.colours)} in ${took}${why}`,
  );
  return run.state === 'success' ? EXIT.ok : EXIT.failed;
}

function block(output: Output, changed: ChangedView[], run: RunView, words: string): string {
  const states = Object.entries(run.counts);
  const sums = states.map(([name, n]) => `${n} ${state(name, output.colours)}`).join(', ');
  // What fails and what runs first, then what ended last.
  const rank = (one: ChangedView) =>
    one.state === 'failed' ? 0 : one.state === 'running' ? 1 : one.state === 'up_for_retry' ? 2 : 3;
  const lines = [...changed]
    .reverse()
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MOST_LINES)
    .sort((a, b) => Number(a.startedAt) - Number(b.startedAt))
    .map((one) => `  ${lineOf(output, one, run.now)}`);
  const head = `${count(instancesOf(run), 'task instance')}: ${sums}${words === '' ? '' : `; ${words}`}`;
  return [...lines, head].join('\n');
}

function lineOf(output: Output, one: ChangedView, now: Date): string {
  const took = duration(secondsBetween(one.startedAt, one.endedAt, now));
  const why = ['failed', 'up_for_retry', 'skipped'].includes(one.state) ? lastFailure(one) : '';
  const words = `${instanceName(one)} ${state(one.state, output.colours)}`;
  return `${words}${one.startedAt === null ? '' : ` ${took}`}${why === '' ? '' : `: ${why}`}`;
}

function sayChanges(output: Output, changed: ChangedView[], said: Set<string>): void {
  for (const one of changed) {
    const key = `${instanceName(one)} ${one.state} ${one.attempts}`;
    if (said.has(key)) continue;
    said.add(key);
    output.print(lineOf(output, one, new Date()));
  }
}
