/** Rows of the grid: tasks below their groups, of which closed ones are one row. Pure. */
import { weightiest } from '../../../../../../../src/model/weightiest.ts';
import type { LiveGrid } from '../../../api/mergeGrid.ts';
import { labelIn } from '../labelIn.ts';

export type GridRow =
  | { kind: 'task'; label: string; depth: number; place: number }
  | { kind: 'group'; label: string; depth: number; id: string; isOpen: boolean; places: number[] };

/** What lies directly in a group, in the order of the plan: other groups by their path, tasks by their place. */
interface Inside {
  entries: (string | number)[];
  places: number[];
}

export function gridRows(
  tasks: LiveGrid['tasks'],
  closed: ReadonlySet<string>,
  find: string | undefined,
): GridRow[] {
  if (find !== undefined) {
    const words = find.toLowerCase();
    return tasks.flatMap(({ taskId }, place): GridRow[] =>
      taskId.toLowerCase().includes(words)
        ? [{ kind: 'task', label: taskId, depth: 0, place }]
        : [],
    );
  }
  const tree = treeOf(tasks);
  const rows: GridRow[] = [];
  add('', 0);
  return rows;

  function add(group: string, depth: number): void {
    for (const entry of tree.get(group)?.entries ?? []) {
      if (typeof entry === 'number') {
        const label = labelIn(group, tasks[entry]?.taskId ?? '');
        rows.push({ kind: 'task', label, depth, place: entry });
        continue;
      }
      const isOpen = !closed.has(entry);
      const places = tree.get(entry)?.places ?? [];
      const label = labelIn(group, entry);
      rows.push({ kind: 'group', label, depth, id: entry, isOpen, places });
      if (isOpen) add(entry, depth + 1);
    }
  }
}

/** By group; `''` is what lies in none. Tasks of a group may stand anywhere in a plan, which follows what hangs on what. */
function treeOf(tasks: LiveGrid['tasks']): Map<string, Inside> {
  const tree = new Map<string, Inside>([['', { entries: [], places: [] }]]);
  tasks.forEach(({ group }, place) => {
    let around = '';
    for (const id of pathOf(group)) {
      const inside = tree.get(id) ?? { entries: [], places: [] };
      if (!tree.has(id)) {
        tree.set(id, inside);
        tree.get(around)?.entries.push(id);
      }
      inside.places.push(place);
      around = id;
    }
    tree.get(around)?.entries.push(place);
  });
  return tree;
}

/** `a.b` lies in `a`. */
function pathOf(group: string | null): string[] {
  if (group === null) return [];
  const parts = group.split('.');
  return parts.map((_, place) => parts.slice(0, place + 1).join('.'));
}

export function groupIds(tasks: LiveGrid['tasks']): string[] {
  return [...new Set(tasks.flatMap(({ group }) => pathOf(group)))];
}

/** State of a task in a run; undefined: it has no instance there. */
export function stateAt(
  grid: LiveGrid,
  run: LiveGrid['runs'][number],
  place: number,
): string | undefined {
  const cell = run.cells[place];
  return cell === undefined || cell === '-' ? undefined : grid.states[parseInt(cell, 36)];
}

/** Of groups: found once, because a canvas asks in every frame. Answers of the API do not change. */
const known = new WeakMap<GridRow, WeakMap<LiveGrid['runs'][number], string | undefined>>();

export function rowState(
  grid: LiveGrid,
  run: LiveGrid['runs'][number],
  row: GridRow,
): string | undefined {
  if (row.kind === 'task') return stateAt(grid, run, row.place);
  const ofRow = known.get(row) ?? new WeakMap<LiveGrid['runs'][number], string | undefined>();
  known.set(row, ofRow);
  if (!ofRow.has(run)) {
    ofRow.set(run, weightiest(row.places.map((place) => stateAt(grid, run, place))));
  }
  return ofRow.get(run);
}
