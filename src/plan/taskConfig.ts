/**
 * The operator of one task as fields of the plan: its config as JSON with the scripts read in, its
 * inputs, what it maps over, and everything that it refers to.
 */
import { type RefSource, refSource } from '../dag/ref.ts';
import type { TaskDraft } from '../dag/task.ts';
import type { Operator } from '../operators/operator.ts';
import { MAX_SCRIPT_BYTES } from '../operators/script.ts';
import { idProblem, isReserved } from './ids.ts';
import { type JsonReader, toJson } from './json.ts';
import { mapLength } from './mapping.ts';
import type { OptionReader } from './optionReader.ts';
import type { InputRef, Json, JsonObject, PlanMap, PlanSensor, PlanTask, XComRef } from './plan.ts';
import { type Problems, show } from './problems.ts';
import { mayBeTemplate, readTemplate } from './templates.ts';
import { type Known, knownIds } from './wiring.ts';

/** Reads a file beside the DAG file; undefined when there is none. */
export type ReadFile = (path: string) => string | undefined;

export interface ConfigContext {
  problems: Problems;
  reader: OptionReader;
  draft: TaskDraft;
  known: Known;
  params: JsonObject;
  readFile: ReadFile;
  dagFile: string;
}

export type ConfigFields = Pick<
  PlanTask,
  'operator' | 'operatorModule' | 'config' | 'inputs' | 'map' | 'sensor' | 'flow'
> & {
  connections: string[];
  variables: string[];
  /** Tasks whose outputs are inputs; each makes an edge. */
  wired: XComRef[];
};

export function jsonReader(context: ConfigContext): JsonReader {
  const { problems, draft } = context;
  return {
    problem: (where, what) =>
      problems.add('dag.not_json', {
        where: `DAG ${problems.dag}, task ${String(draft.id)}, ${where}`,
        what,
      }),
    script: (where, file) => readScript(where, file, context),
  };
}

function readScript(where: string, file: unknown, context: ConfigContext): Json {
  const { problems, reader, draft, dagFile } = context;
  if (typeof file !== 'string' || file === '' || file.includes('\0')) return null;
  const text = context.readFile(file);
  if (text === undefined) {
    problems.add('dag.file_missing', { task: String(draft.id), file, dagFile });
    return null;
  }
  checkSize(where, file, text, reader);
  return { text: text.replace(/^\uFEFF/, ''), file };
}

function checkSize(where: string, name: string, text: string, reader: OptionReader): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_SCRIPT_BYTES) return;
  reader.bad(
    where,
    `${name} has ${bytes} bytes, more than the limit of ${MAX_SCRIPT_BYTES}`,
    'Move parts into a package or an image.',
  );
}

const FLOWS = ['branch', 'short_circuit'] as const;

export function readOperator(context: ConfigContext): ConfigFields | undefined {
  const { draft, reader } = context;
  const operator: unknown = draft.operator;
  if (typeof operator !== 'object' || operator === null || !('operator' in operator)) {
    reader.bad(
      'operator',
      `${show(operator)} is no operator`,
      'Give bash(...), sql(...) or another operator.',
    );
    return undefined;
  }
  // An operator may be written by hand in plain JavaScript: nothing is sure to be there.
  const given = operator as Partial<Operator>;
  const json = jsonReader(context);
  const config = toJson(reader.object('config', given.config), 'config', json) as JsonObject;
  const name = reader.text('operator', given.operator ?? null, '', 200);
  for (const problem of checkOperator(given)) {
    reader.bad(`operator ${name}`, problem, 'Correct the options of the operator.');
  }
  const script = config.script as { text?: Json; file?: Json } | undefined;
  if (typeof script?.text === 'string' && script.file === undefined) {
    checkSize('config.script', 'the script', script.text, reader);
  }
  const wired: XComRef[] = [];
  return {
    operator: name,
    operatorModule: reader.text('operator module', given.module, undefined, 200),
    config,
    inputs: readInputs(context, json, wired),
    map: readMap(context, json, wired),
    sensor: given.sensor && readSensor(reader, given.sensor),
    flow: reader.oneOf('flow', given.flow, FLOWS, undefined),
    connections: reader.texts('connections', given.connections),
    variables: reader.texts('variables', given.variables),
    wired,
  };
}

