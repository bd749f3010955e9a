/** Dialogs of the page of users: add one, change roles, make a link, delete. A link is shown once, in the same dialog. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { areComplete, GrantsInput } from './GrantsInput.tsx';
import { addUser, changeUser, deleteUser, type Grant, linkUser, type User } from './peopleApi.ts';
import { ShownOnce } from './ShownOnce.tsx';
import { Trouble } from './Trouble.tsx';

export type UserDialogKind = 'add' | 'roles' | 'link' | 'delete';

const TITLES = {
  add: 'Add a user',
  roles: 'Roles',
  link: 'Link for a new password',
  delete: 'Delete the user',
} as const;
const BUTTONS = { add: 'Add', roles: 'Save', link: 'Make a link', delete: 'Delete' } as const;

export function UserDialog({
  kind,
  user,
  onClose,
}: {
  kind: UserDialogKind;
  /** Everybody but `add` has one. */
  user?: User;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [grants, setGrants] = useState<Grant[]>(user?.grants ?? [{ role: 'viewer' }]);
  const [link, setLink] = useState<string | null>(null);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async (): Promise<string | null> => {
      if (kind === 'add') return (await addUser({ name: name.trim(), grants })).link;
      if (!user) return null;
      if (kind === 'link') return (await linkUser(user.userId)).link;
      if (kind === 'roles') await changeUser(user.userId, { grants });
      else await deleteUser(user.userId);
      return null;
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['users'] });
      if (made === null) onClose();
      else setLink(made);
    },
  });
  const isReady = kind !== 'add' || (name.trim() !== '' && areComplete(grants));

  return (
    <Modal
      opened
      onClose={onClose}
      title={user ? `${TITLES[kind]}: ${user.name}` : TITLES[kind]}
      size="lg"
      centered
    >
      {link !== null ? (
        <Stack>
          <ShownOnce secret={link}>
            Send this link to the user. It sets a password, once, within a day.
          </ShownOnce>
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack>
            <Trouble error={save.error} />
            {kind === 'add' && (
              <TextInput
                label="Name"
                description="Letters, digits and . _ @ + -"
                autoCapitalize="none"
                spellCheck={false}
                required
                withAsterisk={false}
                data-autofocus
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )}
            {(kind === 'add' || kind === 'roles') && (
              <GrantsInput label="Roles" value={grants} onChange={setGrants} />
            )}
            {kind === 'link' && (
              <Text size="sm">
                The link replaces those that were made before. The password that the user has now
                works until the link is used.
              </Text>
            )}
            {kind === 'delete' && (
              <Text size="sm">
                Their sessions and API tokens end at once. What they did stays in the audit log.
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                type="submit"
                color={kind === 'delete' ? 'red.8' : undefined}
                disabled={!isReady || !areComplete(grants)}
                loading={save.isPending}
              >
                {BUTTONS[kind]}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
