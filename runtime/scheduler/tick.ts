/**
 * One tick: take the runs that have events, decide each, write all decisions, hand out free slots, launch
 * what this process can start; one transaction. Called by the loop until nothing is left, by commands for
 * their own run, by the test kit. Returns what was done, so that the caller knows whether to go on.
 */
import { type ClaimedRun, claimEvents } from '../database/queries/claimEvents.ts';
import { countCapped, findCandidates } from '../database/queries/findCandidates.ts';
import { admitInstances } from '../database/queries/admitInstances.ts';
import { type Launch, launchAttempts, MOST_LAUNCHES } from '../database/queries/launchAttempts.ts';
import { lockPools } from '../database/queries/lockPools.ts';
import { readExternal } from '../database/queries/sideEffects.ts';
import { releaseRuns, startRuns } from '../database/queries/startRuns.ts';
import { type Database, inTransaction, type Transaction } from '../database/pool.ts';
import { admit } from './admission.ts';
import { type Applied, apply, type Decided } from './apply.ts';
import type { RunCache } from './runCache.ts';
import { decide } from './decide.ts';
import type { Command } from './decision.ts';

/** Something that starts attempts: the local executor, a test's script. */
export interface Executor {
  /** The name tasks choose it by: `local`. */
  readonly name: string;
  /** The worker row that owns its attempts. */
  readonly workerId: string;
  /** How many attempts it can start now. */
  freeSlots(): number;
  /** Takes launched attempts; must not throw. Called after the launch is committed. */
  start(launches: Launch[]): void;
}

export interface TickOptions {
  executors: Executor[];
  cache: RunCache;
  random: () => number;
  /** Most runs decided in one tick. Default 200. */
  maxRuns?: number;
  /** Only this run (commands). Nothing is launched then. */
  onlyRun?: number;
  /** Hand out slots even when nothing happened: a limit may have changed. */
  admitAnyway?: boolean;
  /** Look for queued work even when nothing happened: a slot of an executor became free. */
  launchAnyway?: boolean;
  /** Called for a run that cannot be decided; it is set aside and its neighbours go on. */
  onPoison?: (run: ClaimedRun, error: unknown) => void;
}

export interface TickResult {
  runs: number;
  moves: number;
  admitted: number;
  launched: number;
  /** An executor had no room for all that is queued: look again when it has. */
  backlog: boolean;
  startedRuns: number;
  endedRuns: number;
}

export async function tick(database: Database, options: TickOptions): Promise<TickResult> {
  const launches: { executor: Executor; launches: Launch[] }[] = [];
  const { cache } = options;
  let touched: number[] = [];
  try {
    const result = await inTransaction(database, async (transaction) => {
      const claimed = await claimEvents(transaction, options.maxRuns ?? 200, options.onlyRun);
      touched = claimed.map(({ facts }) => facts.id);
      const decided = await decideAll(transaction, claimed, options);
      const applied = await apply(transaction, decided);
      for (const id of applied.distrusted) cache.forget(id);

      const wantsStart =
        applied.endedRuns.length > 0 ||
        applied.queuedRuns ||
        claimed.some(({ facts }) => facts.state === 'queued');
      const wantsSlots = applied.moves > 0 || options.admitAnyway === true;
      let admitted = 0;
      let started = 0;
      if (wantsStart || wantsSlots) {
        ({ admitted, started } = await handOut(transaction, applied, wantsStart));
      }
      let backlog = false;
      if (options.onlyRun === undefined && (wantsSlots || options.launchAnyway)) {
        for (const executor of options.executors) {
          const free = executor.freeSlots();
          const { name, workerId } = executor;
          const taken = free > 0 ? await launchAttempts(transaction, name, workerId, free) : [];
          if (taken.length > 0) launches.push({ executor, launches: taken });
          if (taken.length >= Math.min(free, MOST_LAUNCHES)) backlog = true;
        }
      }
      await setAside(transaction, applied.distrusted);
      return {
        runs: claimed.length,
        moves: applied.moves,
        admitted,
        launched: launches.reduce((sum, each) => sum + each.launches.length, 0),
        backlog,
        startedRuns: started,
        endedRuns: applied.endedRuns.length,
      };
    });
    for (const { executor, launches: taken } of launches) executor.start(taken);
    return result;
  } catch (error) {
    // Memory may be ahead of what was rolled back.
    for (const id of touched) cache.forget(id);
    throw error;
  }
}

async function decideAll(
  transaction: Transaction,
  claimed: ClaimedRun[],
  options: TickOptions,
): Promise<Decided[]> {
  if (claimed.length === 0) return [];
  const loaded = await options.cache.load(transaction, claimed);
  const due = claimed.flatMap(({ dueInstances }) => dueInstances);
  const external = due.length > 0 ? await readExternal(transaction, due) : new Map<number, never>();
  const decided: Decided[] = [];
  for (const run of claimed) {
    try {
      const entry = loaded.get(run.facts.id);
      if (!entry) continue;
      if (entry instanceof Error) throw entry;
      const decision = decide(entry.live, {
        ended: run.ended,
        due: run.dueInstances.map((instanceId) => ({
          instanceId,
          external: external.get(instanceId) ?? null,
        })),
        commands: run.commands satisfies Command[],
        runTimedOut: run.runTimedOut,
        fresh: entry.fresh,
        random: options.random,
        now: run.now,
      });
      decided.push({ live: entry.live, decision });
      const ended = decision.run !== undefined;
      if (ended || entry.live.graph.plan.failFast) options.cache.forget(run.facts.id);
    } catch (error) {
      options.cache.forget(run.facts.id);
      options.onPoison?.(run, error);
    }
  }
  return decided;
}

/** Frees and fills places: runs first, then task slots. Everything here holds the lock on the pools. */
async function handOut(
  transaction: Transaction,
  applied: Applied,
  wantsStart: boolean,
): Promise<{ admitted: number; started: number }> {
  const pools = await lockPools(transaction);
  if (applied.endedRuns.length > 0) await releaseRuns(transaction, applied.endedRuns);
  const started = wantsStart ? (await startRuns(transaction, 50)).length : 0;

  const free = new Map(
    pools.map(({ name, slots, used }) => [
      name,
      slots - used + (applied.releasedPools.get(name) ?? 0),
    ]),
  );
  const most = Math.max(0, ...free.values());
  const candidates = await findCandidates(transaction, applied.releasedDags, most);
  const withCaps = candidates.filter(({ cap_dag, cap_run }) => cap_dag !== null || cap_run !== null);
  const capped = withCaps.length > 0 ? await countCapped(transaction, withCaps) : [];
  const ids = admit(candidates, { pools: free, capped });
  if (ids.length > 0 || applied.releasedPools.size > 0) {
    await admitInstances(transaction, ids, applied.releasedPools);
  }
  return { admitted: ids.length, started };
}

/** Runs that the database disagreed about are read again by the next tick. */
async function setAside(transaction: Transaction, runs: Set<number>): Promise<void> {
  if (runs.size === 0) return;
  await transaction.query(
    `INSERT INTO podline.event (run_id, kind) SELECT unnest($1::bigint[]), 'changed'`,
    [[...runs]],
  );
}
