/**
 * Renders the templates of a direct pod in a child process that may do nothing: templates can run code of
 * their author, and this process holds the owner's database. Called by the kubernetes executor.
 */
import type { Cause } from '../../src/model/causes.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import type { Assignment } from '../worker/assignment.ts';

export interface Rendered {
  config: JsonObject;
  env: Record<string, string>;
}

export type RenderResult = Rendered | { failure: { cause: Cause; message: string } };

/** Never throws: what goes wrong is the failure of this attempt. */
export function renderInSandbox(assignment: Assignment): Promise<RenderResult> {
  return Promise.reject(new Error(`not there yet: ${assignment.task.id}`));
}

/** Ends the child, if there is one; called when the process ends. */
export async function closeSandbox(): Promise<void> {}
