/**
 * The executor `local`: attempts run as processes of this machine, under a supervisor. Registers itself as
 * a worker, holds a session lock as proof of life, beats, and stops what the database no longer wants.
 * Started by `podline scheduler`, `podline dev` and the demo; the tick hands it launches.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Launch } from '../../database/queries/launchAttempts.ts';
import {
  beat,
  endAttempts,
  markGone,
  registerWorker,
  unregisterWorker,
  WORKER_LOCK,
} from '../../database/queries/workers.ts';
import { type Database, openClient } from '../../database/pool.ts';
import { crashPoint } from '../../observe/crashPoint.ts';
import type { Log } from '../../observe/log.ts';
import type { Executor } from '../../scheduler/tick.ts';
import { type AttemptEnd, Supervisor } from '../../worker/supervisor.ts';

export interface LocalExecutorOptions {
  database: Database;
  url: string;
  workerUrl: string;
  slots: number;
  host: string;
  bundleCache: string;
  connectionsFile?: string;
  version: string;
  log: Log;
  /** Wakes the scheduler's loop of this process. */
  onFree(): void;
}

const BEAT_MS = 3_000;
/** After a beat that failed: whoever is silent for long is taken for dead. */
const BEAT_AGAIN_MS = 500;
/** How long an attempt may be ours in the database and in no process of ours. */
const MISSING_MS = 2_000;
/** Seconds that a task gets between TERM and KILL. */
const GRACE_SECONDS = 5;
const LEASE_SECONDS = 60;

interface Lock {
  client: Client;
  held: boolean;
}

export class LocalExecutor implements Executor {
  readonly name = 'local';
  workerId = '';
  readonly #options: LocalExecutorOptions;
  readonly #supervisor: Supervisor;
  #lock: Lock | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<boolean> | undefined;
  /** Takes no more work; what runs may end. */
  #stopping = false;
  #stopped = false;
  readonly #unreported = new Map<number, AttemptEnd>();
  /** Attempts without a process, and since when. */
  #missing = new Map<number, number>();