function checkOperator({ check, config }: Partial<Operator>): string[] {
  if (typeof check !== 'function') return [];
  try {
    return check(config ?? {});
  } catch (error) {
    return [`its config cannot be read (${error instanceof Error ? error.message : 'an error'})`];
  }
}

function readInputs(
  context: ConfigContext,
  json: JsonReader,
  wired: XComRef[],
): Record<string, InputRef> {
  const { reader, draft } = context;
  const inputs: Record<string, InputRef> = {};
  for (const [name, value] of Object.entries(reader.object('inputs', draft.operator.inputs))) {
    if (isReserved(name) || name.length > 200 || !/^[^\0\p{Surrogate}]+$/u.test(name)) {
      reader.bad('inputs', `the name ${show(name)} is not allowed`, 'Choose another name.');
      continue;
    }
    const source = refSource(value);
    if (source) {
      const input = readRef(source, `inputs.${name}`, context);
      if (input) inputs[name] = input;
      if (input?.kind === 'xcom') wired.push(input);
    } else if (value !== undefined) {
      inputs[name] = { kind: 'literal', value: toJson(value, `inputs.${name}`, json) };
    }
  }
  return inputs;
}

function readRef(source: RefSource, where: string, context: ConfigContext): InputRef | undefined {
  const { problems, reader, draft, known, params } = context;
  const task = String(draft.id);
  const parts = source.kind === 'param' ? [] : [source.key, ...source.path];
  for (const part of parts) reader.text(where, part, '', 1000);
  if (source.kind === 'map') {
    if (source.owner === draft.over) {
      return { kind: 'map', key: source.key, ...(source.path.length > 0 && { path: source.path }) };
    }
    reader.bad(
      where,
      'it is the element of another mapped task',
      'Use it only in the task that maps it.',
    );
    return undefined;
  }
  if (source.dag !== draft.dag) {
    const other = String((source.dag as { id: unknown }).id);
    const ref = source.kind === 'xcom' ? source.task : `params.${source.name}`;
    problems.add('dag.foreign_task', { task, ref, other });
    return undefined;
  }
  if (source.kind === 'param') {
    const properties = params.properties as JsonObject | undefined;
    if (properties && Object.hasOwn(properties, source.name)) {
      return { kind: 'param', name: source.name };
    }
    reader.bad(
      where,
      `there is no param ${show(source.name)}`,
      'Declare it in `params` of the DAG.',
    );
    return undefined;
  }
  if (!known.tasks.has(source.task)) {
    problems.add('dag.unknown_task', { task, ref: show(source.task), known: knownIds(known) });
    return undefined;
  }
  const path = source.path.length > 0 && { path: source.path };
  const mapped = source.mapped && { mapped: true };
  const optional = source.optional && { optional: true };
  return { kind: 'xcom', task: source.task, key: source.key, ...path, ...mapped, ...optional };
}

function readMap(context: ConfigContext, json: JsonReader, wired: XComRef[]): PlanMap | undefined {
  const { reader, draft } = context;
  if (draft.over === undefined) return undefined;
  const entries = Object.entries(reader.object('map', draft.over));
  if (entries.length === 0)
    reader.bad('map', 'it names no list', 'Give at least one list to map over.');
  const over: PlanMap['over'] = {};
  for (const [key, value] of entries) {
    if (isReserved(key) || idProblem(key)) {
      reader.bad('map', `the name ${show(key)} is not allowed`, 'Choose another name.');
      continue;
    }
    const source = refSource(value);
    const input = source && readRef(source, `map.${key}`, context);
    if (input?.kind === 'xcom') {
      over[key] = input;
      wired.push(input);
    } else if (source) {
      if (input)
        reader.bad(`map.${key}`, 'it is no output of a task', 'Map over an output or a list.');
    } else {
      const list = toJson(value, `map.${key}`, json);
      if (Array.isArray(list)) over[key] = { kind: 'literal', value: list };
      else if (typeof list === 'object' && list !== null) {
        const pairs = Object.entries(list).map(([name, member]) => ({ key: name, value: member }));
        over[key] = { kind: 'literal', value: pairs };
      } else
        reader.bad(
          `map.${key}`,
          `${show(value)} is no list`,
          'Give a list, an object or an output.',
        );
    }
  }
  const map: PlanMap = {
    over,
    order: Object.keys(over),
    combine: reader.oneOf('combine', draft.options.combine, ['product', 'zip'], 'product'),
    maxLength: reader.whole('maxMapLength', draft.options.maxMapLength, 1024, {
      min: 1,
      max: 100_000,
    }),
  };
  checkLiteralLength(map, context);
  return map;
}

