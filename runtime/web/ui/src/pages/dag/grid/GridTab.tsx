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
import { TASK_STATES, type TaskState } from '../../../../../../../src/model/states.ts';
import { GRID_ID, GridCanvas } from './GridCanvas.tsx';
import classes from './grid.module.css';
import { InstancePanel } from './instances/InstancePanel.tsx';
import { isMapped, openTask } from './instances/openTask.ts';
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
  const { runs = DEFAULT_RUNS, find, closed: said, instances, run, among } = dagRoute.useSearch();
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
  // A thousand runs have many cells, and the keyboard goes from run to run.
  const states = useMemo(() => shownStates(grid), [grid]);
  const choose = (change: { runs?: number; find?: string; closed?: string; among?: TaskState }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const close = (ids: readonly string[]) => choose({ closed: ids.join(',') || ',' });
  const task = openTask(grid, instances, run, among);
  const openMapped = (taskId: string, runId: string | undefined) =>
    void navigate({
      search: (old) => ({ ...old, instances: taskId, run: runId }),
      replace: task !== undefined,
    });
  const closeMapped = () => {
    void navigate({
      search: (old) => ({ ...old, instances: undefined, run: undefined, among: undefined }),
      replace: true,
    });
    document.getElementById(GRID_ID)?.focus();
  };
  const onOpen = (run: LiveGrid['runs'][number] | undefined, row: GridRow | undefined) => {
    if (row?.kind === 'group') {
      close(row.isOpen ? [...closed, row.id] : [...closed].filter((id) => id !== row.id));
    } else if (row) {
      const taskId = grid.tasks[row.place]?.taskId;
      if (taskId === undefined || run?.cells[row.place] === '-') return;
      const isOpen = taskId === task?.taskId && (!run || run.runId === task.run.runId);
      if (!isMapped(grid, row.place, run)) {
        if (run) open(taskHref(dagId, run.runId, taskId));
      } else if (isOpen) closeMapped();
      else openMapped(taskId, run?.runId);
    } else if (run) open(runHref(dagId, run.runId));
  };
  /** The open task follows the keyboard from run to run. */
  const onMark = (run: LiveGrid['runs'][number] | undefined, row: GridRow | undefined) => {
    const isThere = row?.kind === 'task' && row.place === task?.place;
    if (task && run && isThere && run.cells[row.place] !== '-') openMapped(task.taskId, run.runId);
  };
  if (grid.runs.length === 0) {
    return (
      <Empty icon={IconLayoutGrid} title="No runs yet">
        Trigger one, or switch the DAG on and wait for its schedule.
      </Empty>
    );
  }
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
      <div className={classes.beside}>
        <div className={classes.main}>
          <GridCanvas grid={grid} rows={rows} opened={task} onOpen={onOpen} onMark={onMark} />
          <Group gap="md" mt={4} aria-label="What the colours mean" role="group">
            {states.map((state) => (
              <StateBadge key={state} state={state} />
            ))}
          </Group>
        </div>
        {task && (
          <InstancePanel
            dagId={dagId}
            task={task}
            among={among}
            onAmong={(state) => choose({ among: TASK_STATES.find((known) => known === state) })}
            onRun={(runId) => openMapped(task.taskId, runId)}
            onClose={closeMapped}
          />
        )}
      </div>
    </>
  );
}

/** In the order of the API, with those that only some instances of a mapped task are in. */
function shownStates({ runs, states }: LiveGrid): string[] {
  const cells = new Set(runs.flatMap(({ cells }) => [...new Set(cells)]));
  const mapped = new Set(
    runs.flatMap(({ mapped }) => Object.values(mapped).flatMap((counts) => Object.keys(counts))),
  );
  return states.filter((state, place) => cells.has(place.toString(36)) || mapped.has(state));
}
