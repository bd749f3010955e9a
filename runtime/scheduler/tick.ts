/**
 * One tick: take the runs that have events, decide each, write all decisions, hand out free slots, launch
 * what this process can start; one transaction. Called by the loop until nothing is left, by commands for
 * their own run, by the test kit. Returns what was done, so that the caller knows whether to go on.
 */
import { type ClaimedRun, claimEvents } from '../database/queries/claimEvents.ts';
import { type Launch, launchAttempts, MOST_LAUNCHES } from '../database/queries/launchAttempts.ts';
import { putSpans } from '../database/queries/putSpans.ts';
import { readExternal } from '../database/queries/sideEffects.ts';
import { quarantineRun } from '../database/queries/quarantineRun.ts';
import { type Database, inTransaction, isTransient, type Transaction } from '../database/pool.ts';
import { crashPoint } from '../observe/crashPoint.ts';
import { type Applied, apply, type Decided, StaleCopy } from './apply.ts';
import type { RunCache } from './runCache.ts';
import { decide } from './decide.ts';
import type { EndedAttempt } from './decision.ts';
import { handOut, StartFailed } from './handOut.ts';
import { readCommand } from './outcome.ts';
import { spansDue } from './spansDue.ts';

/** 200 chains at once: 890 tasks/s with 200 runs a tick, 2,180 with 64, 1,180 with 32. */
const MOST_RUNS = 64;

/** Something that starts attempts: the local executor, a test's script. */
export interface Executor {
  /** The name tasks choose it by: `local`. */
  readonly name: string;
  /** The worker row that owns its attempts. */
  readonly workerId: string;
  /** Executors of pods: launch tokens are made from it, so that another process can go on with a launch. */
  readonly launchKey?: Buffer;
  /** How many attempts it can start now. */
  freeSlots(): number;
  /** Takes launched attempts; must not throw. Called after the launch is committed. */
  start(launches: Launch[]): void;
}

export interface TickOptions {
  executors: Executor[];
  cache: RunCache;
  random: () => number;
  /** Most runs decided in one tick. Default 64: what was decided goes to work while the next are decided. */
  maxRuns?: number;
  /** Only this run (commands). Nothing is launched then. */
  onlyRun?: number;
  /** Hand out slots even when nothing happened: a limit may have changed. */
  admitAnyway?: boolean;
  /** Look for queued work even when nothing happened: a slot of an executor became free. */
  launchAnyway?: boolean;
  /** Told of a run that cannot be decided or started; it is set aside and its neighbours go on. */
  onPoison?: (runId: number, error: unknown) => void;
}

/** The runs were decided, but slots or launches failed: no run is to blame. */
export class SlotsFailed extends Error {}

export interface TickResult {
  runs: number;
  /** Taken and decided, of all these runs. */
  events: number;
  /** Attempts whose end was decided upon. */
  ended: readonly EndedAttempt[];
  moves: number;
  admitted: number;
  launched: number;
  launchedBy: readonly { executor: string; count: number }[];
  /** An executor had no room for all that is queued: look again when it has. */
  backlog: boolean;
  startedRuns: number;
  endedRuns: number;
  /** Spans that wait to be sent; none without tracing. */
  spans: number;
}

/** A copy in memory may be out of date, and even the fresh one may be overtaken once by a worker. */
const MOST_TURNS = 4;

export async function tick(database: Database, options: TickOptions): Promise<TickResult> {
  let oneByOne = false;
  for (let turn = 1; ; turn++) {
    try {
      return await tickOnce(database, options, oneByOne);
    } catch (error) {
      const again = error instanceof StaleCopy || (error instanceof StartFailed && !oneByOne);
      if (!again || turn >= MOST_TURNS) throw error;
      oneByOne ||= error instanceof StartFailed;
    }
  }
}