/** When all lists are literal, the number of instances is known already. */
function checkLiteralLength(map: PlanMap, { problems, draft }: ConfigContext): void {
  const lists: Record<string, Json> = {};
  for (const [key, list] of Object.entries(map.over)) {
    if (list.kind !== 'literal') return;
    lists[key] = list.value;
  }
  const task = String(draft.id);
  if (
    map.combine === 'zip' &&
    new Set(Object.values(lists).map((l) => (l as Json[]).length)).size > 1
  ) {
    const lengths = Object.entries(lists).map(
      ([key, list]) => `${key} has ${(list as Json[]).length}`,
    );
    problems.add('map.unequal', { task, lengths: lengths.join(', ') });
    return;
  }
  const count = mapLength(map, lists, task);
  if (count > map.maxLength) problems.add('map.too_long', { task, count, limit: map.maxLength });
}

function readSensor(reader: OptionReader, given: { [K in keyof PlanSensor]: unknown }): PlanSensor {
  return {
    mode: reader.oneOf('sensor', given.mode, ['poke', 'time', 'external_run'], 'poke'),
    interval: reader.duration('interval', given.interval, 60, { min: 0.1 }),
    timeout: reader.duration('timeout', given.timeout, 7 * 86400, { min: 0.1 }),
    softFail: reader.boolean('softFail', given.softFail, false),
  };
}

export interface TemplateFacts {
  variables: Set<string>;
  connections: Set<string>;
  /** Tasks whose output some template reads. */
  tasks: Map<string, { where: string }>;
}

/** Goes through all strings of config and env; unknown tasks and bad templates are reported. */
export function readTemplates(
  values: { config: JsonObject; env: Record<string, string> },
  { problems, draft, known }: ConfigContext,
): TemplateFacts {
  const facts: TemplateFacts = { variables: new Set(), connections: new Set(), tasks: new Map() };
  const task = String(draft.id);
  const visit = (text: string, where: string) => {
    if (!mayBeTemplate(text)) return;
    const report = readTemplate(text);
    for (const name of report.variables) facts.variables.add(name);
    for (const id of report.connections) facts.connections.add(id);
    for (const reason of report.problems) problems.add('dag.bad_template', { task, reason, where });
    for (const { path, line } of report.xcoms) {
      const id = longestTaskId(path, known);
      if (id === undefined) {
        const ref = `"xcom.${path.join('.')}" (${where}, line ${line})`;
        problems.add('dag.unknown_task', { task, ref, known: knownIds(known) });
      } else if (!facts.tasks.has(id)) facts.tasks.set(id, { where });
    }
  };
  const open: [Json, string][] = [
    [values.config, 'config'],
    [values.env, 'env'],
  ];
  while (open.length > 0) {
    const [value, where] = open.pop() as [Json, string];
    if (typeof value === 'string') visit(value, where);
    else if (Array.isArray(value))
      value.forEach((one, index) => open.push([one, `${where}[${index}]`]));
    else if (typeof value === 'object' && value !== null) {
      // A script read from a file is named by its file, which is where its author looks.
      const file = typeof value.file === 'string' ? value.file : undefined;
      for (const [key, member] of Object.entries(value)) {
        if (file === undefined) open.push([member, `${where}.${key}`]);
        else if (key === 'text') open.push([member, file]);
      }
    }
  }
  return facts;
}

/** Group ids have dots, too: xcom.clean.dedupe.rows is the member `rows` of task clean.dedupe. */
function longestTaskId(path: readonly string[], known: Known): string | undefined {
  let found: string | undefined;
  let id = '';
  for (const part of path) {
    id = id === '' ? part : `${id}.${part}`;
    if (known.tasks.has(id)) found = id;
  }
  return found;
}
