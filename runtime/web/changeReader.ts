/**
 * The one reader of changes of a webserver: while somebody listens it looks, and tells all of them what is different. How
 * many listen costs nothing more. It rests ten times as long as a look took, so that a busy database is left alone.
 */
import { setTimeout as rest } from 'node:timers/promises';
import type { Database } from '../database/pool.ts';
import { readNewestRun } from '../database/queries/readLive.ts';
import { readJustEnded } from '../database/queries/web/readJustEnded.ts';
import {
  readRestMarks,
  readRunMarks,
  type RestMarks,
  type RunMark,
} from '../database/queries/web/readChanges.ts';
import { readDagFacts } from '../database/queries/web/readDagFacts.ts';
import type { DagFacts } from '../../src/model/access.ts';
import type { Change } from './api/schema/events.ts';

const BUSY_MS = 250;
const IDLE_MS = 500;
/** What changes seldom is looked at every so often. */
const REST_EVERY_MS = 1_000;
const REST_FACTOR = 10;
const MOST_REST_MS = 5_000;

export interface Listener {
  /** From now on nothing is missed: what was read before may be old. */
  begin(): void;
  /** `dags`: all DAGs that the change names, for who may not see every one. */
  tell(change: Change, dags: ReadonlyMap<string, DagFacts>): void;
}

export class ChangeReader {
  readonly #database: Database;
  readonly #listeners = new Set<Listener>();
  #looking: Promise<void> | undefined;
  #runs: Map<number, RunMark> | undefined;
  #newest = 0;
  #rest: RestMarks | undefined;
  #restAt = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#rest) this.#begin(listener);
    this.#looking ??= this.#look().finally(() => this.#forget());
    return () => void this.#listeners.delete(listener);
  }

  /** Whoever listens next begins anew. */
  #forget(): void {
    this.#looking = undefined;
    this.#runs = undefined;
    this.#rest = undefined;
    this.#restAt = 0;
  }

  async #look(): Promise<void> {
    while (this.#listeners.size > 0) {
      const began = performance.now();
      try {
        const change = await this.#once();
        if (change) await this.#tell(change);
      } catch {
        // Away: what changed meanwhile is seen by the next look that is answered.
      }
      const least = this.#runs === undefined || this.#runs.size > 0 ? BUSY_MS : IDLE_MS;
      const took = performance.now() - began;
      await rest(Math.min(MOST_REST_MS, Math.max(least, REST_FACTOR * took)));
    }
  }

  async #once(): Promise<Change | undefined> {
    const isFirst = this.#rest === undefined;
    const runs = await this.#changedRuns();
    const others = await this.#changedRest();
    const change = { runs, ...others };
    const { dags, workers, pools, buildErrors } = others;
    if (isFirst) for (const listener of this.#listeners) this.#begin(listener);
    const isSome = runs.length + dags.length > 0 || workers || pools || buildErrors;
    return isSome ? change : undefined;
  }

  async #changedRuns(): Promise<Change['runs']> {
    const former = this.#runs;
    const newest = former ? this.#newest : await readNewestRun(this.#database);
    const rows = await readRunMarks(this.#database, [...(former?.keys() ?? [])], newest);
    const open = ({ state }: RunMark) => state === 'queued' || state === 'running';
    this.#newest = rows.reduce((most, { id }) => Math.max(most, id), newest);
    this.#runs = new Map(rows.filter(open).map((row) => [row.id, row]));
    if (!former) return [];
    return rows
      .filter(({ id, mark }) => former.get(id)?.mark !== mark)
      .map(({ dagId, runId, state }) => ({ dagId, runId, state }));
  }

  async #changedRest(): Promise<Omit<Change, 'runs'>> {
    const former = this.#rest;
    const nothing = { dags: [], workers: false, pools: false, buildErrors: false };
    if (performance.now() - this.#restAt < REST_EVERY_MS) return nothing;
    const now = await readRestMarks(this.#database);
    this.#restAt = performance.now();
    this.#rest = now;
    if (!former) return nothing;
    const names = new Set([...Object.keys(former.dags), ...Object.keys(now.dags)]);
    return {
      dags: [...names].filter((dagId) => former.dags[dagId] !== now.dags[dagId]),
      workers: former.workers !== now.workers,
      pools: former.pools !== now.pools,
      buildErrors: former.buildErrors !== now.buildErrors,
    };
  }

  /** Runs that ended while a page loaded change no more: they are told once, or it would show them as open for ever. */
  #begin(listener: Listener): void {
    listener.begin();
    const tellEnded = async () => {
      const runs = await readJustEnded(this.#database);
      const nothing = { dags: [], workers: false, pools: false, buildErrors: false };
      if (runs.length > 0) await this.#tell({ runs, ...nothing }, [listener]);
    };
    // Away: the page cannot read anything either, and asks for all when it can.
    tellEnded().catch(() => undefined);
  }

  async #tell(change: Change, to: Iterable<Listener> = this.#listeners): Promise<void> {
    const names = new Set([...change.dags, ...change.runs.map(({ dagId }) => dagId)]);
    const facts = names.size > 0 ? await readDagFacts(this.#database, [...names]) : [];
    const dags = new Map(facts.map((one) => [one.dagId, one]));
    for (const listener of to) if (this.#listeners.has(listener)) listener.tell(change, dags);
  }
}
