/** What can be done about a task instance. Dialogs stand in the address (`do`). */
import { Button } from '@mantine/core';
import { IconEraser, IconFlag, IconSortAscending } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { MOVABLE_STATES, type TaskState } from '../../../../../../src/model/states.ts';
import { ClearDialog } from '../../actions/ClearDialog.tsx';
import { MarkDialog } from '../../actions/MarkDialog.tsx';
import { PriorityDialog } from '../../actions/PriorityDialog.tsx';
import { useRights } from '../../actions/useRights.ts';
import { dagQuery } from '../../api/queries.ts';
import type { TaskInstance } from '../../api/runTypes.ts';
import { type TASK_DIALOGS, taskRoute } from '../../routes/task.ts';

const MOVABLE: readonly TaskState[] = MOVABLE_STATES;

export function TaskActions({ task }: { task: TaskInstance }) {
  const { dagId, runId, taskId, mapIndex } = task;
  const { do: dialog } = taskRoute.useSearch();
  const navigate = taskRoute.useNavigate();
  const { data: dag } = useQuery(dagQuery(dagId));
  const may = useRights({ dagId, tags: dag?.tags ?? [] });
  const show = (next: (typeof TASK_DIALOGS)[number] | undefined) =>
    void navigate({ search: (was) => ({ ...was, do: next }), replace: next === undefined });
  const close = () => show(undefined);
  if (!may('operate')) return null;
  const common = { dagId, runId, isOpen: true, onClose: close };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconEraser size={14} />}
        onClick={() => show('clear')}
      >
        Clear
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconFlag size={14} />}
        onClick={() => show('mark')}
      >
        Mark
      </Button>
      {MOVABLE.includes(task.state) && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSortAscending size={14} />}
          onClick={() => show('priority')}
        >
          Priority
        </Button>
      )}
      {dialog === 'clear' && <ClearDialog {...common} tasks={[taskId]} mapIndex={mapIndex} />}
      {dialog === 'mark' && <MarkDialog {...common} tasks={[taskId]} mapIndex={mapIndex} />}
      {dialog === 'priority' && (
        <PriorityDialog
          {...common}
          taskId={taskId}
          mapIndex={mapIndex}
          state={task.state}
          priority={task.priority}
          pool={task.pool}
        />
      )}
    </>
  );
}
