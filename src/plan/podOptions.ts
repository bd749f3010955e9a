/**
 * What a task says about pods, as fields of the plan: the option `pod` over that of its groups and the DAG, and
 * the config of the operators pod and job. Called by compile.ts for every task.
 */
import { isSecretName } from '../model/secretNames.ts';
import type { PodConfig } from '../operators/pod.ts';
import { checkOverrides } from '../pods/checkOverrides.ts';
import type { PodProblem } from '../pods/checkPod.ts';
import { mergeOverrides } from '../pods/mergePod.ts';
import { imageProblem } from '../pods/names.ts';
import type { PodOverrides } from '../pods/podOverrides.ts';
import { toJson } from './json.ts';
import type { PlanTask } from './plan.ts';
import { type ConfigContext, type ConfigFields, jsonReader } from './taskConfig.ts';
import type { TaskFields } from './taskOptions.ts';
import { mayBeTemplate } from './templates.ts';

const REMEDY = 'docs/pods.md lists what a task can say about its pod.';

/** Of defaults, which a DAG of 50,000 tasks would have read as often. */
const known = new WeakMap<object, PodProblem[]>();

export function readPod(
  context: ConfigContext,
  layers: readonly Record<string, unknown>[],
  operator: ConfigFields | undefined,
): Pick<PlanTask, 'pod'> {
  const { reader } = context;
  let pod: PodOverrides | undefined;
  for (const layer of layers) {
    if (layer.pod === undefined) continue;
    const given = reader.object('pod', layer.pod);
    const problems = known.get(given) ?? checkOverrides(given);
    known.set(given, problems);
    report(context, problems, 'pod');
    if (problems.length > 0) continue;
    const copy = toJson(given, 'pod', jsonReader(context)) as PodOverrides;
    pod = pod ? mergeOverrides(pod, copy) : mergeOverrides({}, copy);
  }
  const own = layers.at(-1);
  if (own?.pod !== undefined && /^(local|pool:)/.test(String(own.executor))) {
    reader.bad(
      'pod',
      `executor ${JSON.stringify(own.executor)} makes no pod for this task`,
      'Leave pod out, or set executor: "kubernetes".',
    );
  }
  const place = operator && isDirect(operator) ? placeOf(operator) : undefined;
  if (place && Object.keys(place).length > 0) pod = { ...pod, ...place };
  return pod ? { pod } : {};
}

/** The scheduler launches the image itself; no worker takes part. */
export function isDirect({ operator, config }: Pick<PlanTask, 'operator' | 'config'>): boolean {
  return operator === 'pod' && config.launch === 'direct';
}

/** The config of pod and job: what stands beside image and command is about the pod that runs the image. */
export function checkPodConfig(
  context: ConfigContext,
  { operator, config }: ConfigFields,
  options: TaskFields,
): void {
  if (operator !== 'pod' && operator !== 'job') return;
  const { reader } = context;
  const { image, pod } = config as unknown as Partial<PodConfig>;
  if (typeof image === 'string' && !(options.templates && mayBeTemplate(image))) {
    const problem = imageProblem(image);
    if (problem !== undefined) reader.bad(`operator ${operator}, image`, problem, REMEDY);
  }
  const problems = checkOverrides(pod, options.templates ? 'templates' : 'rendered');
  report(context, problems, `operator ${operator}`);
}

/** A direct pod: its spec can be read by everybody who may read pods, and nobody but the scheduler makes it. */
export function checkDirect(
  { reader, draft }: ConfigContext,
  options: TaskFields,
  templates: { connections: ReadonlySet<string>; variables: ReadonlySet<string> },
): void {
  const given = draft.options.executor as unknown;
  if (given !== undefined && given !== '' && given !== 'kubernetes') {
    reader.bad(
      'executor',
      `${JSON.stringify(given)} has nothing to do: the scheduler launches this pod itself, without a worker`,
      'Leave executor out, or set launch: "worker" in pod(...).',
    );
  }
  for (const id of templates.connections) {
    const variable = `PODLINE_CONN_${id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
    reader.bad(
      'operator pod',
      `a template reads conn.${id}, which would be seen in the spec of the pod`,
      `Declare connections: ["${id}"] and read ${variable} in the program, or set launch: "worker".`,
    );
  }
  for (const name of templates.variables) {
    if (!isSecretName(name)) continue;
    reader.bad(
      'operator pod',
      `a template reads var.${name}, which is secret by its name and would be seen in the spec of the pod`,
      'Take it from a Secret: env: { NAME: { secret: "...", key: "..." } }.',
    );
  }
  for (const name of Object.keys(options.env)) {
    if (!name.startsWith('PODLINE_')) continue;
    reader.bad(`env.${name}`, 'names that begin with PODLINE_ belong to Podline', REMEDY);
  }
}

/** What the scheduler must know before the templates are rendered. */
function placeOf({ config }: ConfigFields): PodOverrides {
  const { pod } = config as unknown as PodConfig;
  const place: PodOverrides = {};
  if (pod.cluster !== undefined) place.cluster = pod.cluster;
  if (pod.namespace !== undefined) place.namespace = pod.namespace;
  if (pod.startupTimeout !== undefined) place.startupTimeout = pod.startupTimeout;
  if (pod.terminationGracePeriodSeconds !== undefined)
    place.terminationGracePeriodSeconds = pod.terminationGracePeriodSeconds;
  return place;
}

function report({ reader }: ConfigContext, problems: readonly PodProblem[], where: string): void {
  const separator = where === 'pod' ? '.' : ', ';
  for (const { path, problem } of problems)
    reader.bad(path === '' ? where : `${where}${separator}${path}`, problem, REMEDY);
}
