/**
 * Frees and fills places: runs first, then task slots. Everything here holds the lock on the pools. Called by
 * the tick after it has written its decisions.
 */
import { admitInstances } from '../database/queries/admitInstances.ts';
import { countCapped, findCandidates, type FullTask } from '../database/queries/findCandidates.ts';
import { lockPools } from '../database/queries/lockPools.ts';
import { quarantineRun } from '../database/queries/quarantineRun.ts';
import { releaseRuns } from '../database/queries/releaseRuns.ts';
import { findStartable, startRuns } from '../database/queries/startRuns.ts';
import { isTransient, type Transaction } from '../database/pool.ts';
import { admit } from './admission.ts';
import type { Applied } from './apply.ts';

/** Runs that are started at a time. */
export const MOST_STARTS = 50;
/** Times that candidates are sought anew because tasks at their own limit hid others. */
const MOST_ROUNDS = 5;

/** One of the runs cannot be started (its plan makes no sense): do it again, one by one. */
export class StartFailed extends Error {}

export interface HandOutOptions {
  wantsStart: boolean;
  oneByOne: boolean;
  onPoison?: (runId: number, error: unknown) => void;
}

export async function handOut(
  transaction: Transaction,
  applied: Applied,
  options: HandOutOptions,
): Promise<{ admitted: number; started: number }> {
  const pools = await lockPools(transaction);
  if (applied.leftRuns.length > 0) await releaseRuns(transaction, applied.leftRuns);
  const started = options.wantsStart ? await start(transaction, options) : 0;

  const room = new Map(
    pools.map(({ name, slots, used }) => [
      name,
      { slots, free: slots - used + (applied.releasedPools.get(name) ?? 0) },
    ]),
  );
  let admitted = 0;
  const full: FullTask[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const isFirst = round === 0;
    const most = Math.max(0, ...[...room.values()].map(({ free }) => free));
    const released = isFirst ? applied.releasedDags : new Map<string, number>();
    const candidates = await findCandidates(transaction, released, most, full);
    const withCaps = candidates.filter(
      ({ cap_dag, cap_run }) => cap_dag !== null || cap_run !== null,
    );
    const capped = withCaps.length > 0 ? await countCapped(transaction, withCaps) : [];
    const admission = admit(candidates, { pools: room, capped });
    const freed = isFirst ? applied.releasedPools : new Map<string, number>();
    if (admission.ids.length > 0 || freed.size > 0) {
      await admitInstances(transaction, admission.ids, freed);
    }
    admitted += admission.ids.length;
    for (const [name, slots] of admission.taken) {
      const pool = room.get(name);
      if (pool) pool.free -= slots;
    }
    if (admission.full.length === 0) break;
    full.push(...admission.full);
  }
  return { admitted, started };
}

async function start(transaction: Transaction, options: HandOutOptions): Promise<number> {
  if (options.oneByOne) return startOneByOne(transaction, options);
  try {
    return (await startRuns(transaction, MOST_STARTS)).length;
  } catch (error) {
    if (isTransient(error)) throw error;
    throw new StartFailed(`runs could not be started: ${String(error)}`, { cause: error });
  }
}

async function startOneByOne(transaction: Transaction, options: HandOutOptions): Promise<number> {
  let started = 0;
  for (const id of await findStartable(transaction, MOST_STARTS)) {
    await transaction.query('SAVEPOINT start_run');
    try {
      started += (await startRuns(transaction, MOST_STARTS, id)).length;
    } catch (error) {
      if (isTransient(error)) throw error;
      await transaction.query('ROLLBACK TO SAVEPOINT start_run');
      options.onPoison?.(id, error);
      await quarantineRun(transaction, id, String(error));
    }
    await transaction.query('RELEASE SAVEPOINT start_run');
  }
  return started;
}
