/** `podline tasks render`: config and environment of a task as its operator would get them, secrets hidden. */
import type { Json } from '../../../src/plan/plan.ts';
import { prepare, resolveConnections } from '../../worker/prepare.ts';
import { secretsOf, spellings } from '../../worker/secrets.ts';
import { shown } from '../../worker/shown.ts';
import type { Session } from '../session.ts';
import { makeTrial, type TrialOptions } from './trial.ts';

export async function renderTask(
  session: Session,
  names: readonly [string, string],
  options: TrialOptions,
): Promise<void> {
  const { output } = session;
  const { assignment, connections } = await makeTrial(session, names, options);
  const resolved = await resolveConnections(assignment, connections);
  const prepared = await prepare(assignment, resolved);
  const secrets = spellings(secretsOf(resolved.values(), assignment.variables));
  const { isRendered: _, ...values } = prepared;
  const { inputs, config, env } = shown({ ...values }, secrets, Infinity) as {
    inputs: Record<string, Json>;
    config: Record<string, Json>;
    env: Record<string, string>;
  };
  const [dagId, taskId] = names;
  const { operator } = assignment.task;
  if (output.json) {
    output.printJson({ dagId, taskId, operator, inputs, config, env });
    return;
  }
  for (const [title, values] of Object.entries({ inputs, config, env })) {
    for (const [name, value] of Object.entries(values)) {
      output.print(output.colours.bold(`${title}.${name}`));
      output.print(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
    }
  }
}
