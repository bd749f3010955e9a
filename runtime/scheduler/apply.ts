/**
 * Writes the decisions of one tick: kills, moves, new instances, callbacks, run ends. Set-based: a
 * handful of statements for hundreds of runs. Called by the tick inside its transaction; hands back
 * what was released.
 */
import { holdsSlot } from '../../src/model/states.ts';
import { changeRuns, type RunChange } from '../database/queries/changeRuns.ts';
import { insertInstances } from '../database/queries/insertInstances.ts';
import { type KilledAttempt, killAttempts } from '../database/queries/killAttempts.ts';
import { type MovedInstance, moveInstances } from '../database/queries/moveInstances.ts';
import { forgetXComs, putCallbacks, wakeNextRuns } from '../database/queries/sideEffects.ts';
import type { LeftRun } from '../database/queries/releaseRuns.ts';
import type { Transaction } from '../database/pool.ts';
import type { Decision, Move } from './decision.ts';
import type { LiveRun } from './liveRun.ts';

export interface Decided {
  live: LiveRun;
  decision: Decision;
}

export interface Applied {
  moves: number;
  releasedPools: Map<string, number>;
  releasedDags: Map<string, number>;
  /** Runs that ended or went back to the queue. */
  leftRuns: LeftRun[];
  endedRuns: number[];
  killed: KilledAttempt[];
}

/**
 * A row was not as the copy in memory says. What was decided rests on it as a whole, so nothing of it may be
 * written: the tick is rolled back and done again with fresh copies.
 */
export class StaleCopy extends Error {
  constructor(instanceId: number) {
    super(`task instance ${instanceId} was not in the state that the decision was made on`);
  }
}

export async function apply(transaction: Transaction, decided: Decided[]): Promise<Applied> {
  const applied: Applied = {
    moves: 0,
    releasedPools: new Map(),
    releasedDags: new Map(),
    leftRuns: [],
    endedRuns: [],
    killed: [],
  };
  const kills = decided.flatMap(({ decision }) => decision.kills);
  if (kills.length > 0) applied.killed.push(...(await killAttempts(transaction, kills)));

  for (const wave of waves(decided)) {
    const moved = await moveInstances(transaction, wave);
    applied.moves += moved.length;
    noteReleases(applied, moved);
    if (moved.length === wave.length) continue;
    const done = new Set(moved.map(({ id }) => id));
    throw new StaleCopy(wave.find(({ id }) => !done.has(id))?.id ?? 0);
  }
  // Another scheduler may have launched between the first kill and the move; now nobody can any more.
  if (kills.length > 0) applied.killed.push(...(await killAttempts(transaction, kills)));

  const resets = decided.flatMap(({ decision }) =>
    decision.moves.filter(({ reset }) => reset).map(({ id }) => id),
  );
  if (resets.length > 0) await forgetXComs(transaction, resets);

  for (const { live, decision } of decided) {
    if (decision.inserts.length === 0) continue;
    await insertInstances(transaction, live.run.id, decision.inserts);
    for (const instance of decision.inserts) {
      const task = live.graph.indexOf.get(instance.taskId);
      if (task !== undefined) live.byId.set(instance.id, { instance, task });
    }
  }
  await putCallbacks(transaction, decided);
  const waking = decided.filter(({ decision }) => decision.wakesNextRun);
  if (waking.length > 0)
    await wakeNextRuns(
      transaction,
      waking.map(({ live }) => live.run.id),
    );
  await applyRuns(transaction, decided, applied);
  return applied;
}

/** One instance may move twice in a tick (cleared, then scheduled): one statement for each time. */
function waves(decided: Decided[]): Move[][] {
  const result: Move[][] = [];
  const seen = new Map<number, number>();
  for (const { decision } of decided) {
    for (const move of decision.moves) {
      const turn = seen.get(move.id) ?? 0;
      seen.set(move.id, turn + 1);
      (result[turn] ??= []).push(move);
    }
  }
  return result;
}

function noteReleases(applied: Applied, moved: MovedInstance[]): void {
  for (const { old_state, pool, pool_slots, dag_id } of moved) {
    if (!holdsSlot(old_state)) continue;
    applied.releasedPools.set(pool, (applied.releasedPools.get(pool) ?? 0) + pool_slots);
    applied.releasedDags.set(dag_id, (applied.releasedDags.get(dag_id) ?? 0) + 1);
  }
}

async function applyRuns(
  transaction: Transaction,
  decided: Decided[],
  applied: Applied,
): Promise<void> {
  const changes: RunChange[] = decided
    .filter(({ decision }) => isChange(decision))
    .map(({ live, decision }) => ({
      id: live.run.id,
      ...(decision.run && {
        state: decision.run.state,
        cause: decision.run.cause,
        latest: decision.run.latestVersion,
      }),
    }));
  if (changes.length === 0) return;
  const changed = await changeRuns(transaction, changes);
  const byId = new Map(decided.map(({ live }) => [live.run.id, live]));
  const stateOf = new Set(changes.filter(({ state }) => state !== undefined).map(({ id }) => id));
  for (const run of changed) {
    const live = byId.get(run.id);
    if (live) live.run.seq = run.seq;
    if (run.state !== 'running' && live && stateOf.has(run.id)) {
      applied.leftRuns.push({ id: run.id, wasRunning: run.old_state === 'running' });
      if (run.state !== 'queued') applied.endedRuns.push(run.id);
    }
  }
}

function isChange(decision: Decision): boolean {
  return decision.run !== undefined || decision.moves.length > 0 || decision.inserts.length > 0;
}
