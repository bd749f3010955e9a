/**
 * A run as the scheduler sees it while deciding: facts, plan graph, task instances and counts by
 * task. Built from rows by the tick, cached between ticks and thrown away whenever `seq` in the
 * database says that somebody else changed the run. The database is the truth; this only saves reads.
 */
import { isTerminal, type RunState, type TaskState } from '../../src/model/states.ts';
import type { PlanGraph } from './planGraph.ts';

export interface RunFacts {
  id: number;
  dagId: string;
  runId: string;
  versionId: number;
  kind: 'scheduled' | 'manual' | 'backfill';
  state: RunState;
  seq: number;
  logicalDate: Date | null;
  intervalEnd: Date | null;
  backfillId: number | null;
  /** How often it has ended before. */
  ends: number;
}

export interface Instance {
  id: number;
  taskId: string;
  mapIndex: number;
  state: TaskState;
  attemptId: number | null;
  triesUsed: number;
  infraUsed: number;
  maxTries: number;
  choice: string[] | boolean | null;
  mapLength: number | null;
  /** Of an instance that is not yet written: how it is written. */
  first?: FirstMove;
}

export interface FirstMove {
  cause?: string;
  /** Seconds from now until the instance is due, or the instant. */
  delay?: number;
  at?: string;
  triesUsed?: number;
}

/** How many instances of one task are in which end state. `open` = not yet ended. */
export interface TaskCounts {
  total: number;
  open: number;
  success: number;
  failed: number;
  skipped: number;
  upstreamFailed: number;
  removed: number;
}

export interface LiveRun {
  run: RunFacts;
  graph: PlanGraph;
  /** By task position. */
  instances: Instance[][];
  byId: Map<number, { instance: Instance; task: number }>;
  counts: TaskCounts[];
  /** Instances not yet ended. */
  open: number;
  /** Rows whose task is no longer in the plan (the run moved to another version). */
  strangers: Instance[];
  /** Tasks with dependsOnPast whose former run stands in the way. */
  blockedByPast: Set<number>;
}

export function liveRun(
  run: RunFacts,
  graph: PlanGraph,
  rows: Instance[],
  blockedByPast = new Set<number>(),
): LiveRun {
  const live: LiveRun = {
    run,
    graph,
    instances: graph.tasks.map(() => []),
    byId: new Map(),
    counts: graph.tasks.map(() => emptyCounts()),
    open: 0,
    strangers: [],
    blockedByPast,
  };
  for (const row of rows) addInstance(live, row);
  return live;
}

function emptyCounts(): TaskCounts {
  return { total: 0, open: 0, success: 0, failed: 0, skipped: 0, upstreamFailed: 0, removed: 0 };
}

export function addInstance(live: LiveRun, instance: Instance): void {
  const task = live.graph.indexOf.get(instance.taskId);
  if (task === undefined) {
    live.strangers.push(instance);
    return;
  }
  live.instances[task]?.push(instance);
  if (instance.id > 0) live.byId.set(instance.id, { instance, task });
  count(live, task, instance.state, 1);
}

/** Moves an instance in memory and keeps the counts. */
export function setState(live: LiveRun, task: number, instance: Instance, to: TaskState): void {
  count(live, task, instance.state, -1);
  instance.state = to;
  count(live, task, to, 1);
}

function count(live: LiveRun, task: number, state: TaskState, by: 1 | -1): void {
  const counts = live.counts[task];
  if (!counts) return;
  counts.total += by;
  if (!isTerminal(state)) {
    counts.open += by;
    live.open += by;
  } else if (state === 'success') counts.success += by;
  else if (state === 'failed') counts.failed += by;
  else if (state === 'skipped') counts.skipped += by;
  else if (state === 'upstream_failed') counts.upstreamFailed += by;
  else counts.removed += by;
}

/** Airflow's rule: a leaf that failed, or could not start, fails the run. */
export function verdictOfLeaves(live: LiveRun): 'success' | 'failed' {
  const bad = live.graph.leaves.some((leaf) => {
    const counts = live.counts[leaf];
    return counts !== undefined && counts.failed + counts.upstreamFailed > 0;
  });
  return bad ? 'failed' : 'success';
}
