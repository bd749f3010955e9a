/** Changes the own password. All other sessions end. */
import { PasswordInput, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionDialog } from '../actions/ActionDialog.tsx';
import { NewPassword } from './NewPassword.tsx';
import { changePassword } from './peopleApi.ts';

export function PasswordDialog({ userName, onClose }: { userName: string; onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState<string | null>(null);
  const change = useMutation({ mutationFn: changePassword, onSuccess: onClose });
  return (
    <ActionDialog
      title="Change the password"
      isOpen
      onClose={onClose}
      onSubmit={() => {
        if (password !== null) change.mutate({ current, password });
      }}
      verb="Change"
      isBusy={change.isPending}
      isReady={password !== null && current !== ''}
      error={change.error}
      size="md"
    >
      <input type="hidden" name="username" autoComplete="username" value={userName} readOnly />
      <PasswordInput
        label="Present password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
      />
      <NewPassword userName={userName} onChange={setPassword} />
      <Text size="sm" c="dimmed">
        Your sessions on other devices end.
      </Text>
    </ActionDialog>
  );
}
