/**
 * Which task instances a clear would take: decided by the scheduler's own code on a copy of the run in
 * memory, so that the dry run cannot say anything else than what would happen.
 */
import type { TaskState } from '../../src/model/states.ts';
import type { Queryable } from '../database/pool.ts';
import { readInstances } from '../database/queries/readInstances.ts';
import { readPlan } from '../database/queries/readPlan.ts';
import type { RunDetails } from '../database/queries/readRun.ts';
import { applyCommand } from '../scheduler/command.ts';
import type { Command } from '../scheduler/decision.ts';
import { newDraft } from '../scheduler/draft.ts';
import { liveRun, type RunFacts } from '../scheduler/liveRun.ts';
import { planGraph } from '../scheduler/planGraph.ts';

export interface ClearedInstance {
  taskId: string;
  mapIndex: number;
  state: TaskState;
}

export async function previewClear(
  database: Queryable,
  run: RunDetails,
  command: Extract<Command, { kind: 'clear' }>,
): Promise<ClearedInstance[]> {
  const { plan, tasks } = await readPlan(database, run.versionId);
  const rows = (await readInstances(database, [run.id])).get(run.id) ?? [];
  const before = new Map(rows.map((row) => [row.id, { ...row }]));
  const facts: RunFacts = { ...run, kind: run.kind as RunFacts['kind'], seq: 0, ends: 0 };
  const draft = newDraft(liveRun(facts, planGraph(run.versionId, plan, tasks), rows));
  applyCommand(draft, command);
  const chosen = [...new Set(draft.decision.moves.map(({ id }) => id))];
  return chosen
    .map((id) => before.get(id))
    .filter((instance) => instance !== undefined)
    .map(({ taskId, mapIndex, state }) => ({ taskId, mapIndex, state }));
}
