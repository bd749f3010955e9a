/**
 * Keeps live runs and plan graphs between ticks. A copy is used only when its sequence number equals the
 * row's, which the tick has locked; otherwise the run is read again. Bounded by task instances.
 */
import { readInstances } from '../database/queries/readInstances.ts';
import { readPlan } from '../database/queries/readPlan.ts';
import { blockedByPast } from '../database/queries/sideEffects.ts';
import type { ClaimedRun } from '../database/queries/claimEvents.ts';
import type { Transaction } from '../database/pool.ts';
import { type LiveRun, liveRun } from './liveRun.ts';
import { type PlanGraph, planGraph } from './planGraph.ts';

/** A live instance takes about 0.4 KB: 500,000 of them 200 MB. */
const MOST_INSTANCES = 500_000;
const MOST_GRAPHS = 500;

export interface LoadedRun {
  live: LiveRun;
  /** Just read: every task must be looked at. */
  fresh: boolean;
}

export class RunCache {
  #runs = new Map<number, LiveRun>();
  #weights = new Map<number, number>();
  #graphs = new Map<number, PlanGraph>();
  #size = 0;

  /** An Error in place of a run: its rows or plan cannot be read. */
  async load(
    transaction: Transaction,
    claimed: ClaimedRun[],
  ): Promise<Map<number, LoadedRun | Error>> {
    const result = new Map<number, LoadedRun | Error>();
    const missing: ClaimedRun[] = [];
    for (const run of claimed) {
      const kept = this.#runs.get(run.facts.id);
      const usable = kept?.run.seq === run.facts.seq && !run.changed && !kept.graph.dependsOnPast;
      if (kept && usable) result.set(run.facts.id, { live: kept, fresh: false });
      else missing.push(run);
    }
    if (missing.length === 0) return result;

    const rows = await readInstances(
      transaction,
      missing.map(({ facts }) => facts.id),
    );
    const graphs = new Map<number, PlanGraph | Error>();
    for (const { facts } of missing) {
      if (graphs.has(facts.versionId)) continue;
      graphs.set(facts.versionId, await this.#graph(transaction, facts.versionId));
    }
    const pastIds = missing
      .filter(({ facts }) => {
        const graph = graphs.get(facts.versionId);
        return graph !== undefined && !(graph instanceof Error) && graph.dependsOnPast;
      })
      .map(({ facts }) => facts.id);
    const blocked = pastIds.length > 0 ? await blockedByPast(transaction, pastIds) : [];

    for (const { facts } of missing) {
      const graph = graphs.get(facts.versionId);
      if (graph === undefined || graph instanceof Error) {
        result.set(
          facts.id,
          graph ?? new Error(`no plan for the version with id ${facts.versionId}`),
        );
        continue;
      }
      const past = new Set(
        blocked
          .filter(({ run_id }) => run_id === facts.id)
          .map(({ task_id }) => graph.indexOf.get(task_id))
          .filter((index) => index !== undefined),
      );
      const live = liveRun(facts, graph, rows.get(facts.id) ?? [], past);
      this.#keep(live);
      result.set(facts.id, { live, fresh: true });
    }
    return result;
  }

  forget(runId: number): void {
    if (!this.#runs.delete(runId)) return;
    this.#size -= this.#weights.get(runId) ?? 0;
    this.#weights.delete(runId);
  }

  clear(): void {
    this.#runs.clear();
    this.#weights.clear();
    this.#size = 0;
  }

  #keep(live: LiveRun): void {
    this.forget(live.run.id);
    this.#runs.set(live.run.id, live);
    this.#weights.set(live.run.id, live.byId.size);
    this.#size += live.byId.size;
    for (const oldest of this.#runs.keys()) {
      if (this.#size <= MOST_INSTANCES || oldest === live.run.id) break;
      this.forget(oldest);
    }
  }

  async #graph(transaction: Transaction, versionId: number): Promise<PlanGraph | Error> {
    const kept = this.#graphs.get(versionId);
    if (kept) return kept;
    try {
      const { plan, tasks } = await readPlan(transaction, versionId);
      const graph = planGraph(versionId, plan, tasks);
      this.#graphs.set(versionId, graph);
      for (const oldest of this.#graphs.keys()) {
        if (this.#graphs.size <= MOST_GRAPHS) break;
        this.#graphs.delete(oldest);
      }
      return graph;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
