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
/** Seconds that a task gets between TERM and KILL. */
const GRACE_SECONDS = 5;
const LEASE_SECONDS = 60;

export class LocalExecutor implements Executor {
  readonly name = 'local';
  workerId = '';
  readonly #options: LocalExecutorOptions;
  readonly #supervisor: Supervisor;
  #lock: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #stopped = false;
  readonly #unreported = new Map<number, AttemptEnd>();

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
    for (const launch of launches) this.#supervisor.run(launch);
  }

  freeSlots(): number {
    return this.#lock ? this.#supervisor.freeSlots() : 0;
  }

  async stop(drainSeconds: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#supervisor.stop(drainSeconds);
    await this.#beating;
    await this.#report().catch(() => {});
    await unregisterWorker(this.#options.database, this.workerId).catch(() => {});
    await this.#lock?.end().catch(() => {});
  }

  /** Registers and starts beating. Must be called before the first launch. */
  async open(): Promise<void> {
    await this.#register();
    this.#supervisor.warmUp();
    this.#schedule();
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

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.#beat().finally(() => {
        this.#schedule();
      });
    }, BEAT_MS);
  }

  #beat(): Promise<void> {
    this.#beating ??= this.#beatOnce()
      .catch((error: unknown) => {
        this.#options.log.warn({ error: String(error) }, 'worker heartbeat failed');
      })
      .finally(() => {
        this.#beating = undefined;
      });
    return this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const { database, log } = this.#options;
    await this.#report();
    const { alive, unwanted } = await beat(database, this.workerId);
    const running = new Set(this.#supervisor.running());
    if (!alive) {
      log.warn({ worker: this.workerId }, 'taken for dead: stopping its tasks and starting anew');
      for (const id of running) this.#supervisor.kill(id, 'interrupted', 0);
      const old = this.#lock;
      this.#lock = undefined;
      await old?.end().catch(() => {});
      await this.#register();
      return;
    }
    if (!this.#lock) await this.#renewLock();
    for (const id of unwanted) {
      if (running.has(id)) this.#supervisor.kill(id, 'cancelled', GRACE_SECONDS);
    }
    const gone = unwanted.filter((id) => !running.has(id));
    if (gone.length > 0) {
      await markGone(database, gone);
      this.#options.onFree();
    }
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

  async #openLock(lockKey: number): Promise<Client> {
    const lock = await openClient(this.#options.url, 'podline-worker-lock');
    const drop = () => {
      if (this.#lock === lock) this.#lock = undefined;
    };
    lock.on('error', drop);
    lock.on('end', drop);
    lock.on('notification', () => void this.#beat());
    await lock.query('SELECT pg_advisory_lock($1::int, $2::int)', [WORKER_LOCK, lockKey]);
    await lock.query('LISTEN podline_kill');
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
