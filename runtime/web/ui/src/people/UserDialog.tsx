/** Dialogs of the page of users: add one, change roles, make a link, delete. A link is shown once, in the same dialog. */
import { Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionDialog } from '../actions/ActionDialog.tsx';
import { areComplete, GrantsInput } from './GrantsInput.tsx';
import { addUser, changeUser, deleteUser, type Grant, linkUser, type User } from './peopleApi.ts';
import { SecretDialog } from './SecretDialog.tsx';

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
  const isReady = kind !== 'add' || name.trim() !== '';

  const title = user ? `${TITLES[kind]}: ${user.name}` : TITLES[kind];

  if (link !== null) {
    return (
      <SecretDialog title={title} secret={link} onClose={onClose}>
        Send this link to the user. It sets a password, once, within a day.
      </SecretDialog>
    );
  }
  return (
    <ActionDialog
      title={title}
      isOpen
      onClose={onClose}
      onSubmit={() => save.mutate()}
      verb={BUTTONS[kind]}
      color={kind === 'delete' ? 'red.8' : undefined}
      isBusy={save.isPending}
      isReady={isReady && areComplete(grants)}
      error={save.error}
    >
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
          The link replaces those that were made before. The password that the user has now works
          until the link is used.
        </Text>
      )}
      {kind === 'delete' && (
        <Text size="sm">
          Their sessions and API tokens end at once. What they did stays in the audit log.
        </Text>
      )}
    </ActionDialog>
  );
}
