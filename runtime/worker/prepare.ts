/**
 * Everything an operator is given, made from the assignment: inputs, connections, rendered config and
 * environment. Called by execute.ts before the operator; what is missing is an error that names it.
 */
import { PodlineError, PodlineErrors } from '../../src/errors.ts';
import type { Json, JsonObject, PlanTask } from '../../src/plan/plan.ts';
import type { Connections } from '../connections/connections.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { RunFacts } from '../operators/operator.ts';
import type { Assignment } from './assignment.ts';
import { templateContext } from './context.ts';
import { resolveInputs } from './inputs.ts';
import { isTemplate, renderText, type TemplateContext } from './templates.ts';

export interface Prepared {
  inputs: Record<string, Json>;
  config: JsonObject;
  env: Record<string, string>;
  /** Something in config or env is not as it was written. */
  isRendered: boolean;
}

/** All declared connections; all that are missing are named in one error. */
export async function resolveConnections(
  assignment: Assignment,
  connections: Connections,
): Promise<Map<string, Connection>> {
  const found = new Map<string, Connection>();
  const problems: PodlineError[] = [];
  for (const id of assignment.task.references.connections) {
    try {
      found.set(id, await connections.resolve(id));
    } catch (error) {
      if (!(error instanceof PodlineError)) throw error;
      problems.push(error);
    }
  }
  for (const variable of assignment.task.references.variables) {
    if (!Object.hasOwn(assignment.variables, variable)) {
      problems.push(new PodlineError('not_found.variable', { variable }));
    }
  }
  const [first, second] = problems;
  if (second) throw new PodlineErrors(problems);
  if (first) throw first;
  return found;
}

export async function prepare(
  assignment: Assignment,
  connections: ReadonlyMap<string, Connection>,
): Promise<Prepared> {
  const { task } = assignment;
  const inputs = resolveInputs(assignment);
  const renderer = new Renderer(task, inputs, () =>
    templateContext(assignment, inputs, connections),
  );
  const config = (await renderer.value(task.config, 'config')) as JsonObject;
  const env: Record<string, string> = {};
  for (const [name, text] of Object.entries(task.env)) {
    env[name] = await renderer.text(text, `env.${name}`);
  }
  return { inputs, config, env, isRendered: renderer.hasRendered };
}

export function factsOf(assignment: Assignment): RunFacts {
  const { run, task, attempt, instance } = assignment;
  return {
    dagId: run.dagId,
    runId: run.runId,
    kind: run.kind,
    taskId: task.id,
    mapIndex: instance.mapIndex,
    try: attempt.try,
    maxTries: attempt.maxTries,
    logicalDate: run.logicalDate,
    intervalStart: run.intervalStart,
    intervalEnd: run.intervalEnd,
    startedAt: run.startedAt,
    timezone: assignment.timezone,
    traceparent: assignment.traceparent,
    idempotencyKey: `${run.dagId}/${run.runId}/${task.id}/${instance.mapIndex}`,
  };
}

class Renderer {
  readonly #task: Pick<PlanTask, 'id' | 'templates'>;
  readonly #inputs: Record<string, Json>;
  readonly #makeContext: () => TemplateContext;
  #context: TemplateContext | undefined;
  hasRendered = false;

  constructor(
    task: Pick<PlanTask, 'id' | 'templates'>,
    inputs: Record<string, Json>,
    makeContext: () => TemplateContext,
  ) {
    this.#task = task;
    this.#inputs = inputs;
    this.#makeContext = makeContext;
  }

  /** The same value when it holds no template and no reference to an input. */
  async value(value: Json, where: string): Promise<Json> {
    if (typeof value === 'string') return this.#isTemplate(value) ? this.text(value, where) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const list: Json[] = [];
      for (const [index, item] of value.entries()) {
        list.push(await this.value(item, `${where}[${index}]`));
      }
      return list;
    }
    const input = value.$input;
    if (typeof input === 'string' && Object.keys(value).length === 1) {
      this.hasRendered = true;
      return this.#inputs[input] ?? null;
    }
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      // A script from a file is known to its author by the file's name.
      const place =
        key === 'text' && typeof value.file === 'string' ? value.file : `${where}.${key}`;
      result[key] = await this.value(item, place);
    }
    return result;
  }

  async text(text: string, where: string): Promise<string> {
    if (!this.#isTemplate(text)) return text;
    this.hasRendered = true;
    this.#context ??= this.#makeContext();
    return renderText(text, this.#context, { task: this.#task.id, where });
  }

  #isTemplate(text: string): boolean {
    return this.#task.templates !== false && isTemplate(text);
  }
}
