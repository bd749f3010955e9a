/**
 * Main of the sidecar that stores the output of a direct pod: waits for TERM, which the kubelet sends when the
 * task's container has ended, reads the file that the task wrote and hands its value to the database. Half
 * of its work is to say clearly why it could not. `output PATH` of the runtime image.
 */
import { constants, open, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../../src/plan/plan.ts';
import { checkOutput, notJson, tooLarge, XCOM_LIMIT } from '../worker/output.ts';
import { backoff, isPassing } from '../worker/reconnect.ts';
import { type OutputMessage, writeOutputMessage } from './outputMessage.ts';

type Said = Omit<OutputMessage, 'v'>;

/** Shorter than the 30 s after which the kubelet kills by default. */
const GRACE_MS = 25_000;
const TERMINATION_LOG = '/dev/termination-log';

/** Resolves with TERM. Called first of all: what comes before the handler is lost to process 1 of a container. */
export function mainHasEnded(): Promise<void> {
  // Nothing else holds the process.
  const alive = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        clearInterval(alive);
        resolve();
      });
    }
  });
}

export async function runOutput(
  file: string,
  env: Record<string, string | undefined>,
  ended: Promise<void>,
): Promise<number> {
  await ended;
  const said = await store(file, env).catch((error: unknown): Said => {
    const { message } = error as Error;
    return { output: 'failed', cause: 'worker_lost', message };
  });
  const log = env.PODLINE_TERMINATION_LOG ?? TERMINATION_LOG;
  await writeFile(log, writeOutputMessage(said)).catch(complain);
  if (said.output === 'failed') complain(said);
  return said.output === 'failed' ? 1 : 0;
}

function complain(problem: unknown): void {
  process.stderr.write(`podline: ${(problem as { message?: string }).message}\n`);
}

async function store(file: string, env: Record<string, string | undefined>): Promise<Said> {
  let value: Json | undefined;
  try {
    value = await readOutput(file);
  } catch (error) {
    return { output: 'failed', cause: 'xcom', message: (error as Error).message };
  }
  if (value === undefined) return { output: 'none' };
  const grace = Number(env.PODLINE_OUTPUT_GRACE_MS ?? GRACE_MS);
  const reply = await push(env, value, performance.now() + grace);
  if (reply === 'stored') return { output: 'stored' };
  const message = 'The output was not stored, because the attempt was over before.';
  return { output: 'failed', cause: 'cancelled', message };
}

/** Undefined: there is no file, or nothing in it. */
async function readOutput(file: string): Promise<Json | undefined> {
  const name = 'the task';
  // The task may have put a link or a pipe there: this container's own files are none of its business.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(file, flags).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw code === 'ELOOP' ? notJson(name, `${file} is a link`) : error;
  });
  if (!handle) return undefined;
  // White space may make a file larger than its JSON; four times the limit is read, no more.
  const bytes = Buffer.alloc(XCOM_LIMIT * 4 + 1);
  let length = 0;
  try {
    if (!(await handle.stat()).isFile()) throw notJson(name, `${file} is no file`);
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      length += bytesRead;
      if (bytesRead === 0) break;
    }
  } finally {
    await handle.close();
  }
  if (length === bytes.length) throw tooLarge(name, length);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch {
    throw notJson(name, 'the output file is no UTF-8 text');
  }
  if (text.trim() === '') return undefined;
  try {
    return checkOutput(JSON.parse(text), name);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notJson(name, `the output file cannot be parsed (${error.message})`);
  }
}

/** The function is idempotent for one token, so a lost answer is asked for again. */
async function push(
  env: Record<string, string | undefined>,
  value: Json,
  deadline: number,
): Promise<string> {
  const url = await secretOf(env, 'PODLINE_WORKER_DATABASE_URL');
  const token = Buffer.from(await secretOf(env, 'PODLINE_TOKEN'), 'hex');
  // Loaded late: most of its life this process only waits.
  const { default: pg } = await import('pg');
  for (let n = 0; ; n += 1) {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'podline output',
      connectionTimeoutMillis: 5000,
      query_timeout: 10_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ reply: string }>(
        'SELECT report.push_output($1, $2, $3) AS reply',
        [env.PODLINE_ATTEMPT, token, JSON.stringify(value)],
      );
      return rows[0]?.reply ?? 'refused';
    } catch (error) {
      const { message } = error as Error;
      if (!isPassing(error)) throw new Error(`The database refused the output: ${message}`);
      const pause = backoff(n, Math.random);
      if (performance.now() + pause > deadline) {
        throw new Error(`The output was not stored, because the database is away: ${message}`);
      }
      await sleep(pause);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/** NAME itself, or the contents of the file that NAME_FILE names. */
async function secretOf(env: Record<string, string | undefined>, name: string): Promise<string> {
  const file = env[`${name}_FILE`];
  const value = file === undefined ? env[name] : (await readFile(file, 'utf8')).trim();
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
