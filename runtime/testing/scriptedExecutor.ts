/**
 * An executor for tests: every launched attempt claims and reports through the real report functions, as
 * the least-privilege role, but what it does is scripted. Nothing is simulated on the engine's side.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Cause } from '../../src/model/causes.ts';
import type { Json } from '../../src/plan/plan.ts';
import type { Database } from '../database/pool.ts';
import type { Launch } from '../database/queries/launchAttempts.ts';
import { beat, endAttempts, markGone } from '../database/queries/workers.ts';
import type { Executor } from '../scheduler/tick.ts';
import type { Assignment, FinishReply, Outcome } from '../worker/assignment.ts';

/** What one attempt of a task does. */
export type ScriptedOutcome =
  | { output?: Json; choice?: string[] | boolean; fails?: undefined }
  | { fails: Cause; exitCode?: number; message?: string }
  | 'skip'
  /** A sensor's look that found nothing yet. */
  | 'wait'
  /** Stays running until `finish` is called. */
  | 'hang'
  /** Dies without a word; the engine finds out as it does with a killed process. */
  | 'die';

/** An outcome for every attempt, or a list for the first, second, ... (the last one repeats). */
export type Script =
  | ScriptedOutcome
  | ScriptedOutcome[]
  | ((assignment: Assignment) => ScriptedOutcome | Promise<ScriptedOutcome>);

interface Hanging {
  launch: Launch;
  secret: Buffer;
  assignment: Assignment;
}

export class ScriptedExecutor implements Executor {
  readonly name: string;
  readonly workerId: string;
  slots = 10_000;
  /** By "dag.task" or "task". */
  readonly scripts = new Map<string, Script>();
  readonly hanging = new Map<string, Hanging>();
  /** Attempts that hung and were stopped because the engine gave them up. */
  readonly stopped = new Map<string, Hanging>();
  /** Every start of user code, as an outside witness: attempt ids in order. */
  readonly ledger: { attemptId: number; task: string; mapIndex: number; number: number }[] = [];
  /** Attempts that hang and have not ended in any way, whatever their task is called. */
  readonly #hung = new Set<number>();
  readonly #worker: Database;
  readonly #owner: Database;
  #open: Promise<void>[] = [];

  constructor(options: { name?: string; workerId: string; worker: Database; owner: Database }) {
    this.name = options.name ?? 'local';
    this.workerId = options.workerId;
    this.#worker = options.worker;
    this.#owner = options.owner;
  }

  freeSlots(): number {
    return this.slots - this.hanging.size;
  }

  start(launches: Launch[]): void {
    for (const launch of launches) this.#open.push(this.#run(launch));
  }

  /** Resolves when every started attempt has reported or hangs. True if there were any. */
  async drain(): Promise<boolean> {
    const open = this.#open;
    this.#open = [];
    await Promise.all(open);
    return open.length > 0;
  }

  /** Ends a hanging attempt of a task, or reports late for one that was stopped (then nothing changes). */
  async finish(task: string, outcome: ScriptedOutcome = {}): Promise<FinishReply> {
    const found = this.hanging.get(task) ?? this.stopped.get(task);
    if (!found) throw new Error(`no attempt of ${task} hangs`);
    this.hanging.delete(task);
    this.#hung.delete(found.launch.attemptId);
    return this.#report(found, outcome);
  }

  /** What a live executor does with every heartbeat: ends the processes that nobody wants any more. */
  async stopUnwanted(): Promise<boolean> {
    if (this.#hung.size === 0) return false;
    const { unwanted } = await beat(this.#owner, this.workerId);
    for (const id of unwanted) this.#hung.delete(id);
    for (const [task, running] of this.hanging) {
      if (!unwanted.includes(running.launch.attemptId)) continue;
      this.hanging.delete(task);
      this.stopped.set(task, running);
    }
    if (unwanted.length > 0) await markGone(this.#owner, unwanted);
    return unwanted.length > 0;
  }

  async #run(launch: Launch): Promise<void> {
    const secret = randomBytes(32);
    const { rows } = await this.#worker.query<{ claim: Assignment | null }>({
      name: 'claim',
      text: 'SELECT report.claim($1, $2, $3, $4, $5, $6) AS claim',
      values: [launch.attemptId, launch.token, sha256(secret), 'test', '{}', 60],
    });
    const assignment = rows[0]?.claim;
    if (!assignment) return;
    this.ledger.push({
      attemptId: launch.attemptId,
      task: launch.taskId,
      mapIndex: launch.mapIndex,
      number: launch.number,
    });
    const outcome = await this.#outcome(assignment);
    const running = { launch, secret, assignment };
    if (outcome === 'hang') {
      this.#hung.add(launch.attemptId);
      const index = assignment.instance.mapIndex;
      this.hanging.set(index < 0 ? launch.taskId : `${launch.taskId}[${index}]`, running);
    } else if (outcome === 'die') {
      const end = { attemptId: launch.attemptId, cause: 'worker_lost', message: 'scripted' };
      await endAttempts(this.#owner, [end]);
    } else {
      await this.#report(running, outcome);
    }
  }

  async #outcome(assignment: Assignment): Promise<ScriptedOutcome> {
    const { dagId } = assignment.run;
    const { id } = assignment.task;
    const script = this.scripts.get(`${dagId}.${id}`) ?? this.scripts.get(id) ?? {};
    if (typeof script === 'function') return script(assignment);
    if (!Array.isArray(script)) return script;
    const turn = assignment.attempt.number + assignment.attempt.look - 2;
    return script[Math.min(turn, script.length - 1)] ?? {};
  }

  async #report(running: Hanging, scripted: ScriptedOutcome): Promise<FinishReply> {
    const outcome = toOutcome(scripted, running.assignment);
    const { rows } = await this.#worker.query<{ reply: FinishReply }>({
      name: 'finish',
      text: 'SELECT report.finish($1, $2, $3, 0, $4) AS reply',
      values: [running.launch.attemptId, running.secret, JSON.stringify(outcome), Buffer.alloc(0)],
    });
    return rows[0]?.reply ?? 'stale';
  }
}

function toOutcome(scripted: ScriptedOutcome, assignment: Assignment): Outcome {
  if (scripted === 'skip') return { state: 'skipped' };
  if (scripted === 'wait') return waitingOutcome(assignment);
  if (typeof scripted === 'string') return { state: 'success' };
  if (scripted.fails !== undefined) {
    const { fails, exitCode, message } = scripted;
    return { state: 'failed', cause: fails, exitCode, message };
  }
  const { output, choice } = scripted;
  const outcome: Outcome = { state: 'success', choice };
  if (output !== undefined) {
    outcome.xcom = output;
    if (Array.isArray(output)) outcome.mapLength = output.length;
    else if (output !== null && typeof output === 'object') {
      outcome.mapLength = Object.keys(output).length;
    }
  }
  return outcome;
}

/** The rule of the worker (runtime/worker): wait on, until the time since the first look is used up. */
function waitingOutcome(assignment: Assignment): Outcome {
  const { interval, timeout, softFail } = assignment.task.sensor ?? {
    interval: 60,
    timeout: Infinity,
    softFail: false,
  };
  const since = Date.parse(assignment.now) - Date.parse(assignment.instance.firstLookAt);
  const left = timeout - since / 1000;
  if (left > 0) return { state: 'waiting', delay: Math.min(interval, left) };
  return { state: softFail ? 'skipped' : 'failed', cause: 'sensor_timeout' };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
