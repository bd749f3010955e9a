/**
 * Executes one claimed attempt: prepares what the operator needs, runs it, watches its time and turns
 * whatever happens into an outcome; never throws. Independent of who started it: runner.ts (child of
 * a supervisor) and once.ts (a pod) call it through attempt.ts.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { Connections } from '../connections/connections.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { OperatorContext, OperatorResult } from '../operators/operator.ts';
import { loadOperator } from '../operators/registry.ts';
import type { Assignment, Outcome } from './assignment.ts';
import { outcomeOfError, stackOf } from './failure.ts';
import { xcomValue } from './inputs.ts';
import type { AttemptLog } from './log.ts';
import { maskText } from './mask.ts';
import { checkOutput, mapLengthOf } from './output.ts';
import { shown } from './shown.ts';
import { factsOf, prepare, resolveConnections } from './prepare.ts';
import type { PulledXCom } from './report.ts';
import { secretsOf, spellings } from './secrets.ts';
import type { Stop } from './stop.ts';

export interface ExecuteServices {
  connections: Connections;
  log: AttemptLog;
  stop: Stop;
  pushXCom(key: string, value: Json): Promise<boolean>;
  pullXCom(task: string, key: string): Promise<PulledXCom[]>;
  /** What the templates have become, secrets hidden. For people: nobody waits for it. */
  noteRendered?(rendered: Json): void;
  bundleFolder(): Promise<string | undefined>;
  /** Where packages with operators are resolved from. */
  projectFolder: string;
}

const LONGEST_TIMER = 2 ** 31 - 1;

export async function execute(assignment: Assignment, services: ExecuteServices): Promise<Outcome> {
  const started = performance.now();
  const { log, stop } = services;
  const { task } = assignment;
  const folder = new WorkFolder();
  let secrets: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  let outcome: Outcome;
  try {
    const connections = await resolveConnections(assignment, services.connections);
    secrets = spellings(secretsOf(connections.values(), assignment.variables));
    log.hide(secrets);
    const run = await loadOperator(task.operator, task.operatorModule, services.projectFolder);
    const { isRendered, ...prepared } = await prepare(assignment, connections);
    if (isRendered) {
      const { config, env } = prepared;
      services.noteRendered?.(shown({ config, env }, secrets));
    }
    const context = makeContext(assignment, services, connections, prepared, folder);
    if (task.executionTimeout !== undefined) {
      const milliseconds = Math.min(task.executionTimeout * 1000, LONGEST_TIMER);
      timer = setTimeout(() => stop.request('timeout'), milliseconds);
    }
    const ended = await Promise.race([run(context), stop.abandoned()]);
    const elapsed = (performance.now() - started) / 1000;
    outcome =
      ended === 'abandoned'
        ? { state: 'failed', left: true }
        : outcomeOfResult(assignment, ended ?? {}, elapsed);
  } catch (error) {
    outcome = outcomeOfError(error);
    const stack = stop.requested ? undefined : stackOf(error);
    if (stack !== undefined) log.line(stack);
  }
  clearTimeout(timer);
  log.endStreams();
  folder.remove();
  if (stop.requested) outcome = outcomeOfStop(assignment, stop, outcome);
  if (outcome.message !== undefined) outcome.message = maskText(outcome.message, secrets);
  if (outcome.state === 'failed') log.system(`failed (${outcome.cause}): ${outcome.message ?? ''}`);
  if (outcome.state === 'skipped') log.system(`skipped: ${outcome.message ?? ''}`);
  return outcome;
}

