/**
 * One process as the database knows it: a worker row, a session advisory lock as proof of life, a beat every
 * few seconds, LISTEN for attempts that must end. Taken for dead by others, it begins anew under another name.
 * Used by the executors of a scheduler and by pool workers; what they run is their own business.
 */
import { randomInt, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { openClient } from '../database/pool.ts';
import { type Beat, WORKER_LOCK, type WorkerFacts } from '../database/queries/workers.ts';
import type { Log } from '../observe/log.ts';

/** The few calls behind a session: with the owner's rights, or through the functions of schema `pool`. */
export interface WorkerBoard {
  register(worker: WorkerFacts): Promise<void>;
  beat(workerId: string): Promise<Beat>;
  /** No process of these attempts is left. */
  markGone(workerId: string, attemptIds: number[]): Promise<void>;
  /** Their processes died without a report; a report that came first wins. */
  endAttempts(workerId: string, ends: AttemptLoss[]): Promise<void>;
  unregister(workerId: string): Promise<void>;
}

export interface AttemptLoss {
  attemptId: number;
  cause: string;
  message: string;
}

export interface SessionOptions {
  board: WorkerBoard;
  /** For the lock and LISTEN: a connection of its own, direct to the server. */
  url: string;
  kind: 'scheduler' | 'pool';
  host: string;
  executors: string[];
  slots: number;
  version: string;
  log: Log;
  /** Default 3 s. */
  beatMs?: number;
  /** Further channels to LISTEN on; what arrives there goes to `onNotify`. */
  channels?: string[];
  onNotify?(channel: string, payload: string): void;
  /** Before every beat and once at the end: what the database does not know yet. An error counts as a failed beat. */
  beforeBeat?(): Promise<void>;
  /** After every good beat, with the lock held. An error counts as a failed beat. */
  onBeat(beat: Beat): Promise<void> | void;
  /** Others took this process for dead: nothing that it runs is its own any more. */
  onLost(): void;
  /** It may take work (again): the lock is held. */
  onFree(): void;
}

const BEAT_MS = 3_000;
/** After a beat that failed: whoever is silent for long is taken for dead. */
const BEAT_AGAIN_MS = 500;
const KILL_CHANNEL = 'podline_kill';

interface Lock {
  client: Client;
  held: boolean;
}

export class WorkerSession {
  readonly #options: SessionOptions;
  #workerId = '';
  #lockKey = 0;
  #lock: Lock | undefined;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<boolean> | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Changes when others took this process for dead. */
  get workerId(): string {
    return this.#workerId;
  }

  /** Only who holds the lock should take work: others would take it away again soon. */
  get held(): boolean {
    return this.#lock?.held === true;
  }

  /** Registers and starts beating. */
  async open(): Promise<void> {
    await this.#register();
    this.#schedule(this.#options.beatMs ?? BEAT_MS);
  }

  /** False when it failed. One that is on its way is waited for. */
  beatNow(): Promise<boolean> {
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

  /** Leaves in order. What the database still gives to this worker comes back through reapWorkers. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#beating;
    const { board, beforeBeat } = this.#options;
    await beforeBeat?.().catch(() => {});
    await board.unregister(this.#workerId).catch(() => {});
    await this.#lock?.client.end().catch(() => {});
    this.#lock = undefined;
  }

  /** A new identity each time: attempts of a former one are somebody else's business. */
  async #register(): Promise<void> {
    const { board, kind, host, executors, slots, version } = this.#options;
    const lockKey = randomInt(1, 2 ** 31 - 1);
    const lock = await this.#openLock(lockKey);
    const id = `${host}-${process.pid}-${randomUUID().slice(0, 8)}`;
    try {
      await board.register({
        id,
        kind,
        host,
        pid: process.pid,
        lockKey,
        executors,
        slots,
        version,
      });
    } catch (error) {
      lock.held = false;
      await lock.client.end().catch(() => {});
      throw error;
    }
    this.#workerId = id;
    this.#lockKey = lockKey;
    this.#lock = lock;
  }

  #schedule(milliseconds: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      void this.beatNow().then((good) => {
        this.#schedule(good ? (this.#options.beatMs ?? BEAT_MS) : BEAT_AGAIN_MS);
      });
    }, milliseconds);
  }

  async #beatOnce(): Promise<void> {
    const { board, log } = this.#options;
    await this.#options.beforeBeat?.();
    const found = await board.beat(this.#workerId);
    if (!found.alive) {
      log.warn({ worker: this.#workerId }, 'taken for dead: stopping its tasks and starting anew');
      this.#options.onLost();
      const old = this.#lock;
      this.#lock = undefined;
      await old?.client.end().catch(() => {});
      await this.#register();
      this.#options.onFree();
      return;
    }
    if (!this.held) {
      // The connection was lost and is back: same identity, a new lock under the same key.
      this.#lock = await this.#openLock(this.#lockKey);
      this.#options.onFree();
    }
    await this.#options.onBeat(found);
  }

  async #openLock(lockKey: number): Promise<Lock> {
    const { url, channels = [] } = this.#options;
    const client = await openClient(url, 'podline-worker-lock');
    const lock: Lock = { client, held: true };
    const drop = () => {
      if (!lock.held) return;
      lock.held = false;
      if (this.#lock === lock && !this.#closed) void this.beatNow();
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', ({ channel, payload }) => {
      if (channel === KILL_CHANNEL) void this.beatNow();
      else this.#options.onNotify?.(channel, payload ?? '');
    });
    try {
      // Never waited for: a session that the server has not yet given up holds the lock for us.
      const { rows } = await client.query<{ got: boolean }>(
        'SELECT pg_try_advisory_lock($1::int, $2::int) AS got',
        [WORKER_LOCK, lockKey],
      );
      if (!rows[0]?.got) throw new Error('the former session still holds the lock of this worker');
      for (const channel of [KILL_CHANNEL, ...channels]) {
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      }
    } catch (error) {
      lock.held = false;
      await client.end().catch(() => {});
      throw error;
    }
    return lock;
  }
}
