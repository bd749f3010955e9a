/**
 * The engine under the model-based test, driven by hand one step at a time: two schedulers with memories of
 * their own on one database, attempts that end when the test says so, a clock that the test moves.
 */
import { createHash, randomBytes } from 'node:crypto';
import { commandRun } from '../../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../../runtime/commands/trigger.ts';
import { INVARIANTS } from '../../../runtime/database/invariants.ts';
import { type Database, openPool } from '../../../runtime/database/pool.ts';
import { collectDue } from '../../../runtime/database/queries/collectDue.ts';
import type { Launch } from '../../../runtime/database/queries/launchAttempts.ts';
import { beat, endAttempts, markGone } from '../../../runtime/database/queries/workers.ts';
import type { Command } from '../../../runtime/scheduler/decision.ts';
import { RunCache } from '../../../runtime/scheduler/runCache.ts';
import { type Executor, tick, type TickResult } from '../../../runtime/scheduler/tick.ts';
import { type TestDatabase, testDatabase } from '../../../runtime/testing/database.ts';
import { VirtualClock } from '../../../runtime/testing/virtualClock.ts';
import type { Outcome } from '../../../runtime/worker/assignment.ts';

export interface Attempt {
  launch: Launch;
  secret: Buffer | null;
  /** One process claims once, whoever asks. */
  claiming?: Promise<boolean>;
  /** What it reported, or is about to. */
  reported: Outcome | null;
  /** The engine has answered. */
  answered: boolean;
}

const CHECK = `SELECT ARRAY(SELECT id FROM (${INVARIANTS.map(
  ({ id, sql }) => `SELECT '${id}' AS id WHERE EXISTS (${sql})`,
).join(' UNION ALL ')}) broken) AS broken`;

const EMPTY = [
  'event',
  'outbox',
  'log_chunk',
  'xcom',
  'attempt',
  'task_instance',
  'run',
  'plan_task',
  'dag_load',
]
  .map((table) => `DELETE FROM podline.${table};`)
  .join('');

class Hands implements Executor {
  readonly name = 'local';
  readonly workerId: string;
  readonly launched: Attempt[] = [];

  constructor(workerId: string) {
    this.workerId = workerId;
  }

  freeSlots(): number {
    return 100;
  }

  start(launches: Launch[]): void {
    for (const launch of launches) {
      this.launched.push({ launch, secret: null, reported: null, answered: false });
    }
  }
}

export class Rig {
  readonly database: Database;
  readonly #test: TestDatabase;
  readonly #worker: Database;
  readonly #clock: VirtualClock;
  #caches = [new RunCache(), new RunCache()];
  #hands = [new Hands('a'), new Hands('b')];
  now = 0;

  private constructor(test: TestDatabase, clock: VirtualClock) {
    this.#test = test;
    this.database = test.pool;
    this.#worker = openPool(test.workerUrl, { max: 4 });
    this.#clock = clock;
  }

  static async open(): Promise<Rig> {
    const test = await testDatabase();
    return new Rig(test, await VirtualClock.install(test.pool, new Date(0)));
  }

  async close(): Promise<void> {
    await this.#worker.end();
    await this.#test.drop();
  }

  async empty(): Promise<void> {
    await this.database.query(
      `${EMPTY} UPDATE podline.dag SET version_id = NULL; DELETE FROM podline.dag_version; DELETE FROM podline.dag`,
    );
    await this.database.query('UPDATE podline.pool SET used = 0, slots = 128');
    this.#caches = [new RunCache(), new RunCache()];
    this.#hands = [new Hands('a'), new Hands('b')];
    this.now = Date.UTC(2026, 0, 1) / 1000;
    await this.#clock.set(new Date(this.now * 1000));
  }

  trigger(dagId: string, runId: string) {
    return triggerRun(this.database, dagId, { runId });
  }

