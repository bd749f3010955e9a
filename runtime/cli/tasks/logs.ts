/**
 * `podline tasks logs`: the stored log of an attempt, as bytes came, and with it the logs of the other containers
 * of its pod; --follow goes on until the task ends.
 */
import { isTerminal } from '../../../src/model/states.ts';
import type { Database } from '../../database/pool.ts';
import {
  type InstanceRow,
  readInstanceRows,
  readTaskCounts,
} from '../../database/queries/readRunTasks.ts';
import { type AttemptRow, readAttempts } from '../../database/queries/readTask.ts';
import { EXIT } from '../exit.ts';
import { findRun, findTask } from '../find.ts';
import { count } from '../../explain/human.ts';
import { usage } from '../input.ts';
import { pause } from '../../pause.ts';
import type { Session } from '../session.ts';
import { LogPrinter, LogReader, TASK_SOURCE } from './logReader.ts';
import type { RunDetails } from '../../database/queries/readRun.ts';

interface Options {
  mapIndex?: number;
  attempt?: number;
  follow?: boolean;
  container?: string;
}

const LOOK_MS = 200;
const MOST_ATTEMPTS = 10_000;

export async function showLogs(
  session: Session,
  [dagId, runId, taskId]: readonly [string, string, string],
  options: Options,
): Promise<number | void> {
  const database = await session.database();
  const run = await findRun(database, dagId, runId);
  await findTask(database, run, taskId);
  if (options.follow) return follow(session, database, run, taskId, options);
  const instance = await findInstance(database, run, taskId, options.mapIndex);
  const attempt = instance && (await findAttempt(database, run, instance, options.attempt));
  if (!attempt) {
    if (session.output.json) session.output.printJson({ taskId, attempt: null, log: '' });
    session.say(
      `Task ${taskId} has not been started in run ${run.runId}; it is ${instance?.state ?? 'none'}.`,
    );
    return;
  }
  const { container } = options;
  const texts = new Map<string, string[]>();
  const printer = printerOf(session, container);
  const reader = new LogReader(database, attempt.id, container, (text, source) => {
    if (!session.output.json) printer.write(text, source);
    else texts.set(source, [...(texts.get(source) ?? []), text]);
  });
  await reader.read();
  reader.end();
  printer.end();
  const { mapIndex, number, state } = attempt;
  if (session.output.json) {
    const { [TASK_SOURCE]: log = '', ...containers } = Object.fromEntries(
      [...texts].map(([source, parts]) => [source, parts.join('')]),
    );
    session.output.printJson({ taskId, mapIndex, attempt: number, state, log, containers });
  } else if (reader.empty) session.say('The log is empty.');
}

function printerOf({ output }: Session, container: string | undefined): LogPrinter {
  const plain = container === undefined || container === 'main' ? TASK_SOURCE : container;
  return new LogPrinter((text) => {
    output.write(text);
  }, plain);
}

async function follow(
  session: Session,
  database: Database,
  run: RunDetails,
  taskId: string,
  options: Options,
): Promise<number> {
  const { output } = session;
  const signal = session.stopSignal();
  const { container } = options;
  let current: { attempt: AttemptRow; reader: LogReader; printer: LogPrinter } | undefined;
  const end = (): void => {
    current?.reader.end();
    current?.printer.end();
  };
  for (;;) {
    const { state: runState } = await findRun(database, run.dagId, run.runId);
    const isOpen = runState === 'queued' || runState === 'running';
    // State before text: what is written before the end was seen is read after it.
    const instance = await findInstance(database, run, taskId, options.mapIndex, isOpen);
    const attempt =
      instance && (await findAttempt(database, run, instance, options.attempt, isOpen));
    if (attempt && attempt.id !== current?.attempt.id) {
      await current?.reader.read();
      end();
      if (current) session.say(`--- attempt ${attempt.number} ---`);
      const { mapIndex, number } = attempt;
      const printer = printerOf(session, container);
      const reader = new LogReader(database, attempt.id, container, (text, source) => {
        const of = source === TASK_SOURCE ? {} : { container: source };
        if (!output.json) printer.write(text, source);
        else output.printJsonLine({ taskId, mapIndex, attempt: number, ...of, text });
      });
      current = { attempt, reader, printer };
    }
    await current?.reader.read();
    const onlyThis = options.attempt !== undefined && attempt?.endedAt != null;
    if (instance && (onlyThis || isTerminal(instance.state))) {
      end();
      session.say(`Task ${taskId} is ${instance.state}.`);
      return EXIT.ok;
    }
    await pause(LOOK_MS, signal);
    if (signal.aborted) return EXIT.interrupted;
  }
}

/** Undefined: `mayCome` later, the run has not come that far. */
async function findInstance(
  database: Database,
  run: RunDetails,
  taskId: string,
  mapIndex: number | undefined,
  mayCome = false,
): Promise<InstanceRow | undefined> {
  const [first, second] = await readInstanceRows(database, run, { limit: 2, taskId, mapIndex });
  if (first && !second) return first;
  if (!first && mayCome) return undefined;
  if (!first) {
    const which = mapIndex === undefined ? 'no instance' : `no instance ${mapIndex}`;
    throw usage(
      `Task ${taskId} has ${which} in run ${run.runId}, which is ${run.state}.`,
      'tasks logs',
    );
  }
  const counts = await readTaskCounts(database, run.id);
  const total = counts.reduce((sum, one) => sum + (one.taskId === taskId ? one.count : 0), 0);
  throw usage(
    `Task ${taskId} is mapped: it has ${count(total, 'instance')}. Choose one with --map-index.`,
    'tasks logs',
  );
}

async function findAttempt(
  database: Database,
  run: RunDetails,
  { taskId, mapIndex }: InstanceRow,
  number: number | undefined,
  mayCome = false,
): Promise<AttemptRow | undefined> {
  const attempts = await readAttempts(database, run.id, taskId, { mapIndex, limit: MOST_ATTEMPTS });
  if (number === undefined) return attempts.at(-1);
  const found = attempts.find((attempt) => attempt.number === number);
  if (found || mayCome) return found;
  throw usage(
    `Task ${taskId} has ${count(attempts.length, 'attempt')}, no number ${number}.`,
    'tasks logs',
  );
}
