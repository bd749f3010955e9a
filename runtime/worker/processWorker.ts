/**
 * A worker whose attempts are processes of this machine: a session and a supervisor, kept in step. Stops what
 * the database no longer wants, reports what died without a word, ends what no process was given. The local
 * executor and the pool worker are this, fed from two sides.
 */
import type { Launch } from '../database/queries/launchAttempts.ts';
import type { Beat } from '../database/queries/workers.ts';
import { type AttemptLoss, type SessionOptions, WorkerSession } from './session.ts';
import { type AttemptEnd, Supervisor, type SupervisorOptions } from './supervisor.ts';

export interface ProcessWorkerOptions extends Omit<
  SessionOptions,
  'onBeat' | 'onLost' | 'beforeBeat'
> {
  init: SupervisorOptions['init'];
  /** After a good beat, when its findings were dealt with. */
  afterBeat?(beat: Beat): void;
}

/** How long an attempt may be ours in the database and in no process of ours. */
const MISSING_MS = 2_000;
/** Seconds that a task gets between TERM and KILL. */
const GRACE_SECONDS = 5;

export class ProcessWorker {
  readonly session: WorkerSession;
  readonly #options: ProcessWorkerOptions;
  readonly #supervisor: Supervisor;
  /** Takes no more work; what runs may end. */
  #stopping = false;
  readonly #unreported = new Map<number, AttemptLoss>();
  /** Attempts without a process, and since when. */
  #missing = new Map<number, number>();

  constructor(options: ProcessWorkerOptions) {
    this.#options = options;
    this.#supervisor = new Supervisor({
      slots: options.slots,
      log: options.log,
      init: options.init,
      onEnded: (end) => {
        this.#ended(end);
      },
    });
    this.session = new WorkerSession({
      ...options,
      beforeBeat: () => this.#report(),
      onBeat: (beat) => this.#onBeat(beat),
      onLost: () => {
        for (const id of this.#supervisor.running()) this.#supervisor.kill(id, 'interrupted', 0);
        this.#missing.clear();
      },
    });
  }

  /** Registers and starts beating. Must be called before the first launch. */
  async open(): Promise<void> {
    await this.session.open();
    if (this.#options.slots > 0) this.#supervisor.warmUp();
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  freeSlots(): number {
    return this.session.held && !this.#stopping ? this.#supervisor.freeSlots() : 0;
  }

  start(launches: readonly Launch[]): void {
    for (const launch of launches) {
      // Taken for dead meanwhile: the attempt belongs to a worker that is no more.
      if (launch.workerId !== this.session.workerId) continue;
      try {
        if (this.#stopping) throw new Error('the worker is being stopped');
        this.#supervisor.run(launch);
      } catch (error) {
        const { attemptId } = launch;
        this.#ended({ attemptId, lost: { cause: 'launch_failed', message: String(error) } });
      }
    }
  }

  /** Takes no more work, lets what runs come to its end, interrupts what is left after `drainSeconds`. */
  async stop(drainSeconds: number): Promise<void> {
    // It goes on beating, else its tasks would be taken for lost while they come to their end.
    this.#stopping = true;
    await this.#supervisor.stop(drainSeconds);
    await this.session.close();
  }

  async #onBeat(beat: Beat): Promise<void> {
    const { board, onFree, afterBeat } = this.#options;
    const { unwanted, expected } = beat;
    const running = new Set(this.#supervisor.running());
    await this.#endMissing(expected.filter((id) => !running.has(id)));
    for (const id of unwanted) {
      if (running.has(id)) this.#supervisor.kill(id, 'cancelled', GRACE_SECONDS);
    }
    const gone = unwanted.filter((id) => !running.has(id));
    if (gone.length > 0) {
      await board.markGone(this.session.workerId, gone);
      onFree();
    }
    afterBeat?.(beat);
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
      this.#unreported.set(attemptId, { attemptId, cause: 'launch_lost', message });
    }
    await this.#report();
  }

  #ended({ attemptId, lost, left }: AttemptEnd): void {
    if (lost) {
      this.#unreported.set(attemptId, { attemptId, cause: lost.cause, message: lost.message });
    }
    // The beat tells the ends, and finds what is over in the database and in no process.
    if (lost || left) void this.session.beatNow();
    this.#options.onFree();
  }

  /** Ends of attempts whose process died. Kept until the database has them. */
  async #report(): Promise<void> {
    const ends = [...this.#unreported.values()];
    if (ends.length === 0) return;
    await this.#options.board.endAttempts(this.session.workerId, ends);
    for (const { attemptId } of ends) this.#unreported.delete(attemptId);
    this.#options.onFree();
  }
}
