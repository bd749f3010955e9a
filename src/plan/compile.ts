/**
 * Compiles a DAG value into its plan, or throws PodlineErrors with every mistake found. Pure but for the
 * `readFile` it is given. Called by the build's throw-away process and by the test kit.
 */
import { type DagDraft, dagDraft } from '../dag/dag.ts';
import type { TaskDraft } from '../dag/task.ts';
import { PodlineError, PodlineErrors } from '../errors.ts';
import { readDagOptions } from './dagOptions.ts';
import { findCycle, makeGraph, notUpstream, sumReachable, topologicalOrder } from './graph.ts';
import { idProblem } from './ids.ts';
import { OptionReader } from './optionReader.ts';
import { PLAN_FORMAT, type Plan, type PlanTask, type XComRef } from './plan.ts';
import { checkDirect, checkPodConfig, isDirect, readPod } from './podOptions.ts';
import { Problems, show } from './problems.ts';
import { type ConfigContext, type ReadFile, readOperator, readTemplates } from './taskConfig.ts';
import { type TaskFields, checkDefaults, readTaskOptions } from './taskOptions.ts';
import { type Known, resolveUpstream, upstreamOf } from './wiring.ts';

export const MAX_TASKS = 50_000;

export interface CompileOptions {
  /** Reads a script named by `file`, relative to the DAG file. */
  readFile?: ReadFile;
  /** Name of the DAG file, for messages. */
  dagFile?: string;
}

type Edges = Parameters<typeof upstreamOf>[0][number][];

export function compile(value: unknown, options: CompileOptions = {}): Plan {
  const draft = dagDraft(value);
  if (!draft) {
    const details = {
      where: 'compile',
      problem: `${show(value)} is no DAG`,
      remedy: 'Use dag(...).',
    };
    throw new PodlineErrors([new PodlineError('dag.bad_option', details)]);
  }
  return compileDraft(draft, options);
}

