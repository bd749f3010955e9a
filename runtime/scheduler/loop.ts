/**
 * The scheduler's loop: ticks until nothing is left, then sleeps until a wake-up, the next timer, or 2 s.
 * A thin shell: every decision is made elsewhere. Any number of these may run on one database. Started
 * by `podline scheduler`, `podline dev` and the demo.
 */
import type { Client } from 'pg';
import { announceSleep } from '../database/queries/claimEvents.ts';
import { collectDue } from '../database/queries/collectDue.ts';
import { quarantineRun } from '../database/queries/quarantineRun.ts';
import { reapWorkers, WORKER_LIMITS, type WorkerLimits } from '../database/queries/workers.ts';
import { type Database, inTransaction, isTransient, openClient } from '../database/pool.ts';
import type { Log } from '../observe/log.ts';
import type { LoopMeter } from '../observe/meter.ts';
import { type Deliver, deliverOne } from './outbox.ts';
import { MOST_STARTS } from './handOut.ts';
import { RunCache } from './runCache.ts';
import { type Executor, SlotsFailed, tick, type TickResult } from './tick.ts';
import { makeDueRuns } from './timetable.ts';

export interface LoopOptions {
  database: Database;
  /** For LISTEN; a connection of its own. */
  url: string;
  executors: Executor[];
  deliver: Deliver;
  log: Log;
  random?: () => number;
  workerLimits?: WorkerLimits;
  /** Told what the loop does, for health and metrics. Must be quick. */
  meter?: LoopMeter;
  /** Told that spans wait to be sent. Must be quick. */
  traces?: { poke(): void };
}

/** Longest sleep: a lost wake-up costs at most this. */
const POLL_MS = 2_000;
const MOST_REAP_MS = 2_500;

