/** Says that tasks of a run have succeeded or failed, whatever they did. What depends on them goes on from there. */
import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { at } from '../api/call.ts';
import type { RunName } from '../api/runQueries.ts';
import { ActionDialog } from './ActionDialog.tsx';
import { useAction } from './useAction.ts';

interface Props extends RunName {
  tasks: readonly string[];
  /** One instance of a mapped task; undefined: all. */
  mapIndex?: number;
  isOpen: boolean;
  onClose(): void;
}

export function MarkDialog({ dagId, runId, tasks, mapIndex, isOpen, onClose }: Props) {
  const [state, setState] = useState('success');
  const mark = useAction({ done: () => `Marked as ${state}.`, onDone: onClose, isShown: true });
  const which = mapIndex === undefined || mapIndex < 0 ? '' : ` [${mapIndex}]`;
  return (
    <ActionDialog
      title={`Mark ${tasks.length === 1 ? `${tasks[0] ?? ''}${which}` : `${tasks.length} tasks`}`}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() =>
        mark.mutate({
          path: at`/dags/${dagId}/runs/${runId}/mark`,
          method: 'POST',
          body: { state, tasks, ...(mapIndex !== undefined && mapIndex >= 0 && { mapIndex }) },
        })
      }
      verb={`Mark as ${state}`}
      color={state === 'failed' ? 'red' : 'teal'}
      isBusy={mark.isPending}
      error={mark.error}
      size="md"
    >
      <SegmentedControl
        aria-label="State"
        value={state}
        onChange={setState}
        data={[
          { value: 'success', label: 'Success' },
          { value: 'failed', label: 'Failed' },
        ]}
      />
      <Text size="sm" c="dimmed">
        A process that still runs is stopped. Tasks that wait for these go on as after a real end.
      </Text>
    </ActionDialog>
  );
}