function compileDraft(draft: DagDraft, options: CompileOptions): Plan {
  const dagId = typeof draft.id === 'string' ? draft.id.slice(0, 200) : show(draft.id);
  const problems = new Problems(dagId);
  problems.site = draft.site;
  const idWrong = idProblem(draft.id);
  if (idWrong) problems.add('dag.bad_id', { what: 'DAG', id: show(draft.id), reason: idWrong });
  const reader = new OptionReader(problems, `DAG ${dagId}`);
  const { fields, defaults, priorityRule } = readDagOptions(reader, problems, draft.options);
  checkDefaults(reader, defaults);
  if (draft.asynchronous) {
    reader.bad(
      'build function',
      'it is asynchronous',
      'Declare tasks without await; work belongs in tasks.',
    );
  }
  if (draft.tasks.length === 0) problems.add('dag.empty', {});
  if (draft.tasks.length > MAX_TASKS) {
    problems.add('dag.too_large', { count: draft.tasks.length, what: 'tasks', limit: MAX_TASKS });
    problems.throwIfAny();
  }

  const known = registerIds(draft, problems);
  const edges: Edges = [];
  const tasks: PlanTask[] = [];
  const reads: { task: number; ancestor: number; id: string }[] = [];
  for (const task of draft.tasks) {
    problems.site = task.site;
    const named = known.tasks.get(String(task.id));
    const context: ConfigContext = {
      problems,
      reader: new OptionReader(problems, `DAG ${dagId}, task ${String(task.id)}`),
      draft: task,
      known,
      params: fields.params,
      readFile: options.readFile ?? (() => undefined),
      dagFile: options.dagFile ?? 'the DAG file',
    };
    const compiled = compileTask(context, defaults, edges);
    // The second of two with one id is only checked.
    if (named?.draft !== task) continue;
    const { index } = named;
    tasks.push(compiled.task);
    for (const id of compiled.reads) {
      reads.push({ task: index, ancestor: known.tasks.get(id)?.index ?? -1, id });
    }
  }
  markSetups(tasks, known);
  const groups: Plan['groups'] = [];
  for (const [id, group] of known.groups) {
    problems.site = group.site;
    const reader = new OptionReader(problems, `DAG ${dagId}, group ${String(group.id)}`);
    const given = reader.object('options', group.options);
    reader.known(given, ['label', 'after', 'defaults']);
    checkDefaults(reader, reader.object('defaults', given.defaults));
    groups.push({ id, label: reader.text('label', given.label, undefined) });
    const target = { draft: group, option: 'after' };
    for (const from of resolveUpstream([given.after ?? [], group.edges], target, known, problems)) {
      edges.push({ from, to: group });
    }
  }

  problems.site = draft.site;
  const teardowns = new Set(tasks.filter((task) => task.teardownOf).map((task) => task.id));
  const upstream = upstreamOf(
    edges,
    known,
    (task) => teardowns.has(String(task.id)),
    (count) => problems.add('dag.too_large', { count, what: 'edges', limit: 1_000_000 }),
  );
  const graph = makeGraph(upstream);
  const order = topologicalOrder(graph);
  const cycle = findCycle(graph, order);
  const nameOf = (index: number) => tasks[index]?.id ?? '';
  if (cycle) {
    const path = cycle.map(nameOf);
    const shown = path.length > 20 ? [...path.slice(0, 18), '…', ...path.slice(-1)] : path;
    problems.add('dag.cycle', { path: shown.join(' -> ') });
  } else {
    for (const { task, id } of notUpstream(graph, order, reads)) {
      problems.add(
        'dag.not_upstream',
        { task: nameOf(task), ref: id },
        siteOf(draft, nameOf(task)),
      );
    }
  }
  problems.throwIfAny();

  const weights = tasks.map((task) => task.priority);
  const added =
    priorityRule === 'absolute'
      ? weights.map(() => 0)
      : priorityRule === 'downstream'
        ? sumReachable(order.toReversed(), graph.downstream, weights)
        : sumReachable(order, graph.upstream, weights);
  return withoutUndefined({
    format: PLAN_FORMAT,
    dagId,
    ...fields,
    groups,
    tasks: order.map((index) => ({
      ...(tasks[index] as PlanTask),
      upstream: (upstream[index] ?? []).map(nameOf).sort(),
      priority: clamp((weights[index] ?? 0) + (added[index] ?? 0)),
    })),
  });
}

function registerIds(draft: DagDraft, problems: Problems): Known {
  const tasks = new Map<string, { index: number; draft: TaskDraft }>();
  const groups = new Map<string, DagDraft['groups'][number]>();
  const dotted = (name: unknown) =>
    typeof name === 'string' && name.includes('.')
      ? '"." stands between groups only; make the group with d.group(...)'
      : undefined;
  for (const item of [...draft.groups, ...draft.tasks]) {
    problems.site = item.site;
    const reason = idProblem(item.name) ?? dotted(item.name) ?? idProblem(item.id);
    if (reason) problems.add('dag.bad_id', { what: item.kind, id: show(item.id), reason });
    const id = String(item.id);
    const other = tasks.has(id) ? 'task' : groups.has(id) ? 'group' : undefined;
    if (other) problems.add('dag.duplicate_id', { what: item.kind, id: show(id).slice(1, -1) });
    else if (item.kind === 'group') groups.set(id, item);
    else tasks.set(id, { index: tasks.size, draft: item });
  }
  return { tasks, groups };
}

