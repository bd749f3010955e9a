/** Options of one task, with the DAG's and the groups' defaults below them, as fields of the plan. */
import type { TaskDefaults } from '../dag/options.ts';
import { isCause } from '../model/causes.ts';
import { TRIGGER_RULES } from '../model/triggerRules.ts';
import { isReserved } from './ids.ts';
import type { OptionReader } from './optionReader.ts';
import type {
  CallbackEvent,
  Callbacks,
  Notification,
  PlanTask,
  RetryPolicy,
  RetryRule,
} from './plan.ts';
import { show } from './problems.ts';

const DEFAULT_NAMES = [
  'retries',
  'executionTimeout',
  'triggerRule',
  'pool',
  'poolSlots',
  'priority',
  'dependsOnPast',
  'maxActivePerDag',
  'maxActivePerRun',
  'executor',
  'pod',
  'env',
  'connections',
  'variables',
  'callbacks',
  'templates',
] as const satisfies (keyof TaskDefaults)[];

const TASK_NAMES = [
  ...DEFAULT_NAMES,
  'description',
  'after',
  'inlets',
  'outlets',
  'setup',
  'teardownOf',
  'teardownFailsRun',
];
const MAP_NAMES = [...TASK_NAMES, 'combine', 'maxMapLength'];

export type TaskFields = Pick<
  PlanTask,
  | 'description'
  | 'triggerRule'
  | 'env'
  | 'retries'
  | 'executionTimeout'
  | 'pool'
  | 'poolSlots'
  | 'priority'
  | 'dependsOnPast'
  | 'maxActivePerDag'
  | 'maxActivePerRun'
  | 'executor'
  | 'inlets'
  | 'outlets'
  | 'setup'
  | 'teardownFailsRun'
  | 'callbacks'
> & { connections: string[]; variables: string[]; templates: boolean };

export function checkDefaults(reader: OptionReader, defaults: Record<string, unknown>): void {
  reader.known(defaults, DEFAULT_NAMES, 'defaults.');
}

/** `layers` from the most general (DAG defaults) to the task's own options. */
export function readTaskOptions(
  reader: OptionReader,
  layers: readonly Record<string, unknown>[],
  kind: { mapped: boolean; teardown: boolean },
): TaskFields {
  const own = layers.at(-1) ?? {};
  reader.known(own, kind.mapped ? MAP_NAMES : TASK_NAMES);
  const given: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) if (value !== undefined) given[name] = value;
  }
  // The default rule of the DAG is not for teardowns, which must run after failures, too.
  const rule = kind.teardown ? (own.triggerRule ?? 'all_done_setup_success') : given.triggerRule;
  const merged = (name: 'env' | 'callbacks') =>
    Object.assign({}, ...layers.map((layer) => reader.object(name, layer[name]))) as object;
  const lists = (name: 'connections' | 'variables') =>
    layers.flatMap((layer) => reader.texts(name, layer[name]));

  return {
    description: reader.text('description', given.description, undefined, 10_000),
    triggerRule: reader.oneOf('triggerRule', rule, TRIGGER_RULES, 'all_success'),
    env: readEnv(reader, merged('env')),
    retries: readRetries(reader, given.retries),
    executionTimeout: reader.duration('executionTimeout', given.executionTimeout, undefined, {
      min: 0.001,
    }),
    pool: reader.text('pool', given.pool, 'default_pool', 200),
    poolSlots: reader.whole('poolSlots', given.poolSlots, 1, { min: 1, max: 1_000_000 }),
    priority: reader.whole('priority', given.priority, 1, { min: -2147483648 }),
    dependsOnPast: reader.boolean('dependsOnPast', given.dependsOnPast, false),
    maxActivePerDag: reader.whole('maxActivePerDag', given.maxActivePerDag, undefined, { min: 1 }),
    maxActivePerRun: reader.whole('maxActivePerRun', given.maxActivePerRun, undefined, { min: 1 }),
    executor: readExecutor(reader, given.executor),
    inlets: readAssets(reader, 'inlets', own.inlets),
    outlets: readAssets(reader, 'outlets', own.outlets),
    setup: reader.boolean('setup', own.setup, false),
    teardownFailsRun: reader.boolean('teardownFailsRun', own.teardownFailsRun, false) || undefined,
    callbacks: readCallbacks(reader, merged('callbacks')),
    connections: lists('connections'),
    variables: lists('variables'),
    templates: reader.boolean('templates', given.templates, true),
  };
}

const MOST_ASSETS = 50;

function readAssets(reader: OptionReader, option: string, given: unknown): string[] | undefined {
  const assets = reader.texts(option, given);
  if (assets.length > MOST_ASSETS) {
    reader.bad(option, `there are ${assets.length}`, `Give ${MOST_ASSETS} at most.`);
  }
  for (const [index, asset] of assets.entries()) {
    const where = `${option}[${index}]`;
    if (!/^[^\s\p{C}]+$/u.test(asset)) {
      reader.bad(where, `${show(asset)} is no name`, 'Use a name or an address without spaces.');
    } else if (assets.indexOf(asset) < index) {
      reader.bad(where, `${show(asset)} is there twice`, 'Name each asset once.');
    }
  }
  return assets.length > 0 ? assets : undefined;
}

