/**
 * Renders the templates of direct pods. Templates can run code of their author, and this process holds the
 * owner's database: so a child process that may do nothing renders them, one for each DAG, so that no author
 * meets the values of another. Called by the kubernetes executor. A task without templates needs no child.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Cause } from '../../src/model/causes.ts';
import type { Json, JsonObject } from '../../src/plan/plan.ts';
import type { Assignment } from '../worker/assignment.ts';
import { outcomeOfError } from '../worker/failure.ts';
import { prepare } from '../worker/prepare.ts';
import { isTemplate } from '../worker/templates.ts';
import { type Renderer, startRenderer } from './renderer.ts';

export interface Rendered {
  config: JsonObject;
  env: Record<string, string>;
}

export type RenderResult = Rendered | { failure: { cause: Cause; message: string } };

/** Children that are kept, 50 MB each: those of the DAGs that rendered last. */
const MOST_CHILDREN = 4;
const IDLE_MS = 60_000;

const children = new Map<string, Renderer>();
const waiting: (() => void)[] = [];

/** Never throws: what goes wrong is the failure of this attempt. */
export async function renderInSandbox(assignment: Assignment): Promise<RenderResult> {
  const { task, variables, run } = assignment;
  const missing = task.references.variables.find((name) => !Object.hasOwn(variables, name));
  if (missing !== undefined) {
    return failed(new PodlineError('not_found.variable', { variable: missing }));
  }
  if (task.templates === false || !(hasTemplate(task.config) || hasTemplate(task.env))) {
    try {
      const { config, env } = await prepare(assignment, new Map());
      return { config, env };
    } catch (error) {
      return failed(error);
    }
  }
  return renderIn(run.dagId, assignment);
}

/** Ends the children, if there are any; called when the process ends. */
export function closeSandbox(): Promise<void> {
  for (const child of children.values()) child.end();
  children.clear();
  return Promise.resolve();
}

/** Choosing a child and giving it work is one step, so that nobody ends it in between. */
async function renderIn(dagId: string, assignment: Assignment): Promise<RenderResult> {
  for (;;) {
    const known = children.get(dagId);
    if (known) {
      // A Map keeps the order in which keys were set: the first is the one used longest ago.
      children.delete(dagId);
      children.set(dagId, known);
      return known.render(assignment);
    }
    const idle = [...children].find(([, child]) => child.idle);
    if (children.size < MOST_CHILDREN) start(dagId);
    else if (idle) {
      children.delete(idle[0]);
      idle[1].end();
    } else await new Promise<void>((resolve) => waiting.push(resolve));
  }
}

function start(dagId: string): void {
  const started: Renderer = startRenderer({
    idleMs: IDLE_MS,
    onIdle: () => waiting.shift()?.(),
    onEnd() {
      if (children.get(dagId) === started) children.delete(dagId);
      waiting.shift()?.();
    },
  });
  children.set(dagId, started);
}

function failed(error: unknown): RenderResult {
  const { cause = 'error', message = '' } = outcomeOfError(error);
  return { failure: { cause, message } };
}

function hasTemplate(value: Json | Record<string, string>): boolean {
  if (typeof value === 'string') return isTemplate(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((item) => hasTemplate(item));
}