function compileTask(
  context: ConfigContext,
  dagDefaults: Record<string, unknown>,
  edges: Edges,
): { task: PlanTask; reads: string[] } {
  const { draft, reader, problems, known } = context;
  const own = reader.object('options', draft.options);
  const layers = [own];
  for (let group = draft.group; group; group = group.group) {
    const defaults: unknown = group.options.defaults;
    if (typeof defaults === 'object' && defaults !== null) layers.unshift({ ...defaults });
  }
  layers.unshift(dagDefaults);
  const teardownOf =
    own.teardownOf === undefined
      ? undefined
      : resolveUpstream(
          own.teardownOf,
          { draft, option: 'teardownOf', tasksOnly: true },
          known,
          problems,
        );
  if (teardownOf && own.setup === true) {
    reader.bad('setup', 'a teardown cannot be a setup, too', 'Remove setup or teardownOf.');
  }
  const options = readTaskOptions(reader, layers, {
    mapped: draft.over !== undefined,
    teardown: teardownOf !== undefined,
  });
  const operator = readOperator(context);
  const templates = readTemplates(
    options.templates
      ? { config: operator?.config ?? {}, env: options.env }
      : { config: {}, env: {} },
    context,
  );
  const pod = readPod(context, layers, operator);
  if (operator) checkPodConfig(context, operator, options);
  if (operator && isDirect(operator)) {
    checkDirect(context, options, templates);
    options.executor = 'kubernetes';
  }
  const wired = operator?.wired ?? [];
  const after = resolveUpstream(
    [own.after ?? [], draft.edges],
    { draft, option: 'after' },
    known,
    problems,
  );
  for (const from of [...after, ...(teardownOf ?? [])]) edges.push({ from, to: draft });
  for (const { task } of wired) {
    const from = known.tasks.get(task)?.draft;
    if (from) edges.push({ from, to: draft });
  }
  return {
    task: planTask(
      draft,
      { ...options, ...pod },
      operator,
      {
        xcoms: referencedXComs(wired, [...templates.tasks.keys()], known),
        variables: unique([
          ...options.variables,
          ...(operator?.variables ?? []),
          ...templates.variables,
        ]),
        connections: unique([
          ...options.connections,
          ...(operator?.connections ?? []).filter((id) => !id.includes('{{')),
          ...templates.connections,
        ]),
      },
      teardownOf?.map((setup) => String(setup.id)).sort(),
    ),
    reads: [...templates.tasks.keys()],
  };
}

function planTask(
  draft: TaskDraft,
  options: TaskFields & Pick<PlanTask, 'pod'>,
  operator: ReturnType<typeof readOperator>,
  references: PlanTask['references'],
  teardownOf: string[] | undefined,
): PlanTask {
  const { connections: _c, variables: _v, templates, ...fields } = options;
  return {
    id: String(draft.id),
    group: draft.group && String(draft.group.id),
    operator: operator?.operator ?? '',
    operatorModule: operator?.operatorModule,
    config: operator?.config ?? {},
    templates: templates ? undefined : (false as const),
    inputs: operator?.inputs ?? {},
    references,
    upstream: [],
    map: operator?.map,
    sensor: operator?.sensor,
    flow: operator?.flow,
    teardownOf,
    ...fields,
  };
}

/** One entry for each task and key: the claim hands over whole values, whatever part is read. */
function referencedXComs(wired: readonly XComRef[], tasks: string[], known: Known): XComRef[] {
  const found = new Map<string, XComRef>();
  const add = (task: string, key: string) => {
    const mapped = known.tasks.get(task)?.draft.over !== undefined && { mapped: true };
    found.set(`${task} ${key}`, { kind: 'xcom', task, key, ...mapped });
  };
  for (const { task, key } of wired) add(task, key);
  for (const task of tasks) add(task, 'return_value');
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
}

/** Whatever a teardown names is a setup. */
function markSetups(tasks: readonly PlanTask[], known: Known): void {
  for (const { teardownOf = [] } of tasks) {
    for (const id of teardownOf) {
      const setup = tasks[known.tasks.get(id)?.index ?? -1];
      if (setup) setup.setup = true;
    }
  }
}

function siteOf(draft: DagDraft, taskId: string): Error | undefined {
  return draft.tasks.find((task) => task.id === taskId)?.site;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}

/** As wide as the column that holds it. */
function clamp(weight: number): number {
  return Math.max(-2147483648, Math.min(2147483647, weight));
}

/** The plan is JSON: leave out what is undefined. Literal values inside never are. */
function withoutUndefined(plan: Plan): Plan {
  return JSON.parse(JSON.stringify(plan)) as Plan;
}
