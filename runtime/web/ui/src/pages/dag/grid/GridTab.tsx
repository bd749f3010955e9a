/** Tab of the grid: how many runs, which tasks, groups open or closed, and what the colours mean. */
import { Button, Group, SegmentedControl, TextInput } from '@mantine/core';
import { IconLayoutGrid, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { gridQuery } from '../../../api/queries.ts';
import type { LiveGrid } from '../../../api/mergeGrid.ts';
import { runHref, taskHref, useOpen } from '../../../parts/AppLink.tsx';
import { Empty, Loaded } from '../../../parts/feedback.tsx';
import { StateBadge } from '../../../parts/StateBadge.tsx';
import { useSearchKey } from '../../../parts/useSearchKey.ts';
import { dagRoute, DEFAULT_RUNS } from '../../../routes/dag.ts';
import { GridCanvas } from './GridCanvas.tsx';
import { type GridRow, groupIds, gridRows } from './gridRows.ts';

const RUNS = ['25', '50', '100', '365', '1000'];
/** With more tasks than this, groups begin closed. */
const MANY_TASKS = 150;

export function GridTab({ dagId }: { dagId: string }) {
  const { runs = DEFAULT_RUNS } = dagRoute.useSearch();
  const query = useQuery(gridQuery(dagId, runs));
  return <Loaded query={query}>{(grid) => <Content dagId={dagId} grid={grid} />}</Loaded>;
}

function Content({ dagId, grid }: { dagId: string; grid: LiveGrid }) {
  const { runs = DEFAULT_RUNS, find, closed: said } = dagRoute.useSearch();
  const navigate = dagRoute.useNavigate();
  const open = useOpen();
  const box = useSearchKey();
  const groups = useMemo(() => groupIds(grid.tasks), [grid.tasks]);
  const closed = useMemo(
    () =>
      new Set(
        said === undefined ? (grid.tasks.length > MANY_TASKS ? groups : []) : said.split(','),
      ),
    [said, grid.tasks, groups],
  );
  const rows = useMemo(() => gridRows(grid.tasks, closed, find), [grid.tasks, closed, find]);
  const choose = (change: { runs?: number; find?: string; closed?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const close = (ids: readonly string[]) => choose({ closed: ids.join(',') || ',' });
  const onOpen = (run: LiveGrid['runs'][number] | undefined, row: GridRow | undefined) => {
    if (row?.kind === 'group') {
      close(row.isOpen ? [...closed, row.id] : [...closed].filter((id) => id !== row.id));
    } else if (run && row) {
      const taskId = grid.tasks[row.place]?.taskId;
      const hasMany = run.mapped[row.place] !== undefined;
      if (taskId === undefined || run.cells[row.place] === '-') return;
      const isMapped = grid.tasks[row.place]?.isMapped === true;
      open(
        hasMany
          ? `${runHref(dagId, run.runId)}?find=${encodeURIComponent(taskId)}`
          : taskHref(dagId, run.runId, taskId, isMapped ? 0 : -1),
      );
    } else if (run) open(runHref(dagId, run.runId));
  };
  if (grid.runs.length === 0) {
    return (
      <Empty icon={IconLayoutGrid} title="No runs yet">
        Trigger one, or switch the DAG on and wait for its schedule.
      </Empty>
    );
  }
  const states = [...new Set(grid.runs.flatMap(({ cells }) => [...new Set(cells)]))].flatMap(
    (cell) => grid.states[parseInt(cell, 36)] ?? [],
  );
  return (
    <>
      <Group mb="sm" gap="sm">
        <TextInput
          ref={box}
          size="xs"
          w={200}
          placeholder="Find tasks ( / )"
          aria-label="Find tasks"
          leftSection={<IconSearch size={14} />}
          value={find ?? ''}
          onChange={({ currentTarget: { value } }) =>
            choose({ find: value === '' ? undefined : value })
          }
        />
        <SegmentedControl
          size="xs"
          aria-label="Runs"
          data={RUNS}
          value={String(runs)}
          onChange={(value) => choose({ runs: Number(value) })}
        />
        {groups.length > 0 && (
          <>
            <Button size="compact-xs" variant="default" onClick={() => close([])}>
              Open all groups
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => close(groups)}>
              Close all
            </Button>
          </>
        )}
      </Group>
      <GridCanvas grid={grid} rows={rows} onOpen={onOpen} />
      <Group gap="md" mt={4} aria-label="What the colours mean" role="group">
        {states.map((state) => (
          <StateBadge key={state} state={state} />
        ))}
      </Group>
    </>
  );
}
