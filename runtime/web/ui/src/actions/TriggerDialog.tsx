/** Starts a run by hand, with a form from the DAG's params. Opened from pages of DAGs and runs. */
import { Divider, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { ApiError, at } from '../api/call.ts';
import { dagQuery } from '../api/queries.ts';
import type { Dag } from '../api/types.ts';
import { type Draft, draftOf, fieldsOf, type Json, paramsOf } from '../params/fields.ts';
import { ParamsForm } from '../params/ParamsForm.tsx';
import { ActionDialog } from './ActionDialog.tsx';
import { useAction } from './useAction.ts';

interface Props {
  dagId: string;
  isOpen: boolean;
  onClose(): void;
  onStarted(runId: string): void;
  /** Params of a run that is started again. */
  given?: { [name: string]: Json };
}

export function TriggerDialog(props: Props) {
  const { data: dag } = useQuery({ ...dagQuery(props.dagId), enabled: props.isOpen });
  return dag && props.isOpen ? <Form {...props} dag={dag} /> : null;
}

function Form({ dag, dagId, given, isOpen, onClose, onStarted }: Props & { dag: Dag }) {
  const fields = useMemo(() => fieldsOf(dag.params as Json), [dag.params]);
  const [draft, setDraft] = useState<Draft>(() => draftOf(fields, given));
  const [errors, setErrors] = useState<{ [name: string]: string }>({});
  const [runId, setRunId] = useState('');
  const [logicalDate, setLogicalDate] = useState('');
  const [note, setNote] = useState('');
  // One form starts one run, however often it is sent.
  const [key] = useState(() => crypto.randomUUID());
  const start = useAction<{ runId: string }>({
    done: (answer) => `Run ${answer.runId} is on its way.`,
    onDone: (answer) => onStarted(answer.runId),
    isShown: true,
  });
  const submit = () => {
    const checked = paramsOf(fields, draft);
    setErrors(checked.errors);
    if (Object.keys(checked.errors).length > 0) return;
    start.mutate({
      path: at`/dags/${dagId}/runs`,
      method: 'POST',
      idempotencyKey: key,
      body: {
        params: checked.params,
        ...(runId !== '' && { runId }),
        ...(logicalDate !== '' && { logicalDate }),
        ...(note !== '' && { note }),
      },
    });
  };
  const refused = {
    ...errors,
    ...fieldErrors(
      start.error,
      fields.map(({ name }) => name),
    ),
  };
  return (
    <ActionDialog
      title={`Start a run of ${dagId}`}
      isOpen={isOpen}
      onClose={onClose}
      onSubmit={submit}
      verb="Start"
      isBusy={start.isPending}
      error={start.error}
    >
      <ParamsForm fields={fields} draft={draft} errors={refused} onDraft={setDraft} />
      <Divider label="Optional" labelPosition="left" />
      <TextInput
        label="Run id"
        placeholder="manual__ and the time"
        value={runId}
        onChange={({ currentTarget }) => setRunId(currentTarget.value)}
      />
      <TextInput
        label="Logical date"
        placeholder="now, or 2026-01-31T06:00:00Z"
        value={logicalDate}
        onChange={({ currentTarget }) => setLogicalDate(currentTarget.value)}
      />
      <TextInput
        label="Note"
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
    </ActionDialog>
  );
}

/** What the API says about a param, at its field: by the path of the part or by the words of `run.bad_params`. */
export function fieldErrors(
  error: Error | null,
  names: readonly string[],
): { [name: string]: string } {
  if (!(error instanceof ApiError)) return {};
  const found: { [name: string]: string } = {};
  for (const { path, message } of error.parts) {
    const name = names.find((one) => path.split(/[./]/).includes(one));
    if (name !== undefined) found[name] = message;
  }
  if (error.code !== 'run.bad_params') return found;
  for (const name of names) {
    const words = error.message.split(/[:;] /).find((part) => part.split(/[ .]/).includes(name));
    if (words !== undefined) found[name] ??= words;
  }
  return found;
}
