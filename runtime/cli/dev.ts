/**
 * `podline dev`: database, engine and a watched folder of DAGs in one process. Shows each saved change in words
 * within a second, keeps broken files on their last good version, prints runs and failures as they happen.
 */
import path from 'node:path';
import { DevFolder, type DagChange, type Refresh } from '../dev/devFolder.ts';
import { liveFeed } from '../dev/liveFeed.ts';
import { watchFolder } from '../dev/watchFolder.ts';
import { startEngine } from '../engine.ts';
import { openLog } from '../observe/log.ts';
import { LOCAL } from '../../src/model/access.ts';
import { WebServer } from '../web/webServer.ts';
import { printBuildErrors } from './buildErrors.ts';
import { deliverer } from './engineParts.ts';
import { causeWords, lastFailure } from '../explain/explain.ts';
import { count, duration, secondsBetween } from '../explain/human.ts';
import { state } from './stateColour.ts';
import { checkFolder } from './input.ts';
import type { Output } from './output.ts';
import { instanceName } from './runs/show.ts';
import { pause } from '../pause.ts';
import type { Session } from './session.ts';
import { connectionsOf } from './tasks/trial.ts';

export async function dev(
  session: Session,
  [folder]: readonly [string],
  { slots }: { slots?: number },
): Promise<void> {
  const { output } = session;
  const signal = session.stopSignal();
  await checkFolder(folder);
  const config = { ...session.config, slots: slots ?? session.config.slots };
  const database = await session.open({ migrate: true });
  say(output, `database ready${database.embedded ? ` in ${database.embedded.dataFolder}` : ''}`);

  const dags = new DevFolder(folder, database.pool);
  const first = await dags.refresh();
  sayRefresh(output, first, undefined);
  say(output, `${count(first.dags.length, 'DAG')} of ${folder}: ${summary(first.dags)}`);

  // The log of the platform is for servers; here troubles alone are of interest.
  const log = openLog(config.logLevel === 'info' ? 'warn' : config.logLevel);
  const engine = await startEngine({ config, database, deliver: deliverer(config), log });
  const web = await openPages(session, database.url);
  const watch = await watchFolder(folder, async (files, since) => {
    try {
      const refresh = await dags.refresh(files);
      sayRefresh(output, refresh, since);
      watch.also(refresh.files);
    } catch (error) {
      output.warn(`the folder could not be taken up: ${(error as Error).message}`);
    }
  });
  watch.also(first.files);
  say(output, `watching ${path.resolve(folder)}; stop with Ctrl-C`);
  if (output.json) output.printJsonLine({ event: 'ready', folder: path.resolve(folder) });

  const feed = liveFeed(database.pool, liveLines(output), async (milliseconds) => {
    await pause(milliseconds, signal);
    return !signal.aborted;
  });
  await feed;
  say(output, `stopping; tasks at work get ${config.drainSeconds} s (Ctrl-C again ends at once)`);
  await watch.close();
  await web?.close();
  await engine.stop();
  say(output, 'stopped');
}

