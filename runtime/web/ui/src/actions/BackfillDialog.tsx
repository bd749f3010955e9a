/** Runs a DAG for every tick of a range. The server says first what each tick would do; nothing starts before. */
import {
  Badge,
  Group,
  NumberInput,
  ScrollArea,
  Select,
  Switch,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { at, send } from '../api/call.ts';
import type { BackfillAnswer } from '../api/runTypes.ts';
import { type Draft, draftOf, fieldsOf, type Json, paramsOf } from '../params/fields.ts';
import { ParamsForm } from '../params/ParamsForm.tsx';
import { dagQuery } from '../api/queries.ts';
import { ActionDialog } from './ActionDialog.tsx';
import { fieldErrors } from './TriggerDialog.tsx';
import { useAction } from './useAction.ts';

interface Props {
  dagId: string;
  isOpen: boolean;
  onClose(): void;
  onStarted(): void;
}

const REPROCESS = [
  { value: 'none', label: 'leave them' },
  { value: 'failed', label: 'run again those that failed' },
  { value: 'all', label: 'run all again' },
];
const COLORS = { create: 'teal', rerun: 'orange', skip: 'gray' } as const;
const SAYS = { create: 'new run', rerun: 'runs again', skip: 'left as it is' } as const;
const SHOWN = 300;

export function BackfillDialog({ dagId, isOpen, onClose, onStarted }: Props) {
  const { data: dag } = useQuery({ ...dagQuery(dagId), enabled: isOpen });
  const fields = useMemo(() => fieldsOf((dag?.params ?? null) as Json), [dag]);
  const [draft, setDraft] = useState<Draft>({});
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [reprocess, setReprocess] = useState('none');
  const [isReverse, setReverse] = useState(false);
  const [maxActiveRuns, setMost] = useState<number | string>(4);
  const whole = { ...draftOf(fields), ...draft };
  const { params, errors } = paramsOf(fields, whole);
  const path = at`/dags/${dagId}/backfills`;
  const body = {
    from,
    to,
    reprocess,
    reverse: isReverse,
    maxActiveRuns: Number(maxActiveRuns),
    params,
  };
  const isAsked = from !== '' && to !== '' && Object.keys(errors).length === 0;
  const preview = useQuery({
    queryKey: ['dag', dagId, 'backfill', body],
    queryFn: () => send<BackfillAnswer>('POST', path, { ...body, dryRun: true }),
    enabled: isOpen && isAsked,
    retry: false,
  });
  const start = useAction<BackfillAnswer>({
    done: (answer) => `Backfill ${answer.id ?? ''} has begun.`,
    onDone: onStarted,
    isShown: true,
  });
  const steps = preview.data?.steps ?? [];
  const runs = steps.filter(({ action }) => action !== 'skip').length;
  const error = start.error ?? preview.error;
  return (
    <ActionDialog
      title={`Backfill ${dagId}`}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={() => start.mutate({ path, method: 'POST', body: { ...body, dryRun: false } })}
      verb={runs === 1 ? 'Start 1 run' : `Start ${runs} runs`}
      isBusy={start.isPending}
      isReady={isAsked && runs > 0}
      error={error}
    >
      <Group grow>
        <TextInput
          type="date"
          label="First logical date"
          name="from"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <TextInput
          type="date"
          label="Last logical date"
          name="to"
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value)}
        />
      </Group>
      <Group grow align="end">
        <Select
          label="Dates that have a run"
          data={REPROCESS}
          value={reprocess}
          allowDeselect={false}
          onChange={(value) => setReprocess(value ?? 'none')}
        />
        <NumberInput
          label="Runs at a time"
          min={1}
          allowDecimal={false}
          value={maxActiveRuns}
          onChange={setMost}
        />
      </Group>
      <Switch
        label="Newest first"
        checked={isReverse}
        onChange={({ currentTarget }) => setReverse(currentTarget.checked)}
      />
      {fields.length > 0 && (
        <ParamsForm
          fields={fields}
          draft={whole}
          errors={{
            ...errors,
            ...fieldErrors(
              error,
              fields.map(({ name }) => name),
            ),
          }}
          onDraft={setDraft}
        />
      )}
      {isAsked && preview.data && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {runs} of {steps.length} dates get a run
          </Text>
          <ScrollArea.Autosize mah={240} data-testid="backfill-preview">
            <Table>
              <Table.Tbody>
                {steps.slice(0, SHOWN).map((step) => (
                  <Table.Tr key={step.logicalDate}>
                    <Table.Td ff="monospace" fz="xs">
                      {step.logicalDate}
                    </Table.Td>
                    <Table.Td>
                      <Badge
                        variant="light"
                        c="var(--mantine-color-text)"
                        color={COLORS[step.action]}
                      >
                        {SAYS[step.action]}
                      </Badge>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            {steps.length > SHOWN && (
              <Text size="xs" c="dimmed">
                and {steps.length - SHOWN} more
              </Text>
            )}
          </ScrollArea.Autosize>
        </div>
      )}
    </ActionDialog>
  );
}
