/**
 * The metrics of one process, for Prometheus: those of the process itself and what others add. Loaded only where
 * somebody asked for metrics. docs/metrics.md lists all of them, from the same sources.
 */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import type { Log } from './log.ts';
import { remember } from './remember.ts';

export type ProcessKind = 'scheduler' | 'worker' | 'web';

/** Its default of 10 ms wakes an idle process a hundred times a second. */
const EVENT_LOOP_MS = 250;
/** However many scrape. */
const ASK_EVERY_MS = 5_000;

/** Gauges whose figures come from the database. */
export interface Figures<T> {
  read(): Promise<T>;
  show(figures: T): void;
  /** Old figures would pass for new ones. */
  clear(): void;
}

export class Metrics {
  readonly registry = new Registry();
  readonly #log: Log;
  readonly #databaseUp: Gauge;
  readonly #refreshers: (() => Promise<void>)[] = [];
  #isDown = false;

  constructor(kind: ProcessKind, log: Log) {
    this.#log = log;
    const registers = [this.registry];
    collectDefaultMetrics({
      register: this.registry,
      eventLoopMonitoringPrecision: EVENT_LOOP_MS,
    });
    this.#databaseUp = new Gauge({
      name: 'podline_database_up',
      help: '1 while the database answers this process, else 0; then figures from the database are left out.',
      registers,
    });
    new Gauge({
      name: 'podline_build_info',
      help: 'Always 1; the labels say which program this is.',
      labelNames: ['version', 'process', 'node'],
      registers,
    }).set({ version: VERSION, process: kind, node: process.version }, 1);
  }

  /** Done before every scrape. Must not throw. */
  beforeScrape(refresh: () => Promise<void>): void {
    this.#refreshers.push(refresh);
  }

  /** Read when somebody scrapes, at most every 5 s. */
  fromDatabase<T>({ read, show, clear }: Figures<T>): void {
    const ask = remember(ASK_EVERY_MS, read);
    this.beforeScrape(async () => {
      try {
        const figures = await ask();
        clear();
        show(figures);
        this.#databaseUp.set(1);
        this.#isDown = false;
      } catch (error) {
        clear();
        this.#databaseUp.set(0);
        if (!this.#isDown) this.#log.warn({ error: String(error) }, 'no metrics from the database');
        this.#isDown = true;
      }
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async text(): Promise<string> {
    await Promise.all(this.#refreshers.map((refresh) => refresh()));
    return this.registry.metrics();
  }
}