  tick(by: number, over: { admitAnyway?: boolean } = {}): Promise<TickResult> {
    const [cache, hands] = [this.#caches[by], this.#hands[by]];
    if (!cache || !hands) throw new Error('there are two schedulers');
    return tick(this.database, {
      executors: [hands],
      cache,
      random: () => 0,
      admitAnyway: true,
      launchAnyway: true,
      onPoison: (run, error) => {
        throw new Error(`run ${run} cannot be decided`, { cause: error });
      },
      ...over,
    });
  }

  restart(by: number): void {
    this.#caches[by] = new RunCache();
  }

  /** Everything that was ever launched, in the order of launches. */
  attempts(): Attempt[] {
    return this.#hands
      .flatMap(({ launched }) => launched)
      .sort((a, b) => a.launch.attemptId - b.launch.attemptId);
  }

  /** Attempts that were launched and have not ended as far as their worker knows. */
  open(): Attempt[] {
    return this.attempts().filter(({ reported }) => reported === null);
  }

  /** False: the token was withdrawn, nothing may run. */
  claim(attempt: Attempt): Promise<boolean> {
    return (attempt.claiming ??= this.#claim(attempt));
  }

  async #claim(attempt: Attempt): Promise<boolean> {
    const secret = randomBytes(32);
    const { attemptId, token } = attempt.launch;
    const { rows } = await this.#worker.query<{ claim: unknown }>({
      name: 'claim',
      text: 'SELECT report.claim($1, $2, $3, $4, $5, $6) AS claim',
      values: [attemptId, token, sha256(secret), 'model', '{}', 60],
    });
    if (rows[0]?.claim == null) return false;
    attempt.secret = secret;
    return true;
  }

  async report(attempt: Attempt, outcome: Outcome): Promise<string> {
    attempt.reported ??= outcome;
    if (!(await this.claim(attempt))) return 'withdrawn';
    const { rows } = await this.#worker.query<{ reply: string }>({
      name: 'finish',
      text: 'SELECT report.finish($1, $2, $3, 0, $4) AS reply',
      values: [
        attempt.launch.attemptId,
        attempt.secret,
        JSON.stringify(attempt.reported),
        Buffer.alloc(0),
      ],
    });
    attempt.answered = true;
    return rows[0]?.reply ?? 'nothing';
  }

  /** True when the engine did not know its end already. */
  async die(attempt: Attempt): Promise<boolean> {
    attempt.reported ??= { state: 'failed', cause: 'worker_lost' };
    const { attemptId } = attempt.launch;
    const end = { attemptId, cause: 'worker_lost', message: 'model' };
    const ended = await endAttempts(this.database, [end]);
    attempt.answered = true;
    return ended > 0;
  }

  /** Executors see that the processes of attempts that nobody wants are gone. */
  async reap(): Promise<void> {
    for (const { workerId, launched } of this.#hands) {
      const { unwanted } = await beat(this.database, workerId);
      if (unwanted.length > 0) await markGone(this.database, unwanted);
      for (const attempt of launched) {
        if (unwanted.includes(attempt.launch.attemptId)) {
          attempt.reported ??= { state: 'success' };
        }
      }
    }
  }

  async advance(seconds: number): Promise<void> {
    this.now += seconds;
    await this.#clock.set(new Date(this.now * 1000));
    await collectDue(this.database, ['local'], 3600);
  }

  command(dagId: string, runId: string, command: Command): Promise<void> {
    return commandRun(this.database, { dagId, runId }, command);
  }

  async pause(paused: boolean): Promise<void> {
    await this.database.query('UPDATE podline.dag SET paused = $1', [paused]);
  }

  /** Names of broken invariants, in one statement. */
  async broken(): Promise<string[]> {
    const { rows } = await this.database.query<{ broken: string[] }>({
      name: 'check',
      text: CHECK,
    });
    return rows[0]?.broken ?? [];
  }

  /** By run id, then "task" or "task[0]". */
  async states(): Promise<Map<string, Map<string, string>>> {
    const { rows } = await this.database.query<{
      run_id: string;
      task_id: string;
      map_index: number;
      state: string;
    }>({
      name: 'states',
      text: `SELECT r.run_id, t.task_id, t.map_index, t.state FROM podline.run r
               JOIN podline.task_instance t ON t.run_id = r.id`,
    });
    const result = new Map<string, Map<string, string>>();
    for (const { run_id, task_id, map_index, state } of rows) {
      const run = result.get(run_id) ?? new Map<string, string>();
      result.set(run_id, run.set(map_index < 0 ? task_id : `${task_id}[${map_index}]`, state));
    }
    return result;
  }

  async runStates(): Promise<Map<string, string>> {
    const { rows } = await this.database.query<{ run_id: string; state: string }>(
      'SELECT run_id, state FROM podline.run',
    );
    return new Map(rows.map(({ run_id, state }) => [run_id, state]));
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