function readEnv(reader: OptionReader, given: object): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const where = `env.${name.slice(0, 60)}`;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || isReserved(name)) {
      reader.bad(
        where,
        'the name is not allowed',
        'Use letters, digits and "_"; start with no digit.',
      );
    } else if (typeof value !== 'string' || /\0|\p{Surrogate}/u.test(value)) {
      reader.bad(where, `${show(value)} is no text`, 'Give text; write numbers in quotes.');
    } else env[name] = value;
  }
  return env;
}

function readExecutor(reader: OptionReader, given: unknown): string {
  if (given === undefined || given === '') return 'default';
  if (
    typeof given === 'string' &&
    /^(local|kubernetes|pool:[A-Za-z0-9][A-Za-z0-9_.-]{0,62})$/.test(given)
  ) {
    return given;
  }
  reader.bad(
    'executor',
    `${show(given)} is not known`,
    'Use "local", "kubernetes" or "pool:NAME".',
  );
  return 'default';
}

function readRetries(reader: OptionReader, given: unknown): RetryPolicy {
  const isPolicy = typeof given === 'object' && given !== null;
  const options = isPolicy ? reader.object('retries', given) : { max: given };
  const names = ['max', 'delay', 'factor', 'maxDelay', 'jitter', 'rules', 'infrastructure'];
  reader.known(options, names, 'retries.');
  return {
    max: reader.whole(isPolicy ? 'retries.max' : 'retries', options.max, 0, { max: 100_000 }),
    delay: reader.duration('retries.delay', options.delay, 300),
    factor: reader.number('retries.factor', options.factor, 1, { min: 1, max: 1000 }),
    maxDelay: reader.duration('retries.maxDelay', options.maxDelay, 86400),
    jitter: reader.number('retries.jitter', options.jitter, 0, { min: 0, max: 1 }),
    rules: readRules(reader, options.rules),
    infrastructure: reader.whole('retries.infrastructure', options.infrastructure, 3, {
      max: 1000,
    }),
  };
}

function readRules(reader: OptionReader, given: unknown): RetryRule[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) {
    reader.bad('retries.rules', `${show(given)} is no list`, 'Give a list of rules.');
    return [];
  }
  return given.map((one: unknown, index) => {
    const where = `retries.rules[${index}]`;
    const rule = reader.object(where, one ?? null);
    reader.known(rule, ['causes', 'exitCodes', 'action', 'delay'], `${where}.`);
    const causes = reader.texts(`${where}.causes`, rule.causes);
    for (const cause of causes) {
      if (!isCause(cause)) {
        reader.bad(
          `${where}.causes`,
          `${show(cause)} is not known`,
          'See docs/errors.md for the causes.',
        );
      }
    }
    if (rule.action === undefined)
      reader.bad(`${where}.action`, 'it is missing', 'Choose one of retry, fail, skip.');
    const exitCodes = Array.isArray(rule.exitCodes) ? (rule.exitCodes as unknown[]) : undefined;
    if (rule.exitCodes !== undefined && !exitCodes) {
      reader.bad(
        `${where}.exitCodes`,
        `${show(rule.exitCodes)} is no list`,
        'Give a list of numbers.',
      );
    }
    return {
      causes: causes.filter(isCause),
      exitCodes: exitCodes?.map((code) =>
        reader.whole(`${where}.exitCodes`, code, 0, { max: 255 }),
      ),
      action: reader.oneOf(`${where}.action`, rule.action, ['retry', 'fail', 'skip'], 'fail'),
      delay: reader.duration(`${where}.delay`, rule.delay, undefined),
    };
  });
}

const EVENTS: Record<string, CallbackEvent> = {
  onSuccess: 'success',
  onFailure: 'failure',
  onRetry: 'retry',
  onSkip: 'skip',
};

export function readCallbacks(
  reader: OptionReader,
  given: object,
  names = Object.keys(EVENTS),
): Callbacks {
  reader.known(given, names, 'callbacks.');
  const callbacks: Callbacks = {};
  for (const [name, value] of Object.entries(given)) {
    const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
    if (!event || value === undefined) continue;
    const targets = ([value] as unknown[])
      .flat()
      .map((one) => readTarget(reader, `callbacks.${name}`, one));
    callbacks[event] = targets.filter((one) => one !== undefined);
  }
  return callbacks;
}

function readTarget(reader: OptionReader, where: string, given: unknown): Notification | undefined {
  const target = reader.object(where, given ?? null);
  if (target.kind === 'webhook') {
    const url = reader.text(`${where}.url`, target.url ?? null, '', 4000);
    const headers = reader.object(`${where}.headers`, target.headers);
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value !== 'string' || /[\r\n\0]|\p{Surrogate}/u.test(name + value)) {
        reader.bad(
          `${where}.headers`,
          `${show(name)} is not usable`,
          'Give names and texts of one line.',
        );
      }
    }
    const given = Object.keys(headers).length > 0 ? (headers as Record<string, string>) : undefined;
    return { kind: 'webhook', url, headers: given };
  }
  if (target.kind === 'email') {
    const to = reader.texts(`${where}.to`, target.to ?? null);
    if (to.length === 0)
      reader.bad(`${where}.to`, 'it names no address', 'Give at least one address.');
    const connection = reader.text(`${where}.connection`, target.connection ?? null, '', 200);
    const subject = reader.text(`${where}.subject`, target.subject, undefined, 500);
    return { kind: 'email', connection, to, subject };
  }
  reader.bad(where, `${show(given)} is no notification`, 'Use webhook(...) or email(...).');
  return undefined;
}
