/**
 * Resolves the inputs of a task from its assignment: literals, outputs of other tasks, the element
 * of a mapped list, params. Pure; execute.ts calls it before anything runs.
 */
import { PodlineError } from '../../src/errors.ts';
import type { InputRef, Json, JsonObject, PlanMap, XComRef } from '../../src/plan/plan.ts';
import { mapItem } from '../../src/plan/mapping.ts';
import type { Assignment } from './assignment.ts';

export function resolveInputs(assignment: Assignment): Record<string, Json> {
  const { task, run } = assignment;
  const inputs: Record<string, Json> = Object.create(null) as Record<string, Json>;
  let element: Record<string, Json> | undefined;
  for (const [name, ref] of Object.entries(task.inputs)) {
    if (ref.kind === 'map') {
      if (!task.map) {
        throw new PodlineError('internal.bug', {
          reason: `input ${name} reads a list that is not mapped`,
        });
      }
      element ??= elementOf(assignment, task.map);
      inputs[name] = atPath(element[ref.key], ref.path, task.id, 'the mapped list', ref.key);
    } else {
      inputs[name] = resolveOther(assignment, ref, run.params);
    }
  }
  return inputs;
}

function resolveOther(
  assignment: Assignment,
  ref: Exclude<InputRef, { kind: 'map' }>,
  params: JsonObject,
): Json {
  switch (ref.kind) {
    case 'literal':
      return ref.value;
    case 'param':
      return Object.hasOwn(params, ref.name) ? (params[ref.name] ?? null) : null;
    case 'xcom':
      return resolveXCom(assignment, ref);
  }
}

/** The list of all instances' outputs when the task is mapped, else its one output. */
export function xcomValue(
  xcoms: Assignment['xcoms'],
  task: string,
  key: string,
  mapped: boolean,
): Json | undefined {
  const rows = xcoms.filter((row) => row.task === task && row.key === key);
  if (mapped || rows.some((row) => row.mapIndex >= 0)) {
    return rows.sort((a, b) => a.mapIndex - b.mapIndex).map((row) => row.value);
  }
  return rows[0]?.value;
}

export function resolveXCom(assignment: Assignment, ref: XComRef): Json {
  const value = xcomValue(assignment.xcoms, ref.task, ref.key, ref.mapped ?? false);
  if (ref.optional && walk(value, ref.path) === undefined) return null;
  return atPath(value, ref.path, assignment.task.id, ref.task, ref.key);
}

function elementOf(assignment: Assignment, map: PlanMap): Record<string, Json> {
  const lists: Record<string, Json> = {};
  for (const [key, source] of Object.entries(map.over)) {
    lists[key] = source.kind === 'literal' ? source.value : resolveXCom(assignment, source);
  }
  return mapItem(map, lists, assignment.instance.mapIndex, assignment.task.id);
}

function atPath(
  value: Json | undefined,
  path: readonly string[] = [],
  task: string,
  ref: string,
  key: string,
): Json {
  const found = walk(value, path);
  if (found === undefined) {
    const place = path.length === 0 ? 'the end of its run' : `"${path.join('.')}"`;
    throw new PodlineError('xcom.missing', { task, key, ref, path: place });
  }
  return found;
}

function walk(value: Json | undefined, path: readonly string[] = []): Json | undefined {
  let current = value;
  for (const step of path) {
    current =
      typeof current === 'object' && current !== null && Object.hasOwn(current, step)
        ? (current as JsonObject)[step]
        : undefined;
  }
  return current;
}
