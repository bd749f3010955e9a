/** Clears tasks of a run: first shows exactly what will run again, asked from the server with `dryRun`. */
import { Checkbox, Group, ScrollArea, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { at, send } from '../api/call.ts';
import { instanceName } from '../gantt/Gantt.tsx';
import type { Cleared } from '../api/runTypes.ts';
import type { RunName } from '../api/runQueries.ts';
import { StateBadge } from '../parts/StateBadge.tsx';
import { ActionDialog } from './ActionDialog.tsx';
import { useAction } from './useAction.ts';

interface Props extends RunName {
  /** Ids of the tasks; empty: all of the run. */
  tasks: readonly string[];
  /** One instance of a mapped task; undefined: all. */
  mapIndex?: number;
  isOpen: boolean;
  onClose(): void;
  /** Begins with these choices. */
  onlyFailed?: boolean;
  latest?: boolean;
}

const SHOWN = 200;

export function ClearDialog({ dagId, runId, tasks, mapIndex, isOpen, onClose, ...first }: Props) {
  const [upstream, setUpstream] = useState(false);
  const [downstream, setDownstream] = useState(true);
  const [onlyFailed, setOnlyFailed] = useState(first.onlyFailed ?? false);
  const [latest, setLatest] = useState(first.latest ?? false);
  const path = at`/dags/${dagId}/runs/${runId}/clear`;
  const body = {
    tasks,
    upstream,
    downstream,
    onlyFailed,
    latest,
    ...(mapIndex !== undefined && mapIndex >= 0 && { mapIndex }),
  };
  const preview = useQuery({
    queryKey: ['run', dagId, runId, 'clear', body],
    queryFn: () => send<Cleared>('POST', path, { ...body, dryRun: true }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const clear = useAction<Cleared>({
    done: (answer) => `${countWords(answer.count)} cleared: they run again.`,
    onDone: onClose,
    isShown: true,
  });
  const cleared = preview.data?.tasks ?? [];
  const count = preview.data?.count ?? 0;
  return (
    <ActionDialog
      title={tasks.length === 1 ? `Clear ${tasks[0] ?? ''}` : 'Clear tasks'}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => clear.mutate({ path, method: 'POST', body: { ...body, dryRun: false } })}
      verb={`Clear ${countWords(count)}`}
      color="orange"
      isBusy={clear.isPending}
      isReady={count > 0 && !preview.isPlaceholderData}
      error={clear.error ?? preview.error}
    >
      <Group gap="lg">
        {tasks.length > 0 && (
          <>
            <Checkbox
              label="What comes before"
              checked={upstream}
              onChange={({ currentTarget }) => setUpstream(currentTarget.checked)}
            />
            <Checkbox
              label="What comes after"
              checked={downstream}
              onChange={({ currentTarget }) => setDownstream(currentTarget.checked)}
            />
          </>
        )}
        <Checkbox
          label="Only what failed"
          checked={onlyFailed}
          onChange={({ currentTarget }) => setOnlyFailed(currentTarget.checked)}
        />
        <Checkbox
          label="With the latest version of the DAG"
          checked={latest}
          onChange={({ currentTarget }) => setLatest(currentTarget.checked)}
        />
      </Group>
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {preview.isPending
            ? 'Asking what will run again…'
            : `${countWords(count)} will run again`}
        </Text>
        <ScrollArea.Autosize mah={280} data-testid="clear-preview">
          <Table>
            <Table.Tbody>
              {cleared.slice(0, SHOWN).map((task) => (
                <Table.Tr key={instanceName(task)}>
                  <Table.Td ff="monospace" fz="xs">
                    {instanceName(task)}
                  </Table.Td>
                  <Table.Td w={150}>
                    <StateBadge state={task.state} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {count > Math.min(SHOWN, cleared.length) && (
            <Text size="xs" c="dimmed">
              and {count - Math.min(SHOWN, cleared.length)} more
            </Text>
          )}
        </ScrollArea.Autosize>
      </Stack>
    </ActionDialog>
  );
}

function countWords(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}
