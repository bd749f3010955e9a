/**
 * Which scheduled instances get a slot now. Pure: candidates in order of priority, free slots by pool,
 * free places by DAG and by task. Called by the tick under the lock on the pools.
 */
import type { Candidate, CappedCount, FullTask } from '../database/queries/findCandidates.ts';

export interface PoolRoom {
  slots: number;
  free: number;
}

export interface Room {
  /** A pool that does not exist has no room. */
  pools: Map<string, PoolRoom>;
  capped: CappedCount[];
}

export interface Admission {
  /** Ids to queue. */
  ids: number[];
  /** Slots that they take, by pool. */
  taken: Map<string, number>;
  /** Tasks whose own limit kept an instance out. */
  full: FullTask[];
}

/**
 * An instance that does not fit into its pool now closes the pool for lower priorities, so that a wide task
 * (several slots) is not starved by narrow ones behind it. One that is wider than the pool never fits and
 * holds up nobody.
 */
export function admit(candidates: Candidate[], room: Room): Admission {
  const free = new Map([...room.pools].map(([name, pool]) => [name, pool.free]));
  const dags = new Map<string, number>();
  const byTask = new Map<string, number>();
  const byRunTask = new Map<string, number>();
  for (const { dag_id, task_id, run_id, active } of room.capped) {
    const task = `${dag_id} ${task_id}`;
    byTask.set(task, (byTask.get(task) ?? 0) + active);
    byRunTask.set(`${task} ${run_id}`, active);
  }
  const admission: Admission = { ids: [], taken: new Map(), full: [] };
  const full = new Set<string>();
  const noteFull = (key: string, task: FullTask) => {
    if (!full.has(key)) admission.full.push(task);
    full.add(key);
  };
  for (const candidate of candidates) {
    const { dag_id, task_id, run_id, pool, pool_slots, cap_dag, cap_run } = candidate;
    const left = free.get(pool) ?? 0;
    if (left <= 0 || pool_slots > (room.pools.get(pool)?.slots ?? 0)) continue;
    const dagFree = dags.get(dag_id) ?? candidate.dag_free;
    if (dagFree <= 0) continue;
    const task = `${dag_id} ${task_id}`;
    const runTask = `${task} ${run_id}`;
    const active = byTask.get(task) ?? 0;
    const activeInRun = byRunTask.get(runTask) ?? 0;
    if (cap_dag !== null && active >= cap_dag) {
      noteFull(task, { dag_id, task_id, run_id: null });
      continue;
    }
    if (cap_run !== null && activeInRun >= cap_run) {
      noteFull(runTask, { dag_id, task_id, run_id });
      continue;
    }
    if (pool_slots > left) {
      free.set(pool, 0);
      continue;
    }
    free.set(pool, left - pool_slots);
    dags.set(dag_id, dagFree - 1);
    byTask.set(task, active + 1);
    byRunTask.set(runTask, activeInRun + 1);
    admission.taken.set(pool, (admission.taken.get(pool) ?? 0) + pool_slots);
    admission.ids.push(candidate.id);
  }
  return admission;
}
