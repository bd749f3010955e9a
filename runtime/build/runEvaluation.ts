/**
 * Runs evaluate.ts in its own process group with nothing of our environment, and ends it when it takes
 * too long, too much memory or talks too much. Whatever the author's file does stays in there.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PodlineError } from '../../src/errors.ts';
import type { Evaluation } from './evaluate.ts';

const here = fileURLToPath(import.meta.url);
const entry = path.join(path.dirname(here), `evaluate${path.extname(here)}`);

/** Largest plan of one DAG file, as JSON. */
const MAX_RESULT_BYTES = 256 * 1024 * 1024;
const KEPT_OUTPUT = 8 * 1024;
const MEMORY_CHECK_MS = 50;
/** The kernel ends an endless loop whose parent was killed; threads of Node count, too, hence the factor. */
const LIMITED = 'ulimit -t "$1" && shift && exec "$@"';
const CPU_FACTOR = 2;

export interface Limits {
  timeoutSeconds: number;
  memoryMegabytes: number;
}

/** Name of the code module as stack traces show it. */
export const CODE_FILE = 'code.mjs';

export async function runEvaluation(
  source: string,
  code: Uint8Array,
  limits: Limits,
): Promise<Evaluation | PodlineError> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-build-'));
  try {
    const codeFile = path.join(folder, CODE_FILE);
    const resultFile = path.join(folder, 'result.json');
    await fs.writeFile(codeFile, code);
    const crash = await runProcess([entry, codeFile, source, resultFile], folder, limits);
    if (crash === 'timeout') {
      return new PodlineError('build.timeout', { file: source, seconds: limits.timeoutSeconds });
    }
    const size = await fs.stat(resultFile).then(
      (stat) => stat.size,
      () => undefined,
    );
    const crashed = (reason: string) => new PodlineError('build.crashed', { file: source, reason });
    if (size === undefined) return crashed(crash ?? 'it ended before its DAGs were read');
    if (crash !== undefined) return crashed(crash);
    if (size > MAX_RESULT_BYTES) return crashed(`its plans have ${size} bytes`);
    return JSON.parse(await fs.readFile(resultFile, 'utf8')) as Evaluation;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Undefined after a good end, else what went wrong. */
function runProcess(
  parameters: string[],
  folder: string,
  { timeoutSeconds, memoryMegabytes }: Limits,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(
      'sh',
      [
        ...['-c', LIMITED, 'sh', String(Math.ceil(timeoutSeconds * CPU_FACTOR))],
        process.execPath,
        `--max-old-space-size=${memoryMegabytes}`,
        ...['--no-warnings', ...parameters],
      ],
      {
        cwd: path.dirname(parameters[2] ?? folder),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          TZ: 'UTC',
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: path.join(os.tmpdir(), `podline-compile-cache-${os.userInfo().uid}`),
        },
      },
    );
    let output = '';
    let reason: string | undefined;
    const keep = (bytes: Buffer) => {
      output = (output + bytes.toString('utf8')).slice(-KEPT_OUTPUT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const kill = (why: string) => {
      reason ??= why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    };
    const timer = setTimeout(() => kill('timeout'), timeoutSeconds * 1000);
    // Buffers lie outside the heap that the flag above limits.
    const memory = setInterval(() => {
      void residentMegabytes(child.pid).then((megabytes) => {
        if (megabytes > memoryMegabytes + 128) kill(`more than ${memoryMegabytes} MB of memory`);
      });
    }, MEMORY_CHECK_MS);
    const end = (result: string | undefined) => {
      clearTimeout(timer);
      clearInterval(memory);
      kill(''); // What the file itself started.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => {
      if (reason !== undefined) end(reason);
      else if (/heap out of memory/.test(output)) end(`more than ${memoryMegabytes} MB of memory`);
      else if (code === 13) end('a top-level await that never ends');
      else if (code !== 0 || signal) end(signal ? `signal ${signal}` : `exit code ${code}`);
      else end(undefined);
    });
  });
}

/** Linux only; elsewhere the heap limit alone holds. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  if (pid === undefined || process.platform !== 'linux') return 0;
  const statm = await fs.readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return (Number(statm.split(' ')[1] ?? 0) * 4096) / 1024 / 1024;
}
