/**
 * What pods told, on its way into the database: ends, starts and notes of many attempts in one statement each.
 * Ends and starts are kept until the database has them. Used by tending.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/plan/plan.ts';
import { type Database, isTransient } from '../../database/pool.ts';
import {
  endPodAttempts,
  type PodEnd,
  type PodEndReply,
} from '../../database/queries/pods/endPodAttempts.ts';
import {
  explainInterrupted,
  type Interruption,
} from '../../database/queries/pods/explainInterrupted.ts';
import { markPodsRunning, type PodRunning } from '../../database/queries/pods/markPodsRunning.ts';
import { notePods, type PodNote } from '../../database/queries/pods/notePods.ts';
import { markGone } from '../../database/queries/workers.ts';
import { crashPoint } from '../../observe/crashPoint.ts';
import type { Log } from '../../observe/log.ts';
import { Batch, type BatchOptions } from './batch.ts';
import { Notes } from './notes.ts';

/** The usual end of a worker's pod only confirms what the worker reported. */
const CONFIRM_MS = 200;

export class Recorder {
  readonly #stop = new AbortController();
  readonly #ends: Batch<PodEnd, PodEndReply>;
  readonly #confirmations: Batch<PodEnd, PodEndReply>;
  readonly #running: Batch<PodRunning, boolean>;
  readonly #gone: Batch<number, void>;
  readonly #interruptions: Batch<Interruption, void>;
  readonly #notes: Notes<PodNote>;

  constructor(database: Database, log: Log) {
    const shared = {
      isTransient,
      onRetry: (error: unknown) => {
        log.warn({ error: String(error) }, 'what pods told waits for the database');
      },
      signal: this.#stop.signal,
    };
    const end: BatchOptions<PodEnd, PodEndReply> = {
      ...shared,
      work: async (ends) => {
        crashPoint('pods.before_record');
        const replies = await endPodAttempts(database, ends);
        if (replies.some(({ recorded }) => recorded)) crashPoint('pods.after_record');
        return replies;
      },
    };
    this.#ends = new Batch(end);
    this.#confirmations = new Batch({ ...end, delayMs: CONFIRM_MS });
    this.#running = new Batch({
      ...shared,
      work: async (pods) => {
        const moved = await markPodsRunning(database, pods);
        return pods.map(({ attemptId }) => moved.has(attemptId));
      },
    });
    this.#gone = new Batch({
      ...shared,
      work: async (ids) => {
        await markGone(database, ids);
        return ids.map(() => undefined);
      },
    });
    this.#interruptions = new Batch({
      ...shared,
      work: async (interruptions) => {
        await explainInterrupted(database, interruptions);
        return interruptions.map(() => undefined);
      },
    });
    this.#notes = new Notes(
      (notes) => notePods(database, [...notes.values()]),
      (error) => log.warn({ error: String(error) }, 'notes about pods were not written'),
    );
  }

  /** An output that the database refuses fails the attempt, not this process. */
  async end(end: PodEnd, options: { hurry: boolean }): Promise<PodEndReply> {
    const batch = options.hurry ? this.#ends : this.#confirmations;
    try {
      return await batch.add(end);
    } catch (error) {
      if (this.#stop.signal.aborted || !isRefusal(error)) throw error;
      const message = `The end of the task could not be recorded: ${String(error)}`;
      const outcome = { state: 'failed', cause: 'xcom', message } as const;
      return this.#ends.add({ ...end, outcome });
    }
  }

  /** False: it was running before, or is over. */
  running(pod: PodRunning): Promise<boolean> {
    return this.#running.add(pod);
  }

  gone(attemptId: number): Promise<void> {
    return this.#gone.add(attemptId);
  }

  /** Once the process of the worker has ended: what it reports is there by then. */
  interrupted(interruption: Interruption): Promise<void> {
    return this.#interruptions.add(interruption);
  }

  /** The last note of a quarter of a second is written. */
  note(attemptId: number, look: number, facts: JsonObject): void {
    this.#notes.put(attemptId, { attemptId, look, facts });
  }

  /** What is not written when this ends is told by the pods again. */
  async close(): Promise<void> {
    const all = [
      ...[this.#ends, this.#confirmations, this.#running],
      ...[this.#gone, this.#interruptions],
    ];
    await Promise.race([Promise.all(all.map((batch) => batch.idle())), sleep(2_000)]);
    this.#stop.abort();
    await Promise.all(all.map((batch) => batch.idle()));
    await this.#notes.close();
  }
}

/** The database answered that it does not take this value: asking again does not help. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(22|23|54|PL)/.test(code);
}
