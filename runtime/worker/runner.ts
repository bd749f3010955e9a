/**
 * Main of the process that a supervisor forks and keeps: runs one attempt at a time, on its own from
 * claim to finish. It leaves nothing behind: when the supervisor is gone, so are the task's
 * processes and this one. Why it is used again at all: docs/decisions/002-runner-reuse.md.
 */
import { killAllGroups, onGroup } from './process.ts';

const exit = process.exit.bind(process);

// First of all, so that no moment exists in which a lost supervisor goes unnoticed.
process.on('disconnect', () => {
  killAllGroups();
  exit(1);
});
// A Ctrl-C in a terminal reaches the whole family: the supervisor decides what it means for us.
process.on('SIGINT', () => {});

import { importedBundles, whenImported } from '../operators/typescript.ts';
import { crashPoint } from '../observe/crashPoint.ts';
import { loadOperator } from '../operators/registry.ts';
import { Connections } from '../connections/connections.ts';
import { CONNECTION_PREFIX } from '../../src/connections/names.ts';
import { runAttempt, type AttemptServices } from './attempt.ts';
import { BundleCache } from './bundleCache.ts';
import { captureOutput } from './captureOutput.ts';
import { footprint, HEAP_GROWTH, traces, type Footprint } from './footprint.ts';
import type { FromRunner, InitMessage, ToRunner } from './messages.ts';
import { SqlReportClient } from './report.ts';
import { Stop } from './stop.ts';
import { startWatchdog } from './watchdog.ts';

const MAX_ATTEMPTS = 200;

let services: AttemptServices | undefined;
let current: { attemptId: number; stop: Stop } | undefined;
let attempts = 0;
let leaving = false;
const heapAtStart = process.memoryUsage().heapUsed;

process.on('message', (message: ToRunner) => {
  switch (message.type) {
    case 'init':
      services = makeServices(message);
      return;
    case 'run':
      void run(message.attemptId, Buffer.from(message.token, 'hex'));
      return;
    case 'kill':
      if (current?.attemptId === message.attemptId) {
        current.stop.request(message.reason, message.graceSeconds);
      }
      return;
    case 'exit':
      leaving = true;
      if (!current) void leave();
  }
});

process.on('SIGTERM', () => {
  leaving = true;
  if (current) current.stop.request('interrupted');
  else void leave();
});
process.on('uncaughtException', stray);
process.on('unhandledRejection', stray);

onGroup((pid, alive) => {
  send({ type: 'group', pid, alive });
  if (alive) crashPoint('runner.during_task');
});
send({ type: 'ready' });

function makeServices(message: InitMessage): AttemptServices {
  const connections = new Connections(process.env, message.connectionsFile);
  // Task bodies run in this process: what they did not declare is not in their environment.
  for (const name of Object.keys(process.env)) {
    if (name.startsWith(CONNECTION_PREFIX) || SECRET_VARIABLES.test(name)) delete process.env[name];
  }
  const projectFolder = message.projectFolder ?? process.cwd();
  for (const name of ['bash', 'typescript']) void loadOperator(name, undefined, projectFolder);
  return {
    report: new SqlReportClient({ url: message.databaseUrl, leaseSeconds: message.leaseSeconds }),
    connections,
    bundles: new BundleCache(message.bundleCache),
    projectFolder,
    host: message.host,
    leaseSeconds: message.leaseSeconds,
  };
}

const SECRET_VARIABLES = /^(PGPASSWORD|DATABASE_URL|PODLINE_([A-Z]+_)?DATABASE_URL)$/;

async function run(attemptId: number, token: Buffer): Promise<void> {
  if (!services) throw new Error('run came before init');
  const stop = new Stop();
  current = { attemptId, stop };
  attempts += 1;
  let before: Footprint | undefined;
  let found: string[] = [];
  let message: Extract<FromRunner, { type: 'ended' }>;
  try {
    const end = await runAttempt(attemptId, token, services, stop, {
      started(assignment, log) {
        crashPoint('runner.after_claim');
        const { executionTimeout } = assignment.task;
        send({
          type: 'started',
          attemptId,
          ...(executionTimeout !== undefined && { executionTimeout }),
        });
        const release = captureOutput(log, stop);
        before = footprint();
        whenImported(() => {
          startWatchdog();
          before = footprint();
        });
        return () => {
          found = before ? traces(before, footprint()) : [];
          release();
          crashPoint('runner.before_finish');
        };
      },
    });
    if (end.reply === 'recorded') crashPoint('runner.after_finish');
    message = { type: 'ended', attemptId, ...end, reusable: true, traces: found };
  } catch (error) {
    // Only the claim can throw: the database was away for longer than its grace.
    console.error(`podline: attempt ${attemptId} could not be claimed:`, error);
    message = {
      type: 'ended',
      attemptId,
      reply: 'failed',
      state: undefined,
      reusable: true,
      traces: [],
      bundleId: null,
    };
  }
  current = undefined;
  if (stop.requested) found.push('a stopped task');
  // A handle that is just closing is no leak: it gets one more turn of the loop.
  if (before && found.length > 0 && !stop.requested) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = traces(before, footprint());
  }
  if (importedBundles().length > 1) found.push('code of several bundles');
  if (attempts >= MAX_ATTEMPTS) found.push(`${attempts} attempts`);
  if (process.memoryUsage().heapUsed - heapAtStart > HEAP_GROWTH) found.push('a grown heap');
  send({ ...message, traces: found, reusable: found.length === 0 && message.reply !== 'failed' });
  if (leaving) await leave();
}

/** Code of the task that nobody waits for has thrown: the attempt fails with it. */
function stray(error: unknown): void {
  const problem = error instanceof Error ? error : new Error(String(error));
  if (current) {
    current.stop.crashed(problem);
    return;
  }
  console.error('podline: the runner ends by a stray error:', problem);
  killAllGroups();
  exit(1);
}

function send(message: FromRunner): void {
  // An error here means that the supervisor is gone; `disconnect` follows.
  process.send?.(message, undefined, undefined, () => {});
}

async function leave(): Promise<void> {
  await services?.report.close();
  exit(0);
}
