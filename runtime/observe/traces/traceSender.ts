/**
 * Sends the spans of what has ended, in batches, beside the loop and on a connection of its own. What waits is in the
 * database and survives this process; while nobody receives it, the oldest is dropped. Made by openTraces.ts, woken by
 * the loop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../database/pool.ts';
import { readEndedAttempts } from '../../database/queries/readEndedAttempts.ts';
import { readEndedRuns } from '../../database/queries/readEndedRuns.ts';
import {
  type DueSpan,
  forgetSpans,
  giveSpansBack,
  shortenSpans,
  takeSpans,
} from '../../database/queries/takeSpans.ts';
import { pause } from '../../pause.ts';
import type { Log } from '../log.ts';
import type { Sent } from './exporter.ts';
import { type Span, spanOfRun, spansOfAttempt } from './spans.ts';

/** Told what became of spans; for metrics. */
export interface SpanMeter {
  counted(result: 'sent' | 'lost' | 'dropped', count: number): void;
  failed(): void;
}

export interface TraceSenderOptions {
  /** One connection; nobody else uses it. Closed with the sender. */
  database: Database;
  exporter: { send(spans: Span[]): Promise<Sent>; close(): Promise<void> };
  log: Log;
  meter?: SpanMeter;
  /** Shorter in tests. */
  patience?: Partial<typeof PATIENCE>;
}

export const PATIENCE = {
  /** What ends in this time goes in one request. */
  gatherMs: 500,
  /** For what other processes decided, and what a lost scheduler left. */
  lookMs: 10_000,
  /** After a failure, twice as long each time, up to a minute. */
  retryMs: 1_000,
  mostRetryMs: 60_000,
  /** A failure that goes on is told again after this. */
  tellMs: 300_000,
  /** For the last spans when the process ends. */
  closeMs: 3_000,
};

/** 0.23 MB as JSON; making it takes 2 ms of the thread that the loop is on. */
const BATCH = 128;
/** Ends that are kept while nobody receives them: some 10 MB in the database. */
const MOST_WAITING = 100_000;

export class TraceSender {
  readonly #options: TraceSenderOptions;
  readonly #patience: typeof PATIENCE;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #wake = new AbortController();
  #toldAt = -Infinity;

  constructor(options: TraceSenderOptions) {
    this.#options = options;
    this.#patience = { ...PATIENCE, ...options.patience };
    this.#running = this.#run();
  }

  /** Something has ended. Called by the loop after a commit; returns at once. */
  poke(): void {
    this.#wake.abort();
  }

  /** Sends what is there, if that is quickly done. The rest is for other schedulers, or for the next start. */
  async close(): Promise<void> {
    const { database, exporter } = this.#options;
    this.#stop.abort();
    this.poke();
    const { closeMs } = this.#patience;
    await Promise.race([this.#running, sleep(closeMs, undefined, { ref: false })]);
    // Waits for answers that are still to come: not longer than that.
    void exporter.close().catch(() => {});
    await Promise.race([database.end(), sleep(closeMs, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    const { gatherMs, lookMs, retryMs, mostRetryMs } = this.#patience;
    let failures = 0;
    for (;;) {
      const isLast = this.#stop.signal.aborted;
      try {
        this.#wake = new AbortController();
        while (await this.#sendBatch());
        if (failures > 0) this.#options.log.info({}, 'traces are sent again');
        failures = 0;
      } catch (error) {
        this.#failed(error);
        await this.#shorten();
        failures += 1;
      }
      if (isLast) return;
      if (failures > 0) {
        await pause(Math.min(mostRetryMs, retryMs * 2 ** (failures - 1)), this.#stop.signal);
      } else {
        await pause(lookMs, this.#wake.signal);
        await pause(gatherMs, this.#stop.signal);
      }
    }
  }

  /** False: nothing is left. Throws when it could not be sent now; it is given back then. */
  async #sendBatch(): Promise<boolean> {
    const { database, exporter, log, meter } = this.#options;
    const taken = await takeSpans(database, BATCH);
    if (taken.length === 0) return false;
    try {
      const spans = await this.#read(taken);
      const sent: Sent = spans.length > 0 ? await exporter.send(spans) : { result: 'sent' };
      if (sent.result === 'later') throw sent.error;
      meter?.counted(sent.result, spans.length);
      if (sent.result === 'lost') this.#failed(sent.error);
    } catch (error) {
      await giveSpansBack(database, taken).catch(() => {
        log.warn({ spans: taken.length }, 'spans are taken again in a minute');
      });
      throw error;
    }
    await forgetSpans(database, taken);
    return taken.length === BATCH || !this.#stop.signal.aborted;
  }

  async #read(taken: DueSpan[]): Promise<Span[]> {
    const { database } = this.#options;
    const attempts = taken.filter(({ kind }) => kind === 'attempt');
    const runs = taken.filter(({ kind }) => kind === 'run');
    return [
      ...(attempts.length > 0 ? await readEndedAttempts(database, attempts) : []).flatMap(
        spansOfAttempt,
      ),
      ...(runs.length > 0 ? await readEndedRuns(database, runs) : []).map(spanOfRun),
    ];
  }

  async #shorten(): Promise<void> {
    const { database, meter } = this.#options;
    const dropped = await shortenSpans(database, MOST_WAITING).catch(() => 0);
    if (dropped > 0) meter?.counted('dropped', dropped);
  }

  /** At most every five minutes: it may go on for days. */
  #failed(error: unknown): void {
    const { log, meter } = this.#options;
    meter?.failed();
    const now = performance.now();
    if (now - this.#toldAt < this.#patience.tellMs) return;
    this.#toldAt = now;
    log.warn({ error: String(error) }, 'traces could not be sent');
  }
}
