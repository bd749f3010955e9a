/**
 * A plan as the record that a preview compares: what the author wrote, in his words, without defaults and without
 * what follows from other things. Whatever changes in a plan changes here, in one place. Pure; used by dagBundle.ts.
 */
import type { Json, JsonObject, Plan, Schedule } from '../../src/plan/plan.ts';
import type { DagArgs, DagTaskArgs } from '../dag.ts';
import { ownPriorities } from './ownPriority.ts';
import { compact, durationText, flat, listText, other, shortHash, shown } from './readable.ts';
import { callbacksView, taskView } from './taskView.ts';

export interface BuiltPlan {
  plan: Plan;
  /** DAG file, relative to the folder that was built. */
  source?: string;
  /** Id of the bundle of code; null when the plan is all there is. */
  bundle: string | null;
}

/** All of it known. */
export interface PlanView extends DagArgs {
  tasks: Record<string, DagTaskArgs>;
}

export function planView({ plan, source, bundle }: BuiltPlan): PlanView {
  const { rule, weights } = ownPriorities(plan);
  const priorities = plan.tasks.map(({ priority }) => priority).join(' ');
  const tasks = plan.tasks.map(
    (task, at) => [task.id, taskView(task, weights?.[at] ?? 1)] as const,
  );
  const facts = compact({
    dagId: plan.dagId,
    file: source,
    description: plan.description === undefined ? undefined : shown(plan.description),
    owner: plan.owner,
    schedule: scheduleText(plan.schedule),
    timezone: other(plan.timezone, 'UTC'),
    tags: plan.tags.length > 0 ? listText(plan.tags) : undefined,
    startDate: plan.startDate,
    endDate: plan.endDate,
    catchup: other(plan.catchup, false),
    maxActiveRuns: other(plan.maxActiveRuns, 16),
    maxActiveTasks: other(plan.maxActiveTasks, 16),
    runTimeout: plan.runTimeout === undefined ? undefined : durationText(plan.runTimeout),
    failFast: other(plan.failFast, false),
    priorityRule: other(rule, 'downstream'),
    priorities: weights === null ? shortHash(priorities) : undefined,
    params: paramsView(plan.params),
    callbacks: callbacksView(plan.callbacks),
    groups: groupsView(plan),
    code: bundle === null ? undefined : bundle.slice(0, 12),
  });
  return { ...facts, tasks: Object.fromEntries(tasks) };
}

function scheduleText(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'none':
      return 'none';
    case 'once':
    case 'continuous':
      return `@${schedule.kind}`;
    case 'cron':
      return schedule.cron;
    case 'interval':
      return `every ${durationText(schedule.seconds)}`;
  }
}

/** The schema of each param, by its name; what holds for all of them under "(all)". */
function paramsView(schema: JsonObject): Record<string, string> {
  const { properties = {}, required = [], ...rest } = schema;
  const byName = properties as Record<string, Json>;
  const isUsual =
    JSON.stringify(rest) === '{"type":"object","additionalProperties":false}' ||
    (JSON.stringify(rest) === '{"type":"object"}' && Object.keys(byName).length === 0);
  const view = flat(byName);
  // flat gives the text of a whole value under the empty path: no params.
  delete view[''];
  for (const name of required as string[]) view[`${name}.required`] = 'true';
  return isUsual ? view : { ...view, ...flat(rest, '(all)') };
}

function groupsView({ groups }: Plan): Record<string, string> {
  const labelled = groups.flatMap(({ id, label }) => (label === undefined ? [] : [[id, label]]));
  return Object.fromEntries(labelled) as Record<string, string>;
}
