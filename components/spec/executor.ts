/** Names of executors as components take them: a scheduler of the control plane runs no task itself. Pure. */

export function executorProblem(text: string): string | undefined {
  if (/^(kubernetes|pool:[a-z0-9]([a-z0-9_-]*[a-z0-9])?)$/.test(text)) return undefined;
  return `"${text}" is no executor of a cluster; give kubernetes or pool:NAME`;
}
