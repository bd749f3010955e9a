/**
 * Which scheduled instances get a slot now. Pure: candidates in order of priority, free slots by pool,
 * free places by DAG and by task. Called by the tick under the lock on the pools.
 */
import type { Candidate, CappedCount } from '../database/queries/findCandidates.ts';

export interface Room {
  /** Free slots by pool. A pool that does not exist has none. */
  pools: Map<string, number>;
  capped: CappedCount[];
}

/**
 * Ids to queue. An instance that does not fit into its pool closes the pool for lower priorities, so
 * that a wide task (several slots) is not starved by narrow ones behind it.
 */
export function admit(candidates: Candidate[], room: Room): number[] {
  const pools = new Map(room.pools);
  const dags = new Map<string, number>();
  const byTask = new Map<string, number>();
  const byRunTask = new Map<string, number>();
  for (const { dag_id, task_id, run_id, active } of room.capped) {
    const task = `${dag_id} ${task_id}`;
    byTask.set(task, (byTask.get(task) ?? 0) + active);
    byRunTask.set(`${task} ${run_id}`, active);
  }
  const admitted: number[] = [];
  for (const candidate of candidates) {
    const free = pools.get(candidate.pool) ?? 0;
    if (free <= 0) continue;
    const dagFree = dags.get(candidate.dag_id) ?? candidate.dag_free;
    if (dagFree <= 0) continue;
    const task = `${candidate.dag_id} ${candidate.task_id}`;
    const runTask = `${task} ${candidate.run_id}`;
    const active = byTask.get(task) ?? 0;
    const activeInRun = byRunTask.get(runTask) ?? 0;
    if (candidate.cap_dag !== null && active >= candidate.cap_dag) continue;
    if (candidate.cap_run !== null && activeInRun >= candidate.cap_run) continue;
    if (candidate.pool_slots > free) {
      pools.set(candidate.pool, 0);
      continue;
    }
    pools.set(candidate.pool, free - candidate.pool_slots);
    dags.set(candidate.dag_id, dagFree - 1);
    byTask.set(task, active + 1);
    byRunTask.set(runTask, activeInRun + 1);
    admitted.push(candidate.id);
  }
  return admitted;
}