async function tickOnce(
  database: Database,
  options: TickOptions,
  oneByOne: boolean,
): Promise<TickResult> {
  const { cache } = options;
  let touched: number[] = [];
  try {
    const { result, launches } = await inTransaction(database, async (transaction) => {
      const claimed = await claimEvents(transaction, options.maxRuns ?? MOST_RUNS, options.onlyRun);
      touched = claimed.map(({ facts }) => facts.id);
      if (claimed.length > 0) crashPoint('tick.after_claim');
      const { decided, poisoned } = await decideAll(transaction, claimed, options);
      const applied = await apply(transaction, decided);
      const spans = spansDue(claimed, applied);
      if (spans.length > 0) await putSpans(transaction, spans);
      for (const { id, error } of poisoned) await quarantineRun(transaction, id, String(error));
      const wantsStart =
        applied.leftRuns.length > 0 ||
        poisoned.length > 0 ||
        options.admitAnyway === true ||
        claimed.some(({ facts }) => facts.state === 'queued');
      try {
        const filled = await fill(transaction, options, {
          ...{ claimed, applied, wantsStart, oneByOne },
          spans: spans.length,
        });
        if (claimed.length > 0) crashPoint('tick.before_commit');
        return filled;
      } catch (error) {
        if (error instanceof StartFailed || isTransient(error)) throw error;
        throw new SlotsFailed(`slots could not be handed out: ${String(error)}`, { cause: error });
      }
    });
    if (launches.length > 0) crashPoint('tick.after_commit');
    for (const { executor, launches: taken } of launches) executor.start(taken);
    return result;
  } catch (error) {
    // Memory may be ahead of what was rolled back.
    for (const id of touched) cache.forget(id);
    throw error;
  }
}

/** The second half: places, slots and launches follow from what was decided. */
async function fill(
  transaction: Transaction,
  options: TickOptions,
  done: {
    claimed: ClaimedRun[];
    applied: Applied;
    wantsStart: boolean;
    oneByOne: boolean;
    spans: number;
  },
): Promise<{ result: TickResult; launches: { executor: Executor; launches: Launch[] }[] }> {
  const { claimed, applied, wantsStart } = done;
  // An instance may have waited for the end of a process: nothing moves then, but a slot is wanted.
  const wantsSlots =
    applied.moves > 0 || options.admitAnyway === true || claimed.some(({ changed }) => changed);
  let handed = { admitted: 0, started: 0 };
  if (wantsStart || wantsSlots) {
    handed = await handOut(transaction, applied, { ...done, onPoison: options.onPoison });
  }
  const launches: { executor: Executor; launches: Launch[] }[] = [];
  let backlog = false;
  if (options.onlyRun === undefined && (wantsSlots || options.launchAnyway)) {
    for (const executor of options.executors) {
      const free = executor.freeSlots();
      const { name, workerId, launchKey } = executor;
      const taken =
        free > 0 ? await launchAttempts(transaction, name, workerId, free, launchKey) : [];
      if (taken.length > 0) launches.push({ executor, launches: taken });
      if (taken.length >= Math.min(free, MOST_LAUNCHES)) backlog = true;
    }
  }
  const launchedBy = launches.map((each) => ({
    executor: each.executor.name,
    count: each.launches.length,
  }));
  return {
    result: {
      runs: claimed.length,
      events: claimed.reduce((sum, { events }) => sum + events, 0),
      ended: claimed.flatMap(({ ended }) => ended),
      moves: applied.moves,
      admitted: handed.admitted,
      launched: launchedBy.reduce((sum, { count }) => sum + count, 0),
      launchedBy,
      backlog,
      startedRuns: handed.started,
      endedRuns: applied.leftRuns.length,
      spans: done.spans,
    },
    launches,
  };
}

async function decideAll(
  transaction: Transaction,
  claimed: ClaimedRun[],
  options: TickOptions,
): Promise<{ decided: Decided[]; poisoned: { id: number; error: unknown }[] }> {
  const decided: Decided[] = [];
  const poisoned: { id: number; error: unknown }[] = [];
  if (claimed.length === 0) return { decided, poisoned };
  const loaded = await options.cache.load(transaction, claimed);
  const due = claimed.flatMap(({ dueInstances }) => dueInstances);
  const external = due.length > 0 ? await readExternal(transaction, due) : new Map<number, never>();
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
        commands: run.commands.map(({ kind, data }) => readCommand(kind, data)),
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
      options.onPoison?.(run.facts.id, error);
      poisoned.push({ id: run.facts.id, error });
    }
  }
  return { decided, poisoned };
}
