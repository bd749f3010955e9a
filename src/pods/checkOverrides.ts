/**
 * Checks what an author says about a pod when the DAG is built, in plain words and with the place of each
 * mistake. Whether the cluster agrees (accounts, namespaces, root) is seen at launch, by checkPod.ts.
 */
import type { z } from 'zod';
import { show } from '../plan/problems.ts';
import type { PodProblem } from './checkPod.ts';
import { overridesSchema } from './overridesSchema.ts';
import type { OverridesMode } from './schemaParts.ts';

/** Known fields of Kubernetes that no author has, and what to do instead. */
const REFUSED: Record<string, string> = {
  hostNetwork: 'it is refused: a task has a network of its own',
  hostPID: 'it is refused: a task sees its own processes',
  hostIPC: 'it is refused: a task shares no memory with its node',
  hostPath: 'it is refused: a task has no files of its node; use a persistentVolumeClaim',
  privileged: 'it is refused: a task has no rights over its node',
  allowPrivilegeEscalation: 'it is refused: it is always false',
  capabilities: 'it is refused: all are dropped',
  automountServiceAccountToken: 'it is refused: a task has no Kubernetes token',
  serviceAccount: 'it is refused: write serviceAccountName',
  nodeName: 'it is refused: use nodeSelector or affinity',
  restartPolicy: 'it is refused: retries belong to the task; long-lived helpers go under sidecars',
  activeDeadlineSeconds: 'it is refused: use executionTimeout of the task',
  containers: 'it is refused: more containers go under initContainers or sidecars',
};
const BELONGS = 'there is no such field here, or it belongs to whoever runs the cluster';

const schemas = new Map<OverridesMode, z.ZodType>();

export function checkOverrides(given: unknown, mode: OverridesMode = 'plain'): PodProblem[] {
  let schema = schemas.get(mode);
  if (!schema) schemas.set(mode, (schema = overridesSchema(mode)));
  const result = schema.safeParse(given);
  return (result.error?.issues ?? []).flatMap((issue) => problemsOf(issue, given));
}

function problemsOf(issue: z.core.$ZodIssue, given: unknown): PodProblem[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: path === '' ? key : `${path}.${key}`,
      problem: Object.hasOwn(REFUSED, key) ? (REFUSED[key] ?? BELONGS) : BELONGS,
    }));
  }
  return [{ path, problem: words(issue, valueAt(given, issue.path)) }];
}

function words(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'custom') return issue.message;
  if (value === undefined) return 'it is missing';
  if (issue.code === 'invalid_value')
    return `${show(value)} is not known; choose one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `${show(value)} is less than ${String(issue.minimum)}`;
  if (issue.code === 'too_big') return `${show(value)} is more than ${String(issue.maximum)}`;
  if (issue.code === 'invalid_type') {
    const expected = NAMES[issue.expected] ?? issue.expected;
    return `${show(value)} is not usable; give ${expected}`;
  }
  return `${show(value)} is not usable`;
}

const NAMES: Record<string, string> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with named fields',
  record: 'an object with named fields',
};

/** ["volumes", 0, "name"] as volumes[0].name. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}
