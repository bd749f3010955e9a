/** Runs one operator through execute() without a database: its outcome and its log. */
import { Connections } from '../../runtime/connections/connections.ts';
import type { Assignment, Outcome } from '../../runtime/worker/assignment.ts';
import { execute } from '../../runtime/worker/execute.ts';
import { AttemptLog } from '../../runtime/worker/log.ts';
import { Stop } from '../../runtime/worker/stop.ts';
import type { PlanTask } from '../../src/plan/plan.ts';
import { assignment, planTask } from '../worker/fixture.ts';

export interface Operated {
  outcome: Outcome;
  log: string;
}

export interface Operation {
  task: Partial<PlanTask> & { operator: string };
  /** Environment of the worker: PODLINE_CONN_... and the like. */
  connections?: Record<string, string>;
  assignment?: Partial<Assignment>;
  stop?: Stop;
  bundleFolder?: string;
  projectFolder?: string;
}

export async function operate(operation: Operation): Promise<Operated> {
  const env: Record<string, string> = {};
  for (const [id, uri] of Object.entries(operation.connections ?? {})) {
    env[`PODLINE_CONN_${id.toUpperCase()}`] = uri;
  }
  const references = {
    xcoms: [],
    variables: [],
    connections: Object.keys(operation.connections ?? {}),
  };
  const task = planTask({ references, ...operation.task });
  const log = new AttemptLog({ send: () => Promise.resolve(), flushMs: 1e6 });
  const outcome = await execute(assignment(task, operation.assignment), {
    connections: new Connections(env),
    log,
    stop: operation.stop ?? new Stop(),
    pushXCom: () => Promise.resolve(true),
    pullXCom: () => Promise.resolve([]),
    bundleFolder: () => Promise.resolve(operation.bundleFolder),
    projectFolder: operation.projectFolder ?? process.cwd(),
  });
  return { outcome, log: (await log.end()).content.toString() };
}