function makeContext(
  assignment: Assignment,
  services: ExecuteServices,
  connections: ReadonlyMap<string, Connection>,
  prepared: {
    inputs: Record<string, Json>;
    config: OperatorContext['config'];
    env: Record<string, string>;
  },
  folder: WorkFolder,
): OperatorContext {
  const { task } = assignment;
  const { log, stop } = services;
  return {
    task,
    ...prepared,
    params: assignment.run.params,
    variables: assignment.variables,
    facts: factsOf(assignment),
    signal: stop.signal,
    graceSeconds: () => stop.graceSeconds,
    connections,
    connection(id) {
      const connection = connections.get(id);
      if (connection) return connection;
      throw new PodlineError('task.bad_config', {
        task: task.id,
        problem: `it uses the connection "${id}", which it does not declare`,
      });
    },
    log: (line) => log.system(line),
    write: (source, bytes) => log.write(source, bytes),
    async pushXCom(key, value) {
      const json = checkOutput(value, task.id);
      if (!(await services.pushXCom(key, json))) throw new Error('the attempt has ended');
    },
    async pullXCom(from, key = 'return_value') {
      const rows = await services.pullXCom(from, key);
      return xcomValue(
        rows.map((row) => ({ task: from, key, ...row })),
        from,
        key,
        false,
      );
    },
    bundleFolder: () => services.bundleFolder(),
    workFolder: () => folder.path(),
  };
}

function outcomeOfResult(
  assignment: Assignment,
  result: OperatorResult,
  elapsedSeconds: number,
): Outcome {
  const { task } = assignment;
  const exit = result.exitCode === undefined ? {} : { exitCode: result.exitCode };
  if (result.skipped !== undefined) return { state: 'skipped', message: result.skipped, ...exit };
  if (result.waiting) return outcomeOfWaiting(assignment, elapsedSeconds);
  const outcome: Outcome = { state: 'success', ...exit };
  if (result.output !== undefined) {
    const output = checkOutput(result.output, task.id);
    outcome.xcom = output;
    const length = mapLengthOf(output);
    if (length !== undefined) outcome.mapLength = length;
  }
  if (task.flow === 'short_circuit') outcome.choice = Boolean(outcome.xcom);
  if (task.flow === 'branch') outcome.choice = branchChoice(task.id, outcome.xcom);
  return outcome;
}

function branchChoice(task: string, output: Json | undefined): string[] {
  const choice = [output ?? []].flat();
  if (choice.every((id): id is string => typeof id === 'string')) return choice;
  throw new PodlineError('task.bad_config', {
    task,
    problem: 'a branch returns the id of a task, a list of ids, or null',
  });
}

/** Not true yet: look again, unless the time since the first look is used up. */
function outcomeOfWaiting(assignment: Assignment, elapsedSeconds: number): Outcome {
  const { sensor } = assignment.task;
  if (!sensor) {
    throw new PodlineError('task.bad_config', {
      task: assignment.task.id,
      problem: 'its operator waits, but it is no sensor',
    });
  }
  const since = Date.parse(assignment.now) - Date.parse(assignment.instance.firstLookAt);
  const left = sensor.timeout - since / 1000 - elapsedSeconds;
  if (left > 0) return { state: 'waiting', delay: Math.min(sensor.interval, left) };
  const message = `The condition was not true within ${sensor.timeout} s.`;
  return sensor.softFail
    ? { state: 'skipped', cause: 'sensor_timeout', message }
    : { state: 'failed', cause: 'sensor_timeout', message };
}

function outcomeOfStop(assignment: Assignment, stop: Stop, outcome: Outcome): Outcome {
  const exit = {
    ...(outcome.exitCode !== undefined && { exitCode: outcome.exitCode }),
    ...(outcome.left && { left: true }),
  };
  if (stop.crash) return { ...outcomeOfError(stop.crash), ...exit };
  const message =
    stop.reason === 'timeout'
      ? new PodlineError('task.timeout', { seconds: assignment.task.executionTimeout }).problem
      : stop.reason === 'interrupted'
        ? 'The worker was asked to stop.'
        : 'The task was cancelled.';
  return { state: 'failed', cause: stop.reason, message, ...exit };
}

/** A folder that exists once somebody asks for it: what the task starts in, empty. */
class WorkFolder {
  #root: Promise<string> | undefined;

  async path(): Promise<string> {
    this.#root ??= mkdtemp(path.join(os.tmpdir(), 'podline-'));
    const work = path.join(await this.#root, 'work');
    await mkdir(work, { recursive: true });
    return work;
  }

  /** Not waited for: the outcome does not depend on it. */
  remove(): void {
    void this.#root
      ?.then((root) => rm(root, { recursive: true, force: true, maxRetries: 2 }))
      .catch(() => undefined);
  }
}
