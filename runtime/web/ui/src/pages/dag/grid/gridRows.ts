/** Rows of the grid: tasks below their groups, of which closed ones are one row. Pure. */
import { weightiest } from '../../../../../../../src/model/weightiest.ts';
import type { Grid } from '../../../api/types.ts';

export type GridRow =
  | { kind: 'task'; label: string; depth: number; place: number }
  | { kind: 'group'; label: string; depth: number; id: string; isOpen: boolean; places: number[] };

export function gridRows(
  tasks: Grid['tasks'],
  closed: ReadonlySet<string>,
  find: string | undefined,
): GridRow[] {
  const rows: GridRow[] = [];
  const groups = new Map<string, Extract<GridRow, { kind: 'group' }>>();
  tasks.forEach(({ taskId, group }, place) => {
    if (find !== undefined) {
      if (!taskId.toLowerCase().includes(find.toLowerCase())) return;
      rows.push({ kind: 'task', label: taskId, depth: 0, place });
      return;
    }
    const path = pathOf(group);
    // A group inside a closed one is counted, but not shown.
    const closedAt = path.findIndex((id) => closed.has(id));
    path.forEach((id, depth) => {
      const known = groups.get(id);
      if (known) known.places.push(place);
      else {
        const label = id.slice(id.lastIndexOf('.') + 1);
        const row = {
          kind: 'group' as const,
          label,
          depth,
          id,
          isOpen: !closed.has(id),
          places: [place],
        };
        groups.set(id, row);
        if (closedAt < 0 || depth <= closedAt) rows.push(row);
      }
    });
    if (closedAt >= 0) return;
    const label =
      group !== null && taskId.startsWith(`${group}.`) ? taskId.slice(group.length + 1) : taskId;
    rows.push({ kind: 'task', label, depth: path.length, place });
  });
  return rows;
}

/** `a.b` lies in `a`. */
function pathOf(group: string | null): string[] {
  if (group === null) return [];
  const parts = group.split('.');
  return parts.map((_, place) => parts.slice(0, place + 1).join('.'));
}

export function groupIds(tasks: Grid['tasks']): string[] {
  return [...new Set(tasks.flatMap(({ group }) => pathOf(group)))];
}

/** State of a task in a run; undefined: it has no instance there. */
export function stateAt(grid: Grid, run: Grid['runs'][number], place: number): string | undefined {
  const cell = run.cells[place];
  return cell === undefined || cell === '-' ? undefined : grid.states[parseInt(cell, 36)];
}

export function rowState(grid: Grid, run: Grid['runs'][number], row: GridRow): string | undefined {
  if (row.kind === 'task') return stateAt(grid, run, row.place);
  return weightiest(row.places.map((place) => stateAt(grid, run, place)));
}
