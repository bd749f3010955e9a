/**
 * `podline tasks logs`: the stored log of an attempt, as bytes came, and with it the logs of the other containers
 * of its pod; --follow goes on until the task ends.
 */
import { isTerminal } from '../../../src/model/states.ts';
import { EXIT } from '../exit.ts';
import { findInstance, findRun, findTask } from '../find.ts';
import { count } from '../../explain/human.ts';
import { usage } from '../input.ts';
import type {
  AttemptView,
  Installation,
  InstanceView,
  LogReading,
  RunKey,
  RunView,
  Tasks,
} from '../installation.ts';
import { MAIN, TASK_SOURCE } from '../logSources.ts';
import type { Session } from '../session.ts';
import { untilStopped } from '../untilStopped.ts';
import { LogPrinter } from './logPrinter.ts';

const COMMAND = 'tasks logs';

interface Options {
  mapIndex?: number;
  attempt?: number;
  follow?: boolean;
  container?: string;
}

export async function showLogs(
  session: Session,
  [dagId, runId, taskId]: readonly [string, string, string],
  options: Options,
): Promise<number | void> {
  const installation = await session.installation();
  const run = await findRun(installation, dagId, runId);
  await findTask(installation, run, taskId);
  if (options.follow) {
    const at = { run, taskId };
    return untilStopped(session, '', (signal) =>
      follow(session, installation, at, { ...options, signal }),
    );
  }
  const { tasks } = installation;
  const which = { mapIndex: options.mapIndex, command: COMMAND };
  const instance = await findInstance(tasks, run, taskId, which);
  const attempt = instance && (await findAttempt(tasks, run, instance, options.attempt));
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
  const at = { ...keyOf(run), taskId, ...attempt };
  const reader = await tasks.log(at, container, (text, source) => {
    if (!session.output.json) printer.write(text, source);
    else texts.set(source, [...(texts.get(source) ?? []), text]);
  });
  await reader.finish();
  printer.end();
  const { mapIndex, number, state } = attempt;
  if (session.output.json) {
    const { [TASK_SOURCE]: log = '', ...containers } = Object.fromEntries(
      [...texts].map(([source, parts]) => [source, parts.join('')]),
    );
    session.output.printJson({ taskId, mapIndex, attempt: number, state, log, containers });
  } else if (reader.isEmpty) session.say('The log is empty.');
}

function printerOf({ output }: Session, container: string | undefined): LogPrinter {
  const plain = container === undefined || container === MAIN ? TASK_SOURCE : container;
  return new LogPrinter((text) => {
    output.write(text);
  }, plain);
}

async function follow(
  session: Session,
  installation: Installation,
  { run, taskId }: { run: RunView; taskId: string },
  { signal, ...options }: Options & { signal: AbortSignal },
): Promise<number> {
  const { output } = session;
  const { tasks, runs } = installation;
  const { container } = options;
  const following = runs.follow(run, signal);
  let current: { attempt: AttemptView; reader: LogReading; printer: LogPrinter } | undefined;
  const end = async (): Promise<void> => {
    await current?.reader.finish();
    current?.printer.end();
  };
  for (;;) {
    const { state: runState } = await findRun(installation, run.dagId, run.runId);
    const isOpen = runState === 'queued' || runState === 'running';
    // State before text: what is written before the end was seen is read after it.
    const instance = await findInstance(tasks, run, taskId, {
      ...{ mapIndex: options.mapIndex, command: COMMAND },
      mayCome: isOpen,
    });
    const attempt = instance && (await findAttempt(tasks, run, instance, options.attempt, isOpen));
    if (attempt && !isSame(attempt, current?.attempt)) {
      await end();
      if (current) session.say(`--- attempt ${attempt.number} ---`);
      const { mapIndex, number } = attempt;
      const printer = printerOf(session, container);
      const at = { ...keyOf(run), taskId, mapIndex, number };
      const reader = await tasks.log(at, container, (text, source) => {
        const of = source === TASK_SOURCE ? {} : { container: source };
        if (!output.json) printer.write(text, source);
        else output.printJsonLine({ taskId, mapIndex, attempt: number, ...of, text });
      });
      reader.follow(signal);
      current = { attempt, reader, printer };
    }
    const onlyThis = options.attempt !== undefined && attempt?.endedAt != null;
    if (instance && (onlyThis || isTerminal(instance.state))) {
      await end();
      following.end();
      session.say(`Task ${taskId} is ${instance.state}.`);
      return EXIT.ok;
    }
    await current?.reader.read();
    await following.change();
    signal.throwIfAborted();
  }
}

function keyOf({ dagId, runId }: RunKey): RunKey {
  return { dagId, runId };
}

function isSame(one: AttemptView, other: AttemptView | undefined): boolean {
  return one.mapIndex === other?.mapIndex && one.number === other.number;
}

async function findAttempt(
  tasks: Tasks,
  run: RunView,
  { taskId, mapIndex }: InstanceView,
  number: number | undefined,
  mayCome = false,
): Promise<AttemptView | undefined> {
  const attempts = await tasks.attempts({ ...keyOf(run), taskId, mapIndex });
  if (number === undefined) return attempts.at(-1);
  const found = attempts.find((attempt) => attempt.number === number);
  if (found || mayCome) return found;
  throw usage(
    `Task ${taskId} has ${count(attempts.length, 'attempt')}, no number ${number}.`,
    COMMAND,
  );
}
