/**
 * Runs DAGs on the real engine with a virtual clock and scripted task outcomes, inside any test runner.
 * The door is `podline/testing`; the project's own engine tests use the same. Every `settle` drives the
 * scheduler's own tick, timetable and timers until nothing follows.
 */
import path from 'node:path';
import { type Duration, parseDuration } from '../../src/dag/duration.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { type BackfillOptions, createBackfill } from '../commands/backfill.ts';
import { commandRun } from '../commands/commandRun.ts';
import { type TriggerOptions, triggerRun } from '../commands/trigger.ts';
import { checkInvariants, type Violation } from '../database/invariants.ts';
import { openPool } from '../database/pool.ts';
import { collectDue } from '../database/queries/collectDue.ts';
import { registerDag } from '../register/registerDags.ts';
import type { Command } from '../scheduler/decision.ts';
import { type Deliver, deliverOne } from '../scheduler/outbox.ts';
import { RunCache } from '../scheduler/runCache.ts';
import { tick } from '../scheduler/tick.ts';
import { makeDueRuns } from '../scheduler/timetable.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { EngineView } from './engineView.ts';
import { type Script, ScriptedExecutor } from './scriptedExecutor.ts';
import { VirtualClock } from './virtualClock.ts';

export interface TestEngineOptions {
  /** Where the virtual clock starts. Default 2026-01-01T00:00:00Z. */
  start?: string | Date;
  /** 0..1 for jitter. Default always 0.5. */
  random?: () => number;
  /** Set runs that cannot be decided aside, as a scheduler does, instead of throwing. Default false. */
  setAside?: boolean;
  /** Receives callbacks. Default: they are kept in `delivered`. */
  deliver?: Deliver;
  /** Folder that `file:` of plain scripts is relative to. Default the current folder. */
  folder?: string;
}

export class TestEngine extends EngineView {
  readonly testDatabase: TestDatabase;
  readonly executor: ScriptedExecutor;
  readonly clock: VirtualClock;
  readonly delivered: { target: unknown; payload: unknown }[] = [];
  readonly setAside: { runId: number; error: unknown }[] = [];
  readonly #worker: TestDatabase['pool'];
  readonly #options: TestEngineOptions;
  readonly #cache = new RunCache();

  private constructor(
    database: TestDatabase,
    worker: TestDatabase['pool'],
    clock: VirtualClock,
    options: TestEngineOptions,
  ) {
    super(database.pool);
    this.testDatabase = database;
    this.clock = clock;
    this.#worker = worker;
    this.#options = options;
    this.executor = new ScriptedExecutor({ workerId: 'test', worker, owner: database.pool });
  }

  static async open(options: TestEngineOptions = {}): Promise<TestEngine> {
    const database = await testDatabase();
    const start = new Date(options.start ?? '2026-01-01T00:00:00Z');
    const clock = await VirtualClock.install(database.pool, start);
    return new TestEngine(database, openPool(database.workerUrl), clock, options);
  }

  async close(): Promise<void> {
    await this.#worker.end();
    await this.testDatabase.drop();
  }

  /** Compiles and registers DAG values made by dag(...). Returns their plans. */
  async register(...dags: object[]): Promise<Plan[]> {
    const folder = this.#options.folder ?? process.cwd();
    const plans = dags.map((dag) => compile(dag, { readFile: (file) => readText(folder, file) }));
    for (const plan of plans) {
      const source = path.join(folder, `${plan.dagId}.ts`);
      const hash = versionHash(plan, null);
      await registerDag(this.database, { plan, hash, source, bundle: null }, 'local');
    }
    return plans;
  }

  /** What attempts of a task do from now on; without a script they succeed. `task` or `dag.task`. */
  script(task: string, script: Script): void {
    this.executor.scripts.set(task, script);
  }

  /** Starts a run by hand and settles. Returns its run id. */
  async run(dagId: string, options: TriggerOptions = {}): Promise<string> {
    const { runId } = await triggerRun(this.database, dagId, options);
    await this.settle();
    return runId;
  }

  async backfill(dagId: string, options: BackfillOptions): Promise<void> {
    await createBackfill(this.database, dagId, options);
    await this.settle();
  }

  /** Cancel, clear or mark, then settle. */
  async command(dagId: string, runId: string, command: Command): Promise<void> {
    await commandRun(this.database, { dagId, runId }, command);
    await this.settle();
  }

  async clear(
    dagId: string,
    runId: string,
    tasks: string[] = [],
    options: Partial<Omit<Extract<Command, { kind: 'clear' }>, 'kind' | 'tasks'>> = {},
  ): Promise<void> {
    await this.command(dagId, runId, {
      kind: 'clear',
      tasks,
      upstream: false,
      downstream: true,
      onlyFailed: false,
      latestVersion: false,
      ...options,
    });
  }

  /** Works until nothing follows at this instant. */
  async settle(): Promise<void> {
    const { random = () => 0.5, setAside = false } = this.#options;
    for (let worked = true; worked;) {
      const due = await collectDue(this.database, [this.executor.name], 3600);
      const made = due.dags ? await makeDueRuns(this.database) : 0;
      const result = await tick(this.database, {
        executors: [this.executor],
        cache: this.#cache,
        random,
        admitAnyway: due.scheduled || due.runs,
        launchAnyway: due.queued,
        onPoison: (runId, error) => {
          if (!setAside) throw new Error(`run ${runId} cannot be decided`, { cause: error });
          this.setAside.push({ runId, error });
        },
      });
      const stopped = await this.executor.stopUnwanted();
      const ran = await this.executor.drain();
      const delivered = due.outbox ? await this.#deliver() : false;
      const steps = made + result.runs + result.admitted + result.launched + result.startedRuns;
      worked = steps > 0 || stopped || ran || delivered;
    }
  }

  /** Lets time pass, stopping at every timer on the way, as the real clock would. */
  async advance(duration: Duration): Promise<void> {
    const end = new Date((await this.clock.now()).getTime() + parseDuration(duration) * 1000);
    await this.advanceTo(end);
  }

  async advanceTo(end: Date | string): Promise<void> {
    const target = new Date(end);
    await this.settle();
    for (;;) {
      const now = await this.clock.now();
      const { next_ms } = await collectDue(this.database, [this.executor.name], 3600);
      const next = next_ms === null ? Infinity : now.getTime() + Math.max(1, Math.ceil(next_ms));
      if (next > target.getTime()) break;
      await this.clock.set(new Date(next));
      await this.settle();
    }
    await this.clock.set(target);
    await this.settle();
  }

  /** The invariants of the engine, as SQL checks. Empty when all hold. */
  check(): Promise<Violation[]> {
    return checkInvariants(this.database);
  }

  /** Forgets what the scheduler has in memory, as another scheduler process would see it. */
  restartScheduler(): void {
    this.#cache.clear();
  }

  async #deliver(): Promise<boolean> {
    const deliver: Deliver =
      this.#options.deliver ??
      ((target, payload) => {
        this.delivered.push({ target, payload });
        return Promise.resolve();
      });
    let any = false;
    while (await deliverOne(this.database, deliver)) any = true;
    return any;
  }
}

function readText(folder: string, file: string): string | undefined {
  const fs = process.getBuiltinModule('node:fs');
  const full = path.resolve(folder, file);
  return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
}
