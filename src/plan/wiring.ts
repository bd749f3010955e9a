/**
 * Edges of a DAG: what authors wire (tasks, groups, ids, lists of them) becomes the direct upstreams of
 * each task. A group as upstream stands for its last tasks, as downstream for its first ones.
 */
import { type GroupDraft, type TaskDraft, draftOf } from '../dag/task.ts';
import { type Problems, show } from './problems.ts';

export const MAX_EDGES = 1_000_000;

type Draft = TaskDraft | GroupDraft;

export interface Known {
  tasks: ReadonlyMap<string, { index: number; draft: TaskDraft }>;
  groups: ReadonlyMap<string, GroupDraft>;
}

interface Edge {
  from: Draft;
  to: Draft;
}

/** A few ids for a message. */
export function knownIds(known: Known): string {
  const ids = [...known.tasks.keys()];
  return ids.length > 8
    ? `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more`
    : ids.join(', ');
}

/** The tasks and groups that an `after` (or teardownOf) names. */
export function resolveUpstream(
  given: unknown,
  to: { draft: Draft; option: string; tasksOnly?: boolean },
  known: Known,
  problems: Problems,
): Draft[] {
  const found: Draft[] = [];
  const lists = new Set<unknown>();
  const open: unknown[] = [given];
  const task = String(to.draft.id);
  const bad = (value: unknown) =>
    problems.option(
      `DAG ${problems.dag}, task ${task}, ${to.option}`,
      `${show(value)} is no task${to.tasksOnly ? '' : ' or group'}`,
      'Give what d.task(...) returned, or an id.',
    );
  while (open.length > 0) {
    const value = open.pop();
    if (value === undefined && open.length === 0 && found.length === 0) break;
    if (Array.isArray(value)) {
      if (!lists.has(value)) open.push(...[...(value as unknown[])].reverse());
      lists.add(value);
      continue;
    }
    const draft = typeof value === 'string' ? byId(value, known) : draftOf(value);
    if (!draft) {
      if (typeof value !== 'string') bad(value);
      else {
        const ref = show(value);
        problems.add('dag.unknown_task', { task, ref, known: knownIds(known) });
      }
    } else if (draft.dag !== to.draft.dag) {
      const other = String((draft.dag as { id: unknown }).id);
      problems.add('dag.foreign_task', { task, ref: String(draft.id), other });
    } else if (to.tasksOnly && draft.kind === 'group') bad(value);
    else found.push(draft);
  }
  return found;
}

function byId(id: string, known: Known): Draft | undefined {
  return known.tasks.get(id)?.draft ?? known.groups.get(id);
}

/** Direct upstream indices of each task. `tooMany` is called, once, instead of making too many edges. */
export function upstreamOf(
  edges: readonly Edge[],
  known: Known,
  isTeardown: (task: TaskDraft) => boolean,
  tooMany: (count: number) => void,
): number[][] {
  const upstream: Set<number>[] = [...known.tasks].map(() => new Set());
  const ends = endsOfGroups(edges, known, isTeardown);
  const indicesOf = (draft: Draft, side: 'first' | 'last'): number[] => {
    if (draft.kind === 'group') return ends.get(draft)?.[side] ?? [];
    const index = known.tasks.get(String(draft.id))?.index;
    return index === undefined ? [] : [index];
  };
  let count = 0;
  for (const { from, to } of edges) {
    const before = indicesOf(from, 'last');
    const after = indicesOf(to, 'first');
    count += before.length * after.length;
    if (count > MAX_EDGES) {
      tooMany(count);
      break;
    }
    for (const task of after) for (const other of before) upstream[task]?.add(other);
  }
  return upstream.map((set) => [...set]);
}

/** For each group its first and last tasks: those without an upstream or downstream inside the group. */
function endsOfGroups(
  edges: readonly Edge[],
  known: Known,
  isTeardown: (task: TaskDraft) => boolean,
): Map<GroupDraft, { first: number[]; last: number[] }> {
  // How deep the innermost group is that holds both ends of some edge of this task or group.
  const upDepth = new Map<Draft, number>();
  const downDepth = new Map<Draft, number>();
  for (const { from, to } of edges) {
    const depth = sharedDepth(from, to);
    if (depth === 0) continue;
    upDepth.set(to, Math.max(depth, upDepth.get(to) ?? 0));
    // Teardowns do not count: what comes after a group waits for its work, not for its cleaning up.
    if (to.kind === 'task' && isTeardown(to)) continue;
    downDepth.set(from, Math.max(depth, downDepth.get(from) ?? 0));
  }
  const ends = new Map<GroupDraft, { first: number[]; last: number[] }>();
  for (const group of known.groups.values()) ends.set(group, { first: [], last: [] });
  for (const { index, draft } of known.tasks.values()) {
    let up = upDepth.get(draft) ?? 0;
    let down = downDepth.get(draft) ?? 0;
    for (let group = draft.group; group; group = group.group) {
      const depth = depthOf(group);
      if (up < depth) ends.get(group)?.first.push(index);
      if (down < depth && !isTeardown(draft)) ends.get(group)?.last.push(index);
      up = Math.max(up, upDepth.get(group) ?? 0);
      down = Math.max(down, downDepth.get(group) ?? 0);
    }
  }
  return ends;
}

function sharedDepth(a: Draft, b: Draft): number {
  const above = new Set<GroupDraft>();
  for (let group = a.group; group; group = group.group) above.add(group);
  for (let group = b.group; group; group = group.group) if (above.has(group)) return depthOf(group);
  return 0;
}

function depthOf(group: GroupDraft): number {
  let depth = 0;
  for (let at: GroupDraft | undefined = group; at; at = at.group) depth++;
  return depth;
}