/** The pages and the API for this machine alone: whoever reaches the loopback address may do everything. */
async function openPages(session: Session, url: string): Promise<WebServer | undefined> {
  const { output, config } = session;
  try {
    const { port } = config;
    const connections = connectionsOf(session);
    const log = openLog('error');
    const identify = () => Promise.resolve(LOCAL);
    const web = await WebServer.open({
      ...{ url, port, host: '127.0.0.1', log, identify, connections },
      traceUrl: config.traceUrl ?? undefined,
    });
    say(output, `pages and API at ${output.colours.cyan(`http://localhost:${web.port}`)}`);
    if (output.json) output.printJsonLine({ event: 'pages', port: web.port });
    return web;
  } catch (error) {
    output.warn(`without pages: ${(error as Error).message}`);
    return undefined;
  }
}

function liveLines(output: Output) {
  const { colours } = output;
  return {
    began: (run: { dagId: string; runId: string; kind: string }) => {
      if (output.json) output.printJsonLine({ event: 'run_began', ...run });
      else say(output, `${run.dagId} ${run.runId} ${state('running', colours)}`);
    },
    ended: (run: {
      dagId: string;
      runId: string;
      state: string;
      cause: string | null;
      startedAt: Date | null;
      endedAt: Date | null;
    }) => {
      if (output.json) {
        output.printJsonLine({ event: 'run_ended', ...run });
        return;
      }
      const took = duration(secondsBetween(run.startedAt, run.endedAt, new Date()));
      const why = run.cause === null ? '' : `: ${causeWords(run.cause)}`;
      say(output, `${run.dagId} ${run.runId} ${state(run.state, colours)} in ${took}${why}`);
    },
    failed: (
      task: Parameters<typeof lastFailure>[0] & {
        taskId: string;
        mapIndex: number;
        state: string;
        notBefore: Date | null;
      },
      run: { dagId: string; runId: string },
    ) => {
      if (output.json) {
        output.printJsonLine({ event: 'task_failed', dagId: run.dagId, ...task });
        return;
      }
      const again = task.notBefore === null ? '' : `; retry at ${task.notBefore.toISOString()}`;
      const words = `${instanceName(task)} ${state(task.state, colours)}: ${lastFailure(task).replace(/\.$/, '')}${again}`;
      say(output, `${run.dagId} ${run.runId} ${words}`);
    },
    trouble: (error: unknown) => {
      output.warn(`the database does not answer: ${(error as Error).message}`);
    },
  };
}

/** Only what is different; a save that changes nothing says so. */
function sayRefresh(output: Output, refresh: Refresh, since: number | undefined): void {
  const milliseconds = since === undefined ? null : Math.round(performance.now() - since);
  const shown = refresh.dags.filter(
    ({ kind, changes }) => kind !== 'unchanged' || changes.length > 0,
  );
  if (output.json) {
    const { freshErrors: errors, repaired } = refresh;
    output.printJsonLine({ event: 'registered', dags: shown, errors, repaired, milliseconds });
    return;
  }
  const took = milliseconds === null ? '' : output.colours.dim(` (${milliseconds} ms)`);
  const { green, yellow, red } = output.colours;
  for (const file of refresh.repaired) say(output, `${green('repaired')} ${shownPath(file)}`);
  for (const { dagId, kind, changes } of shown) {
    if (since === undefined && kind !== 'refused') continue;
    const colour = kind === 'new' ? green : kind === 'refused' ? red : yellow;
    say(output, `${colour(kind)} DAG ${dagId}${took}`);
    for (const words of changes) output.print(`             ${words}`);
  }
  printBuildErrors(output, refresh.freshErrors);
  if (refresh.freshErrors.length > 0 && since !== undefined) {
    say(output, `the last good version goes on${took}`);
  }
  const quietSave = shown.length === 0 && refresh.freshErrors.length === 0;
  if (since !== undefined && quietSave && refresh.repaired.length === 0) {
    const still =
      refresh.errors.length > 0 ? `, ${count(refresh.errors.length, 'error')} left` : '';
    say(output, `saved, no DAG changed${still}${took}`);
  }
}

function summary(dags: DagChange[]): string {
  const of = (kind: DagChange['kind']) => dags.filter((dag) => dag.kind === kind).length;
  const parts = [
    `${of('new')} new`,
    `${of('changed')} changed`,
    `${of('unchanged')} unchanged`,
    `${of('removed')} removed`,
  ];
  return parts.filter((part) => !part.startsWith('0 ')).join(', ') || 'none';
}

function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/** A line with the time of day. */
function say(output: Output, text: string): void {
  const clock = new Date().toTimeString().slice(0, 8);
  output.print(`${output.colours.dim(clock)}  ${text}`);
}
