/**
 * A warm worker of one pool: takes tasks whose executor is `pool:NAME` and runs each in a clean child process.
 * Woken by the tick that queued them; its beat every 2 s also finds what no wake-up told. Started by
 * `podline worker`, anywhere that reaches the database.
 */
import fs from 'node:fs/promises';
import { type Database, isTransient, openPool } from '../../database/pool.ts';
import { MOST_LAUNCHES } from '../../database/queries/launchAttempts.ts';
import type { Log } from '../../observe/log.ts';
import { ProcessWorker } from '../../worker/processWorker.ts';
import { checkPoolDatabase, type PoolBoard, poolBoard } from './poolBoard.ts';

export interface PoolWorkerOptions {
  /** Connection string of the role of pools: the functions of schema `pool`. */
  poolUrl: string;
  /** Connection string of the role of workers, for the children. */
  workerUrl: string;
  pool: string;
  slots: number;
  host: string;
  bundleCache: string;
  connectionsFile?: string;
  version: string;
  log: Log;
  /** A file that is there from registration to drain, and new with every good beat: for the probes of a pod. */
  healthFile?: string;
}

/** Beat and poll in one: an idle worker asks the database every 2 s. */
const BEAT_MS = 2_000;
const LEASE_SECONDS = 60;
const CHANNEL = 'podline_pool';
/** Longest wait of a worker that others are quicker than. */
const MOST_WAIT_MS = 100;

export class PoolWorker {
  readonly #options: PoolWorkerOptions;
  readonly #database: Database;
  readonly #board: PoolBoard;
  readonly #worker: ProcessWorker;
  #wanted = false;
  #taking: Promise<void> | undefined;
  /** More may be queued than there were slots for. */
  #backlog = false;
  #stopping = false;
  /** Wake-ups in a row that others had answered before. */
  #losses = 0;
  /** The next look follows a wake-up. */
  #told = false;
  #later: NodeJS.Timeout | undefined;
  #health: Promise<void> = Promise.resolve();

  constructor(options: PoolWorkerOptions) {
    this.#options = options;
    this.#database = openPool(options.poolUrl, { max: 2, applicationName: 'podline-pool' });
    this.#board = poolBoard(this.#database, options.pool);
    this.#worker = new ProcessWorker({
      board: this.#board,
      url: options.poolUrl,
      kind: 'pool',
      host: options.host,
      executors: [`pool:${options.pool}`],
      slots: options.slots,
      version: options.version,
      log: options.log,
      beatMs: BEAT_MS,
      channels: [CHANNEL],
      onNotify: (_channel, payload) => {
        const [count = '', pool] = payload.split(':');
        if (pool === options.pool) this.#hear(Number(count) || 1);
      },
      afterBeat: ({ waiting }) => {
        if (waiting) this.#take();
        void this.#showHealth();
      },
      onFree: () => {
        if (this.#backlog) this.#take();
      },
      init: {
        databaseUrl: options.workerUrl,
        bundleCache: options.bundleCache,
        host: options.host,
        leaseSeconds: LEASE_SECONDS,
        connectionsFile: options.connectionsFile,
      },
    });
  }

  get workerId(): string {
    return this.#worker.session.workerId;
  }

  async open(): Promise<void> {
    try {
      await checkPoolDatabase(this.#database, this.#options.poolUrl);
      await this.#worker.open();
    } catch (error) {
      await this.#database.end();
      throw error;
    }
    await this.#showHealth();
    this.#take();
  }

  /** Takes no more; what runs has `drainSeconds` to end, then it is interrupted and given back. */
  async stop(drainSeconds: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#later);
    await this.#showHealth();
    // What is being taken at this moment still gets its process, and with it a proper end.
    await this.#taking;
    await this.#worker.stop(drainSeconds);
    await this.#database.end();
  }

  /**
   * A wake-up reaches all workers of the pool. Who came too late before waits a little, the less the more there
   * is: a chain stays with the worker that has its code loaded. 6 idle workers on a busy machine: 51 ms a task when
   * all answer at once, 30 ms like this, 30 ms with one worker alone.
   */
  #hear(count: number): void {
    this.#told = true;
    if (this.#losses < 2) {
      this.#take();
      return;
    }
    const most = Math.min(MOST_WAIT_MS, 2 ** this.#losses) / count;
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      this.#take();
    }, Math.random() * most);
  }

  #take(): void {
    this.#wanted = true;
    this.#taking ??= this.#takeAll().finally(() => {
      this.#taking = undefined;
    });
  }

  async #takeAll(): Promise<void> {
    while (this.#wanted && !this.#stopping) {
      this.#wanted = false;
      const free = Math.min(this.#worker.freeSlots(), MOST_LAUNCHES);
      this.#backlog = true;
      if (free <= 0) return;
      const told = this.#told;
      this.#told = false;
      try {
        const launches = await this.#board.take(this.workerId, free);
        this.#backlog = launches.length >= free;
        if (launches.length > 0) this.#losses = 0;
        else if (told) this.#losses += 1;
        this.#worker.start(launches);
        if (this.#backlog) this.#wanted = true;
      } catch (error) {
        // The next beat tells whether work is still there.
        const level = isTransient(error) ? 'warn' : 'error';
        this.#options.log[level]({ error: String(error) }, 'no work could be taken');
        return;
      }
    }
  }

  /** One after the other: the last word is that of the drain. */
  #showHealth(): Promise<void> {
    const { healthFile, log } = this.#options;
    if (healthFile === undefined) return Promise.resolve();
    this.#health = this.#health
      .then(() =>
        this.#stopping ? fs.rm(healthFile, { force: true }) : fs.writeFile(healthFile, ''),
      )
      .catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the health file could not be changed');
      });
    return this.#health;
  }
}
