/** Changes the own password. All other sessions end. */
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { NewPassword } from './NewPassword.tsx';
import { changePassword } from './peopleApi.ts';
import { Trouble } from './Trouble.tsx';

export function PasswordDialog({ userName, onClose }: { userName: string; onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState<string | null>(null);
  const change = useMutation({ mutationFn: changePassword, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title="Change the password" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (password !== null) change.mutate({ current, password });
        }}
      >
        <Stack>
          <Trouble error={change.error} />
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={password === null || current === ''}
            >
              Change
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
