/** One task of a plan as a preview shows it; see planView.ts. Pure. */
import { canonicalJson } from '../../src/plan/canonical.ts';
import type {
  Callbacks,
  InputRef,
  Json,
  JsonObject,
  PlanTask,
  RetryPolicy,
} from '../../src/plan/plan.ts';
import type { DagTaskArgs } from '../dag.ts';
import {
  compact,
  durationText,
  flat,
  listText,
  other,
  shortHash,
  shown,
  shownAs,
} from './readable.ts';

/** Defaults of operators that stand in their config. */
const HTTP: JsonObject = { method: 'GET', headers: {}, expect: [] };
const USUAL_CONFIG: Record<string, JsonObject> = {
  pod: { launch: 'direct', output: 'none', skipOnExitCode: [99], logs: 'all' },
  job: {
    parallelism: 1,
    completionMode: 'NonIndexed',
    backoffLimit: 0,
    suspend: false,
    ttlSecondsAfterFinished: 3600,
    wait: true,
    logs: 'all',
    keepJob: 'never',
  },
  http: HTTP,
  'sensor.http': HTTP,
  'notify.webhook': { headers: {}, body: null },
  sql: { rows: 'none', limit: 1000, parameters: [] },
  'sensor.sql': { parameters: [] },
  'sensor.externalRun': { offset: 0 },
};

/** Settings of operators that name a connection: shown where they stand, and not again under `connections`. */
const CONNECTIONS = ['connection', 'sftp', 's3'];

/** Where a direct pod runs stands in its config and, for the scheduler, once more in its pod. */
const COPIED = ['cluster', 'namespace', 'startupTimeout', 'terminationGracePeriodSeconds'];

export function taskView(task: PlanTask, priority: number): DagTaskArgs {
  const { config, env } = task;
  const { script, image: configImage, command, args, pod: configPod, ...settings } = config;
  const isImage = task.operator === 'pod' || task.operator === 'job';
  const own = { ...(isImage ? settings : config) };
  if (!isImage) delete own.script;
  if (task.operator === 'notify.webhook') own.url = webhookText(own.url, own.url);
  const { image: podImage, ...pod } = podOf(task, isImage ? configPod : undefined);
  const image = isImage ? configImage : podImage;
  return compact({
    operator: task.operator,
    operatorModule: task.operatorModule,
    description: task.description === undefined ? undefined : shown(task.description),
    image: image as string | undefined,
    command: isImage ? listJson(command) : undefined,
    args: isImage ? listJson(args) : undefined,
    ...scriptView(isImage ? undefined : script),
    after: task.upstream.length > 0 ? task.upstream.join(', ') : undefined,
    executor: other(task.executor, isDirect(task) ? 'kubernetes' : 'default'),
    pool: other(task.pool, 'default_pool'),
    poolSlots: other(task.poolSlots, 1),
    priority: other(priority, 1),
    triggerRule: other(
      task.triggerRule,
      task.teardownOf ? 'all_done_setup_success' : 'all_success',
    ),
    retries: other(task.retries.max, 0),
    retryPolicy: retryView(task.retries),
    executionTimeout:
      task.executionTimeout === undefined ? undefined : durationText(task.executionTimeout),
    dependsOnPast: other(task.dependsOnPast, false),
    maxActivePerDag: task.maxActivePerDag,
    maxActivePerRun: task.maxActivePerRun,
    connections: listOrNone(
      task.references.connections.filter((id) => !CONNECTIONS.some((name) => own[name] === id)),
    ),
    variables: listOrNone(task.references.variables),
    templates: task.templates,
    inlets: listOrNone(task.inlets ?? []),
    outlets: listOrNone(task.outlets ?? []),
    setup: other(task.setup, false),
    teardownOf: listOrNone(task.teardownOf ?? []),
    teardownFailsRun: task.teardownFailsRun,
    flow: other(task.flow, task.operator as typeof task.flow),
    inputs: records(task.inputs, (name, input) => inputText(name, input)),
    env: records(env, (name, text) => shownAs(name, text)),
    settings: flatRecord(withoutUsual(own, USUAL_CONFIG[task.operator])),
    pod: flatRecord(pod),
    map: mapView(task.map),
    sensor: sensorView(task),
    callbacks: callbacksView(task.callbacks),
  });
}

function isDirect({ operator, config }: PlanTask): boolean {
  return operator === 'pod' && config.launch === 'direct';
}

function scriptView(script: Json | undefined): Pick<DagTaskArgs, 'script' | 'scriptFile'> {
  if (script === undefined) return {};
  const { text, file, ...rest } = (script ?? {}) as JsonObject;
  if (typeof text !== 'string' || Object.keys(rest).length > 0) {
    return { script: shown(canonicalJson(script)) };
  }
  return { script: shown(text), scriptFile: typeof file === 'string' ? file : undefined };
}

/** Of a pod operator the pod in its config; the option `pod` of the task over it where they differ. */
function podOf(task: PlanTask, configPod: Json | undefined): JsonObject {
  const above = { ...(task.pod as JsonObject | undefined) };
  const below = (configPod ?? {}) as JsonObject;
  for (const name of COPIED) {
    if (canonicalJson(above[name] ?? null) === canonicalJson(below[name] ?? null)) {
      delete above[name];
    }
  }
  const pod: JsonObject = { ...below };
  for (const [name, value] of Object.entries(above)) {
    pod[Object.hasOwn(below, name) ? `task.${name}` : name] = value;
  }
  return pod.env === undefined ? pod : { ...pod, env: envView(pod.env) };
}

