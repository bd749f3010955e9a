/** Makes an API token, and shows it this once. */
import { Code, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { covers } from '../../../../../src/model/grants.ts';
import { ActionDialog } from '../actions/ActionDialog.tsx';
import { areComplete, GrantsInput } from './GrantsInput.tsx';
import { createToken, type Grant } from './peopleApi.ts';
import { SecretDialog } from './SecretDialog.tsx';

const TITLE = 'New API token';
const DAYS = [7, 30, 90, 180, 365];

export function NewTokenDialog({
  grants,
  onClose,
}: {
  /** Of who makes it: what they may do is where the choice begins. */
  grants: readonly Grant[];
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Grant[]>(() =>
    grants.slice(0, 1).map((grant) => {
      const least: Grant = { ...grant, role: 'viewer' };
      return covers(grants, least) ? least : grant;
    }),
  );
  const [days, setDays] = useState(90);
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => createToken({ name: name.trim(), scopes, days }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });

  if (make.data) {
    return (
      <SecretDialog title={TITLE} secret={make.data.token} onClose={onClose}>
        Copy the token now and keep it where the program finds it.
      </SecretDialog>
    );
  }
  return (
    <ActionDialog
      title={TITLE}
      isOpen
      onClose={onClose}
      onSubmit={() => make.mutate()}
      verb="Make the token"
      isBusy={make.isPending}
      isReady={name.trim() !== '' && scopes.length > 0 && areComplete(scopes)}
      error={make.error}
    >
      <TextInput
        label="What it is for"
        placeholder="nightly export"
        required
        withAsterisk={false}
        data-autofocus
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <GrantsInput label="It may be" value={scopes} onChange={setScopes} />
      <Text size="sm" c="dimmed">
        For <Code>podline deploy</Code> a deployer is enough: of all DAGs, of one, or of a tag.
      </Text>
      <NativeSelect
        label="It ends after"
        data={DAYS.map((each) => ({ value: String(each), label: `${each} days` }))}
        value={String(days)}
        onChange={(event) => setDays(Number(event.currentTarget.value))}
      />
    </ActionDialog>
  );
}
