/** Small plans and live runs for the unit tests of the pure core; nothing here needs a database. */
import type { PlanTask } from '../../src/plan/plan.ts';
import { compile } from '../../src/plan/compile.ts';
import { decide } from '../../runtime/scheduler/decide.ts';
import type { DecideInput, Decision } from '../../runtime/scheduler/decision.ts';
import { type Instance, type LiveRun, liveRun } from '../../runtime/scheduler/liveRun.ts';
import { type PlanGraph, planGraph } from '../../runtime/scheduler/planGraph.ts';

export function graphOf(dag: object): PlanGraph {
  const { tasks, ...plan } = compile(dag);
  return planGraph(1, plan, tasks);
}

/** A running run of a DAG with one untouched instance a task. */
export function freshRun(graph: PlanGraph): LiveRun {
  return liveRun(
    {
      id: 1,
      dagId: graph.plan.dagId,
      runId: 'r',
      versionId: 1,
      kind: 'manual',
      state: 'running',
      seq: 0,
      logicalDate: new Date(0),
      intervalEnd: null,
      backfillId: null,
      ends: 0,
    },
    graph,
    graph.tasks.map(untouched),
  );
}

export function untouched(task: PlanTask, index: number): Instance {
  return {
    id: index + 1,
    taskId: task.id,
    mapIndex: -1,
    state: 'none',
    attemptId: null,
    triesUsed: 0,
    infraUsed: 0,
    maxTries: 1 + task.retries.max,
    choice: null,
    mapLength: null,
  };
}

export function look(live: LiveRun, input: Partial<DecideInput> = {}): Decision {
  return decide(live, {
    ended: [],
    due: [],
    commands: [],
    runTimedOut: false,
    fresh: false,
    random: () => 0.5,
    now: new Date(0),
    ...input,
  });
}

/** Task ids with their states; mapped instances as "task[0]". */
export function statesOf(live: LiveRun): Record<string, string> {
  const states: Record<string, string> = {};
  for (const instances of live.instances) {
    for (const { taskId, mapIndex, state } of instances) {
      states[mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`] = state;
    }
  }
  return states;
}
