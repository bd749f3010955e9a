/**
 * The executor `local`: attempts run as processes of this machine, under a supervisor. Started by `podline
 * scheduler`, `podline dev` and the demo; the tick hands it launches.
 */
import { type Database } from '../../database/pool.ts';
import type { Launch } from '../../database/queries/launchAttempts.ts';
import { crashPoint } from '../../observe/crashPoint.ts';
import type { Log } from '../../observe/log.ts';
import type { Executor } from '../../scheduler/tick.ts';
import { ownerBoard } from '../../worker/ownerBoard.ts';
import { ProcessWorker } from '../../worker/processWorker.ts';

export interface LocalExecutorOptions {
  database: Database;
  url: string;
  workerUrl: string;
  /** 0: runs nothing, only registers. */
  slots: number;
  host: string;
  bundleCache: string;
  connectionsFile?: string;
  version: string;
  log: Log;
  /** Wakes the scheduler's loop of this process. */
  onFree(): void;
}

const LEASE_SECONDS = 60;

export class LocalExecutor implements Executor {
  readonly name = 'local';
  readonly #worker: ProcessWorker;

  constructor(options: LocalExecutorOptions) {
    this.#worker = new ProcessWorker({
      ...options,
      board: ownerBoard(options.database),
      kind: 'scheduler',
      executors: options.slots > 0 ? ['local'] : [],
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

  /** Registers and starts beating. Must be called before the first launch. */
  open(): Promise<void> {
    return this.#worker.open();
  }

  freeSlots(): number {
    return this.#worker.freeSlots();
  }

  start(launches: Launch[]): void {
    crashPoint('executor.before_send');
    this.#worker.start(launches);
    crashPoint('executor.after_send');
  }

  stop(drainSeconds: number): Promise<void> {
    return this.#worker.stop(drainSeconds);
  }
}
