/** Moves a task instance that waits to another pool, or before and behind others of its pool. */
import { NumberInput, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskState } from '../../../../../src/model/states.ts';
import { poolsQuery } from '../api/adminQueries.ts';
import { at } from '../api/call.ts';
import type { TaskName } from '../api/runQueries.ts';
import { ActionDialog } from './ActionDialog.tsx';
import { useAction } from './useAction.ts';

interface Props extends TaskName {
  state: TaskState;
  priority: number;
  pool: string;
  isOpen: boolean;
  onClose(): void;
}

export function PriorityDialog({ isOpen, onClose, ...task }: Props) {
  const { dagId, runId, taskId, mapIndex } = task;
  const [priority, setPriority] = useState<number | string>(task.priority);
  const [pool, setPool] = useState(task.pool);
  const pools = useQuery({ ...poolsQuery, enabled: isOpen });
  const change = useAction({ done: () => 'Changed.', onDone: onClose, isShown: true });
  return (
    <ActionDialog
      title="Priority and pool"
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() =>
        change.mutate({
          path: at`/dags/${dagId}/runs/${runId}/tasks/${taskId}/${mapIndex}`,
          method: 'PATCH',
          body: { priority: Number(priority), pool },
        })
      }
      verb="Change"
      isBusy={change.isPending}
      isReady={priority !== ''}
      error={change.error}
      size="md"
    >
      <NumberInput
        label="Priority"
        description="Higher goes first."
        allowDecimal={false}
        value={priority}
        onChange={setPriority}
      />
      <Select
        label="Pool"
        data={(pools.data?.items ?? []).map(({ name }) => name)}
        value={pool}
        allowDeselect={false}
        searchable
        onChange={(value) => setPool(value ?? task.pool)}
      />
      {task.state === 'queued' && pool !== task.pool && (
        <Text size="sm" c="dimmed">
          It gives its slots of {task.pool} back, and waits for its turn in {pool}.
        </Text>
      )}
    </ActionDialog>
  );
}