/** Both spellings of an environment, by name. */
function envView(env: Json): Json {
  if (!Array.isArray(env)) return env;
  const view: JsonObject = {};
  for (const one of env as { name: string; value?: string; valueFrom?: Json }[]) {
    view[one.name] = one.value ?? one.valueFrom ?? '';
  }
  return view;
}

function withoutUsual(config: JsonObject, usual: JsonObject = {}): JsonObject {
  const isUsual = (name: string, value: Json) =>
    Object.hasOwn(usual, name) && canonicalJson(usual[name]) === canonicalJson(value);
  return Object.fromEntries(
    Object.entries(config).filter(([name, value]) => !isUsual(name, value)),
  );
}

function retryView(retries: RetryPolicy): Record<string, string> {
  const { delay, factor, maxDelay, jitter, rules, infrastructure } = retries;
  const texts = rules.map(({ causes, exitCodes, action, delay: wait }) => {
    const codes = exitCodes ? ` with exit code ${exitCodes.join(', ')}` : '';
    return `${action} on ${causes.join(', ')}${codes}${wait === undefined ? '' : ` after ${durationText(wait)}`}`;
  });
  const view = {
    delay: delay === 300 ? undefined : durationText(delay),
    factor: factor === 1 ? undefined : String(factor),
    maxDelay: maxDelay === 86400 ? undefined : durationText(maxDelay),
    jitter: jitter === 0 ? undefined : String(jitter),
    rules: texts.length > 0 ? texts.join('; ') : undefined,
    infrastructure: infrastructure === 3 ? undefined : String(infrastructure),
  };
  return compact(view) as Record<string, string>;
}

function inputText(name: string, input: InputRef): string {
  switch (input.kind) {
    case 'literal':
      return typeof input.value === 'string'
        ? shownAs(name, input.value)
        : shown(canonicalJson(input.value));
    case 'param':
      return `{{ params.${input.name} }}`;
    case 'map':
      return `{{ map.${[input.key, ...(input.path ?? [])].join('.')} }}`;
    case 'xcom': {
      const key = input.key === 'return_value' ? [] : [`[${input.key}]`];
      const path = [input.task, ...key, ...(input.path ?? [])].join('.');
      const notes = [input.optional && 'optional', input.mapped && 'mapped'].filter(Boolean);
      return `{{ xcom.${path} }}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
    }
  }
}

function mapView(map: PlanTask['map']): Record<string, string> {
  if (!map) return {};
  const over = Object.entries(map.over).map(([key, source]) => [key, inputText(key, source)]);
  const order = map.order ?? Object.keys(map.over);
  return compact({
    ...(Object.fromEntries(over) as Record<string, string>),
    '(order)': order.length > 1 ? order.join(', ') : undefined,
    '(combine)': map.combine === 'product' ? undefined : map.combine,
    '(most)': map.maxLength === 1024 ? undefined : String(map.maxLength),
  }) as Record<string, string>;
}

function sensorView({ operator, sensor }: PlanTask): Record<string, string> {
  if (!sensor) return {};
  const { mode, interval, timeout, softFail } = sensor;
  return compact({
    mode: other(mode as string, MODES[operator] ?? 'poke'),
    interval: interval === 60 ? undefined : durationText(interval),
    timeout: timeout === 7 * 86_400 ? undefined : durationText(timeout),
    softFail: softFail ? 'true' : undefined,
  }) as Record<string, string>;
}

const MODES: Record<string, string> = {
  'sensor.time': 'time',
  'sensor.externalRun': 'external_run',
};

/** The URL of a webhook often is its secret: host and hash are shown. */
function webhookText(url: Json | undefined, whole: unknown): string {
  const host = typeof url === 'string' ? (/^[a-z]+:\/\/([^/?#@]+)/i.exec(url)?.[1] ?? '') : '';
  return `${host} (${shortHash(canonicalJson(whole))})`.trim();
}

export function callbacksView(callbacks: Callbacks): Record<string, string> {
  const view: Record<string, string> = {};
  for (const [event, targets = []] of Object.entries(callbacks)) {
    const texts = targets.map((target) => {
      if (target.kind === 'email') {
        const { connection, to, subject } = target;
        const about = subject === undefined ? '' : `: ${subject}`;
        return `email to ${listText(to)} through ${connection}${about}`;
      }
      return `webhook ${webhookText(target.url, target)}`;
    });
    if (texts.length > 0) view[event] = texts.join('; ');
  }
  return view;
}

function listOrNone(list: readonly string[]): string | undefined {
  return list.length > 0 ? listText(list) : undefined;
}

function listJson(list: Json | undefined): string | undefined {
  return list === undefined ? undefined : shown(JSON.stringify(list));
}

function records<Value>(
  given: Record<string, Value>,
  text: (name: string, value: Value) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, text(name, value)]),
  );
}

function flatRecord(value: JsonObject): Record<string, string> {
  return Object.keys(value).length === 0 ? {} : flat(value);
}