export class SchedulerLoop {
  readonly #options: LoopOptions;
  readonly #cache = new RunCache();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #listener: Client | undefined;
  #wake: (() => void) | undefined;
  #woken = false;
  #backlog = false;
  /** Whether the next event will send a wake-up. */
  #announced = false;
  #nextDue = 0;
  #nextReap = 0;
  /**
   * Since when this process has seen the database without a gap. After an outage or a pause of this process
   * others look silent, too, until they have had the time to beat again.
   */
  #seenSince = Date.now();
  #seenAt = Date.now();
  #delivering: Promise<void> | undefined;
  /** Ticks that found something, for `podline scheduler` and the benchmarks. */
  ticks = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends the loop after the tick at hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.poke();
    await this.#running;
    await this.#delivering;
    await this.#listener?.end().catch(() => {});
  }

  /** Wakes the loop at once. Called when something in this process made work. */
  poke(): void {
    this.#woken = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    const { log, meter } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      meter?.beat();
      try {
        await this.#listen();
        await this.#round();
        this.#seenAt = Date.now();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#seenSince = Date.now();
        // What a restarted database remembers of announcements is not certain.
        this.#announced = false;
        const delay = Math.min(POLL_MS, 100 * 2 ** Math.min(failures, 6));
        if (isTransient(error)) {
          meter?.failed('database');
          log.warn({ error: String(error), retryMs: delay }, 'database not available');
          this.#cache.clear();
        } else {
          meter?.failed('tick');
          log.error({ error: String(error) }, 'tick failed');
          await this.#isolate().catch((failure: unknown) => {
            log.error({ error: String(failure) }, 'isolating runs failed');
          });
        }
        await this.#sleep(delay);
      }
    }
  }

  /** Works until nothing is left, then sleeps. */
  async #round(): Promise<void> {
    const { database, executors, log, meter, random = Math.random } = this.#options;
    const wasWoken = this.#woken;
    this.#woken = false;
    const now = Date.now();
    const kept =
      now >= this.#nextDue ? await this.#housekeeping(now) : { admit: false, events: true };
    let admitAnyway = kept.admit;

    let worked = false;
    let launchAnyway = this.#backlog;
    this.#backlog = false;
    // Nothing to do is the usual case at night: then this round was one query.
    const idle = !wasWoken && !kept.events && !kept.admit && !launchAnyway;
    while (!idle) {
      const begun = performance.now();
      const result: TickResult = await tick(database, {
        executors,
        cache: this.#cache,
        random,
        admitAnyway,
        launchAnyway,
        onPoison: (run, error) => {
          log.error({ run, error: String(error) }, 'run set aside');
        },
      });
      // More runs may be waiting for a start than one tick starts.
      admitAnyway = result.startedRuns >= MOST_STARTS;
      launchAnyway = result.backlog && result.launched > 0;
      if (result.backlog) this.#backlog = true;
      if (result.endedRuns > 0) this.#nextDue = 0;
      if (result.spans > 0) this.#options.traces?.poke();
      if (result.runs === 0 && result.startedRuns === 0 && !launchAnyway) break;
      worked = true;
      this.#announced = false;
      this.ticks += 1;
      meter?.ticked(result, performance.now() - begun);
      if (this.#stop.signal.aborted) return;
    }
    if (worked || !this.#announced) {
      await announceSleep(database);
      this.#announced = true;
      this.#nextDue = Math.min(this.#nextDue, Date.now() + 15);
    }
    await this.#sleep(Math.max(0, Math.min(POLL_MS, this.#nextDue - Date.now())));
  }

  /** Timers, due runs, dead workers, callbacks. `admit`: slots should be handed out anew. */
  async #housekeeping(now: number): Promise<{ admit: boolean; events: boolean }> {
    const { database, executors, workerLimits = WORKER_LIMITS } = this.#options;
    const due = await collectDue(
      database,
      executors.map(({ name }) => name),
      workerLimits.unlockedSeconds,
    );
    const reaped = await this.#reap(now, due.silent);
    // A DAG that waits for its own limit stays due; only one that went on is looked at again at once.
    const advanced = due.dags ? await makeDueRuns(database) : 0;
    if (due.outbox) this.#deliver();
    const soon = advanced > 0 ? 0 : (due.next_ms ?? POLL_MS);
    this.#nextDue = now + Math.max(5, Math.min(POLL_MS, Math.ceil(soon)));
    return {
      admit: due.scheduled || due.runs || due.queued,
      events: due.events || due.fired > 0 || advanced > 0 || reaped > 0,
    };
  }

  /** Number of attempts that were ended with their worker. */
  async #reap(now: number, silent: boolean): Promise<number> {
    const { database, workerLimits: limits = WORKER_LIMITS } = this.#options;
    const patience = limits.unlockedSeconds * 1000;
    if (now - this.#seenAt > POLL_MS + patience) this.#seenSince = now;
    if (!silent || now < this.#nextReap || now - this.#seenSince < patience) return 0;
    this.#nextReap = now + Math.min(MOST_REAP_MS, patience / 2);
    return (await reapWorkers(database, limits)).ended;
  }

  #deliver(): void {
    const { database, deliver, log } = this.#options;
    this.#delivering ??= (async () => {
      try {
        while (!this.#stop.signal.aborted && (await deliverOne(database, deliver)));
      } catch (error) {
        log.warn({ error: String(error) }, 'callbacks wait');
      } finally {
        this.#delivering = undefined;
      }
    })();
  }

  /** A statement failed for some run: find it by trying each alone, set it aside, let the others go on. */
  async #isolate(): Promise<void> {
    const { database, executors, log, random = Math.random } = this.#options;
    this.#cache.clear();
    const { rows } = await database.query<{ run_id: number }>(
      'SELECT DISTINCT run_id FROM (SELECT run_id FROM podline.event ORDER BY id LIMIT 2000) e LIMIT 200',
    );
    for (const { run_id } of rows) {
      try {
        await tick(database, { executors, cache: this.#cache, random, onlyRun: run_id });
      } catch (error) {
        // Only a run whose own rows could not be written is to blame.
        if (isTransient(error) || error instanceof SlotsFailed) throw error;
        log.error({ run: run_id, error: String(error) }, 'run set aside');
        await this.#quarantine(run_id, error);
      }
    }
  }

  async #quarantine(runId: number, error: unknown): Promise<void> {
    const { database, log } = this.#options;
    await inTransaction(database, (transaction) =>
      quarantineRun(transaction, runId, String(error)),
    ).catch((failure: unknown) => {
      log.error({ run: runId, error: String(failure) }, 'run could not be set aside');
    });
  }

  async #listen(): Promise<void> {
    if (this.#listener) return;
    const client = await openClient(this.#options.url, 'podline-listen');
    const drop = () => {
      if (this.#listener === client) this.#listener = undefined;
      this.poke();
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', ({ payload }) => {
      // A command decided by another process may have queued tasks without leaving an event.
      if (payload === 'command') {
        this.#nextDue = 0;
        this.#options.traces?.poke();
      }
      this.poke();
    });
    await client.query('LISTEN podline_wake');
    this.#listener = client;
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#woken || this.#stop.signal.aborted || milliseconds <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, milliseconds);
      const wake = done.bind(null);
      this.#wake = wake;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
