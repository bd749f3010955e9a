/**
 * What changed between two versions of one DAG, in words: `schedule: "0 6 * * *" => "0 7 * * *"`, `+ task load`.
 * Pure. Called after each build in development, and for the diff of two versions.
 */
import { canonicalJson } from '../../src/plan/canonical.ts';
import type { Json, Plan, PlanTask } from '../../src/plan/plan.ts';

/** What of a built DAG is compared. */
export interface PlannedDag {
  plan: Plan;
  source: string;
  bundle: { id: string } | null;
}

/** A version as the database has it: the plan without its tasks, and those. */
export function storedDag(version: {
  plan: Omit<Plan, 'tasks'>;
  tasks: PlanTask[];
  source: string | null;
  bundleId: string | null;
}): PlannedDag {
  const { plan, tasks, source, bundleId } = version;
  return {
    plan: { ...plan, tasks },
    source: source ?? '',
    bundle: bundleId === null ? null : { id: bundleId },
  };
}

type Values = Record<string, unknown>;

/** Characters of one value. */
const MOST_SHOWN = 80;
/** Of a long text so much is shown before the place where it changed. */
const CONTEXT = 12;
/** Told in their own words below, or follow from others. */
const NOT_DAG_OPTIONS = new Set(['format', 'dagId', 'tasks', 'groups']);
const NOT_TASK_OPTIONS = new Set(['id', 'config', 'env', 'references', 'group']);

/** Empty when nothing but the place of the file is different. */
export function planChanges(before: PlannedDag, after: PlannedDag): string[] {
  const changes: string[] = [];
  changes.push(...optionChanges(before.plan, after.plan, NOT_DAG_OPTIONS));
  changes.push(...taskChanges(before.plan, after.plan));
  if (before.bundle?.id !== after.bundle?.id) {
    if (before.bundle && after.bundle) changes.push('code of TypeScript tasks changed');
  }
  if (changes.length === 0 && before.source !== after.source) {
    changes.push(`file: ${show(0, before.source)} => ${show(0, after.source)}`);
  }
  return changes;
}

function taskChanges(before: Plan, after: Plan): string[] {
  const old = new Map(before.tasks.map((task) => [task.id, task]));
  const changes: string[] = [];
  for (const task of after.tasks) {
    const former = old.get(task.id);
    old.delete(task.id);
    if (!former) changes.push(`+ task ${task.id} (${task.operator}${afterWhat(task)})`);
    else changes.push(...oneTask(former, task).map((words) => `~ task ${task.id}: ${words}`));
  }
  for (const id of old.keys()) changes.push(`- task ${id}`);
  return changes;
}

function afterWhat({ upstream }: PlanTask): string {
  return upstream.length === 0 ? '' : `, after ${upstream.join(', ')}`;
}

function oneTask(before: PlanTask, after: PlanTask): string[] {
  const changes = optionChanges(before, after, NOT_TASK_OPTIONS);
  changes.push(...optionChanges(before.env, after.env, new Set(), 'env.'));
  for (const key of keysOf(before.config, after.config)) {
    const [old, fresh] = [before.config[key], after.config[key]];
    if (same(old, fresh)) continue;
    const file = scriptFile(fresh) ?? scriptFile(old);
    if (file !== undefined && scriptFile(old) === scriptFile(fresh)) {
      changes.push(`changed script ${file} (${lineChange(textOf(old), textOf(fresh))})`);
    } else {
      changes.push(...valueChanges(key, old, fresh));
    }
  }
  return changes;
}

function optionChanges(
  before: object,
  after: object,
  leaveOut: ReadonlySet<string>,
  prefix = '',
): string[] {
  const [old, fresh] = [before as Values, after as Values];
  return keysOf(old, fresh)
    .filter((key) => !leaveOut.has(key) && !same(old[key], fresh[key]))
    .flatMap((key) => {
      if (key !== 'schedule') return valueChanges(`${prefix}${key}`, old[key], fresh[key]);
      return [`schedule: ${showSchedule(old[key])} => ${showSchedule(fresh[key])}`];
    });
}

/** An object is told by its parts, and a long text by the place where it changed. */
function valueChanges(name: string, before: unknown, after: unknown): string[] {
  if (isObject(before) && isObject(after)) {
    return keysOf(before, after)
      .filter((key) => !same(before[key], after[key]))
      .flatMap((key) => {
        // Params are a JSON schema; people know them by their names.
        const inner = name === 'params' && key === 'properties' ? name : `${name}.${key}`;
        return valueChanges(inner, before[key], after[key]);
      });
  }
  if (typeof before === 'string' && typeof after === 'string' && isLong(before, after)) {
    const isText = before.includes('\n') || after.includes('\n');
    if (isText) return [`${name} changed (${lineChange(before, after)})`];
    const from = Math.max(0, commonStart(before, after) - CONTEXT);
    return [`${name}: ${show(from, before)} => ${show(from, after)}`];
  }
  return [`${name}: ${show(0, before)} => ${show(0, after)}`];
}

function isLong(before: string, after: string): boolean {
  return Math.max(before.length, after.length) > MOST_SHOWN - 2;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function commonStart(before: string, after: string): number {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return at;
}

/** As its author wrote it. */
function showSchedule(value: unknown): string {
  if (!isObject(value)) return show(0, value);
  const { kind, cron, seconds } = value as { kind: string; cron?: string; seconds?: number };
  if (cron !== undefined) return show(0, cron);
  if (seconds !== undefined) return show(0, `every ${seconds} s`);
  return kind === 'none' ? 'none' : show(0, `@${kind}`);
}

/** Config of a script that stands in a file of its own holds the name and the text. */
function scriptFile(value: Json | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return typeof value.file === 'string' ? value.file : undefined;
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
  return typeof value.text === 'string' ? value.text : '';
}

/** Where two texts begin to differ, and how many lines each has there. */
function lineChange(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (
    end < old.length - start &&
    end < fresh.length - start &&
    old.at(-1 - end) === fresh.at(-1 - end)
  ) {
    end++;
  }
  return `line ${start + 1}: -${old.length - start - end} +${fresh.length - start - end}`;
}

function keysOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])];
}

function same(a: unknown, b: unknown): boolean {
  // PostgreSQL keeps members of objects in an order of its own.
  return canonicalJson(a) === canonicalJson(b);
}

/** `from`: what is before it in a text is left out. */
function show(from: number, value: unknown): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(
    typeof value === 'string' && from > 0 ? `…${value.slice(from)}` : value,
  );
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
}