  constructor(options: LocalExecutorOptions) {
    this.#options = options;
    this.#supervisor = new Supervisor({
      slots: options.slots,
      log: options.log,
      init: {
        databaseUrl: options.workerUrl,
        bundleCache: options.bundleCache,
        host: options.host,
        leaseSeconds: LEASE_SECONDS,
        connectionsFile: options.connectionsFile,
      },
      onEnded: (end) => {
        this.#ended(end);
      },
    });
  }

  start(launches: Launch[]): void {
    crashPoint('executor.before_send');
    for (const launch of launches) {
      // Taken for dead meanwhile: the attempt belongs to a worker that is no more.
      if (launch.workerId !== this.workerId) continue;
      try {
        if (this.#stopping) throw new Error('the worker is being stopped');
        this.#supervisor.run(launch);
      } catch (error) {
        const { attemptId } = launch;
        this.#ended({ attemptId, lost: { cause: 'launch_failed', message: String(error) } });
      }
    }
    crashPoint('executor.after_send');
  }

  freeSlots(): number {
    return this.#lock?.held && !this.#stopping ? this.#supervisor.freeSlots() : 0;
  }

  async stop(drainSeconds: number): Promise<void> {
    // It goes on beating, else its tasks would be taken for lost while they come to their end.
    this.#stopping = true;
    await this.#supervisor.stop(drainSeconds);
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    await this.#report().catch(() => {});
    await unregisterWorker(this.#options.database, this.workerId).catch(() => {});
    await this.#lock?.client.end().catch(() => {});
  }

  /** Registers and starts beating. Must be called before the first launch. */
  async open(): Promise<void> {
    await this.#register();
    this.#supervisor.warmUp();
    this.#schedule(BEAT_MS);
  }

  /** A new identity each time: attempts of a former one are somebody else's business. */
  async #register(): Promise<void> {
    const { database, host, slots, version } = this.#options;
    const lockKey = randomInt(1, 2 ** 31 - 1);
    const lock = await this.#openLock(lockKey);
    const id = `${host}-${process.pid}-${randomUUID().slice(0, 8)}`;
    await registerWorker(database, {
      id,
      kind: 'scheduler',
      host,
      pid: process.pid,
      lockKey,
      executors: ['local'],
      slots,
      version,
    });
    this.workerId = id;
    this.#lock = lock;
  }

  #schedule(milliseconds: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.#beat().then((good) => {
        this.#schedule(good ? BEAT_MS : BEAT_AGAIN_MS);
      });
    }, milliseconds);
  }

  /** False when it failed. */
  #beat(): Promise<boolean> {
    this.#beating ??= this.#beatOnce()
      .then(() => true)
      .catch((error: unknown) => {
        this.#options.log.warn({ error: String(error) }, 'worker heartbeat failed');
        return false;
      })
      .finally(() => {
        this.#beating = undefined;
      });
    return this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const { database, log } = this.#options;
    await this.#report();
    const { alive, unwanted, expected } = await beat(database, this.workerId);
    const running = new Set(this.#supervisor.running());
    if (!alive) {
      log.warn({ worker: this.workerId }, 'taken for dead: stopping its tasks and starting anew');
      for (const id of running) this.#supervisor.kill(id, 'interrupted', 0);
      const old = this.#lock;
      this.#lock = undefined;
      this.#missing.clear();
      await old?.client.end().catch(() => {});
      await this.#register();
      this.#options.onFree();
      return;
    }
    if (!this.#lock?.held) await this.#renewLock();
    await this.#endMissing(expected.filter((id) => !running.has(id)));
    for (const id of unwanted) {
      if (running.has(id)) this.#supervisor.kill(id, 'cancelled', GRACE_SECONDS);
    }
    const gone = unwanted.filter((id) => !running.has(id));
    if (gone.length > 0) {
      await markGone(database, gone);
      this.#options.onFree();
    }
  }

  /**
   * Attempts that the database gave us and that no process has: the answer to the commit of their launch was
   * lost, or the answer to their claim. A process that is about to get one, or just ended, is in time.
   */
  async #endMissing(ids: number[]): Promise<void> {
    const now = performance.now();
    this.#missing = new Map(ids.map((id) => [id, this.#missing.get(id) ?? now]));
    for (const [attemptId, since] of this.#missing) {
      if (now - since < MISSING_MS) continue;
      const message = 'its launch was recorded, but no process was given it';
      this.#unreported.set(attemptId, { attemptId, lost: { cause: 'launch_lost', message } });
    }
    await this.#report();
  }

  /** The connection was lost and is back: same identity, a new lock under the same key. */
  async #renewLock(): Promise<void> {
    const { database } = this.#options;
    const { rows } = await database.query<{ lock_key: number }>(
      'SELECT lock_key FROM podline.worker WHERE id = $1',
      [this.workerId],
    );
    this.#lock = await this.#openLock(rows[0]?.lock_key ?? 0);
    this.#options.onFree();
  }

  async #openLock(lockKey: number): Promise<Lock> {
    const client = await openClient(this.#options.url, 'podline-worker-lock');
    const lock: Lock = { client, held: true };
    const drop = () => {
      if (!lock.held) return;
      lock.held = false;
      if (this.#lock === lock && !this.#stopped) void this.#beat();
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', () => void this.#beat());
    try {
      // Never waited for: a session that the server has not yet given up holds the lock for us.
      const { rows } = await client.query<{ got: boolean }>(
        'SELECT pg_try_advisory_lock($1::int, $2::int) AS got',
        [WORKER_LOCK, lockKey],
      );
      if (!rows[0]?.got) throw new Error('the former session still holds the lock of this worker');
      await client.query('LISTEN podline_kill');
    } catch (error) {
      lock.held = false;
      await client.end().catch(() => {});
      throw error;
    }
    return lock;
  }

  #ended(end: AttemptEnd): void {
    if (end.lost) {
      this.#unreported.set(end.attemptId, end);
      void this.#beat();
    }
    this.#options.onFree();
  }

  /** Ends of attempts whose process died. Kept until the database has them. */
  async #report(): Promise<void> {
    const ends = [...this.#unreported.values()];
    if (ends.length === 0) return;
    await endAttempts(
      this.#options.database,
      ends.map(({ attemptId, lost }) => ({
        attemptId,
        cause: lost?.cause ?? 'worker_lost',
        message: lost?.message ?? '',
      })),
    );
    for (const { attemptId } of ends) this.#unreported.delete(attemptId);
    this.#options.onFree();
  }
}
