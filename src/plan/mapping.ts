/**
 * Which instances a mapped task becomes. Pure; the scheduler asks for the length, the worker for the
 * element of its index, the compiler checks literal lists. In a product the last list varies fastest.
 */
import { PodlineError } from '../errors.ts';
import type { Json, JsonObject, PlanMap } from './plan.ts';

/** The value of each list, by the key of PlanMap.over. */
export type MapLists = Readonly<Record<string, Json | undefined>>;

type MapFacts = Pick<PlanMap, 'over' | 'order' | 'combine'>;

const keysOf = (map: MapFacts): string[] => map.order ?? Object.keys(map.over);

/** Number of instances; may be far above PlanMap.maxLength, which the caller compares. */
export function mapLength(map: MapFacts, lists: MapLists, task = 'mapped'): number {
  const keys = keysOf(map);
  const lengths = keys.map((key) => listLength(lists[key], key, task));
  if (map.combine === 'product') return lengths.reduce((product, length) => product * length, 1);
  const [first = 0] = lengths;
  if (lengths.some((length) => length !== first)) {
    throw new PodlineError('map.unequal', {
      task,
      lengths: keys.map((key, index) => `${key} has ${lengths[index]}`).join(', '),
    });
  }
  return first;
}

/** The element that instance `index` gets under each key. */
export function mapItem(
  map: MapFacts,
  lists: MapLists,
  index: number,
  task = 'mapped',
): Record<string, Json> {
  const length = mapLength(map, lists, task);
  if (!Number.isInteger(index) || index < 0 || index >= length) {
    throw new RangeError(`map index ${index} of task ${task} is not below ${length}`);
  }
  const item: Record<string, Json> = {};
  let rest = index;
  for (const key of [...keysOf(map)].reverse()) {
    const size = listLength(lists[key], key, task);
    item[key] = element(lists[key], map.combine === 'zip' ? index : rest % size);
    rest = Math.floor(rest / size);
  }
  return item;
}

function listLength(list: Json | undefined, key: string, task: string): number {
  if (Array.isArray(list)) return list.length;
  if (typeof list === 'object' && list !== null) return Object.keys(list).length;
  const what = list === undefined ? 'missing' : list === null ? 'null' : `a ${typeof list}`;
  throw new PodlineError('map.not_a_list', { task, ref: key, what });
}

function element(list: Json | undefined, index: number): Json {
  if (Array.isArray(list)) return list[index] ?? null;
  const entries = Object.entries<Json>((list ?? {}) as JsonObject);
  const [key, value] = entries[index] ?? ['', null];
  return { key, value };
}
