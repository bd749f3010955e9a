/** `podline tasks logs`: the stored log of an attempt, as bytes came; --follow goes on until the task ends. */
import { StringDecoder } from 'node:string_decoder';
import { isTerminal } from '../../../src/model/states.ts';
import type { Database } from '../../database/pool.ts';
import { type InstanceRow, readInstanceRows } from '../../database/queries/readRunTasks.ts';
import { type AttemptRow, readAttempts, readLogChunks } from '../../database/queries/readTask.ts';
import { EXIT } from '../exit.ts';
import { findRun, findTask } from '../find.ts';
import { count } from '../human.ts';
import { usage } from '../input.ts';
import { pause, type Session } from '../session.ts';
import type { RunDetails } from '../../database/queries/readRun.ts';

interface Options {
  mapIndex?: number;
  attempt?: number;
  follow?: boolean;
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
  const attempt = await findAttempt(database, run, instance, options.attempt);
  if (!attempt) {
    if (session.output.json) session.output.printJson({ taskId, attempt: null, log: '' });
    session.say(
      `Task ${taskId} has not been started in run ${run.runId}; it is ${instance.state}.`,
    );
    return;
  }
  const parts: string[] = [];
  const reader = new LogReader(database, attempt.id, (text) => {
    if (session.output.json) parts.push(text);
    else session.output.write(text);
  });
  await reader.read();
  reader.end();
  const { mapIndex, number, state } = attempt;
  if (session.output.json) {
    session.output.printJson({ taskId, mapIndex, attempt: number, state, log: parts.join('') });
  } else if (reader.empty) session.say('The log is empty.');
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
  let current: { attempt: AttemptRow; reader: LogReader } | undefined;
  for (;;) {
    // State before text: what is written before the end was seen is read after it.
    const instance = await findInstance(database, run, taskId, options.mapIndex);
    const attempt = await findAttempt(database, run, instance, options.attempt);
    if (attempt && attempt.id !== current?.attempt.id) {
      await current?.reader.read();
      current?.reader.end();
      if (current) session.say(`--- attempt ${attempt.number} ---`);
      const { mapIndex, number } = attempt;
      const reader = new LogReader(database, attempt.id, (text) => {
        if (output.json) output.printJsonLine({ taskId, mapIndex, attempt: number, text });
        else output.write(text);
      });
      current = { attempt, reader };
    }
    await current?.reader.read();
    const onlyThis = options.attempt !== undefined && attempt?.endedAt != null;
    if (onlyThis || isTerminal(instance.state)) {
      current?.reader.end();
      session.say(`Task ${taskId} is ${instance.state}.`);
      return EXIT.ok;
    }
    await pause(LOOK_MS, signal);
    if (signal.aborted) return EXIT.interrupted;
  }
}

async function findInstance(
  database: Database,
  run: RunDetails,
  taskId: string,
  mapIndex: number | undefined,
): Promise<InstanceRow> {
  const [first, second] = await readInstanceRows(database, run, { limit: 2, taskId, mapIndex });
  if (!first && mapIndex !== undefined) {
    throw usage(`Task ${taskId} has no instance ${mapIndex} in run ${run.runId}.`, 'tasks logs');
  }
  if (!first) throw usage(`Run ${run.runId} is ${run.state}: it has no task instances yet.`);
  if (second) {
    const all = await readInstanceRows(database, run, { limit: 100_000, taskId });
    const words = `Task ${taskId} is mapped: it has ${count(all.length, 'instance')}. Choose one with --map-index.`;
    throw usage(words, 'tasks logs');
  }
  return first;
}

async function findAttempt(
  database: Database,
  run: RunDetails,
  instance: InstanceRow,
  number: number | undefined,
): Promise<AttemptRow | undefined> {
  const { taskId, mapIndex } = instance;
  const attempts = await readAttempts(database, run.id, taskId, { mapIndex, limit: MOST_ATTEMPTS });
  const own = attempts.filter((attempt) => attempt.mapIndex === mapIndex);
  if (number === undefined) return own.at(-1);
  const found = own.find((attempt) => attempt.number === number);
  if (!found) {
    throw usage(`Task ${taskId} has ${count(own.length, 'attempt')}, no number ${number}.`);
  }
  return found;
}

/** Reads on from where it was; a character may be cut by a chunk. */
class LogReader {
  readonly #database: Database;
  readonly #attemptId: number;
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #after = -1;

  constructor(database: Database, attemptId: number, write: (text: string) => void) {
    this.#database = database;
    this.#attemptId = attemptId;
    this.#write = write;
  }

  get empty(): boolean {
    return this.#after === -1;
  }

  async read(): Promise<void> {
    for (;;) {
      const chunks = await readLogChunks(this.#database, this.#attemptId, this.#after);
      for (const { seq, content } of chunks) {
        this.#after = seq;
        const text = this.#decoder.write(content);
        if (text !== '') this.#write(text);
      }
      if (chunks.length === 0) return;
    }
  }

  end(): void {
    const rest = this.#decoder.end();
    if (rest !== '') this.#write(rest);
  }
}
