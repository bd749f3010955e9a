/** `/users`: who can sign in, what they may do, and the dialogs that change it. For administrators. */
import { Badge, Button, Group, Menu, ActionIcon, Table, Text } from '@mantine/core';
import {
  IconDots,
  IconKey,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { ErrorPanel, Rows } from '../parts/feedback.tsx';
import { Page } from '../parts/Page.tsx';
import { ShowMore } from '../parts/ShowMore.tsx';
import { RelativeTime } from '../parts/times.tsx';
import { GrantBadges } from '../people/GrantBadges.tsx';
import { changeUser, type User, usersQuery } from '../people/peopleApi.ts';
import { Trouble } from '../people/Trouble.tsx';
import { UserDialog, type UserDialogKind } from '../people/UserDialog.tsx';

export function Users() {
  const users = useInfiniteQuery(usersQuery);
  const me = useQuery(meQuery);
  const [dialog, setDialog] = useState<{ kind: UserDialogKind; user?: User } | null>(null);
  const queries = useQueryClient();
  const toggle = useMutation({
    mutationFn: ({ userId, disabled }: User) => changeUser(userId, { disabled: !disabled }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  const rows = users.data?.pages.flatMap(({ items }) => items);

  return (
    <Page
      title="Users"
      about="People who sign in here, and what they may do."
      actions={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setDialog({ kind: 'add' })}
        >
          Add a user
        </Button>
      }
    >
      <Trouble error={toggle.error} />
      {users.isError && <ErrorPanel error={users.error} />}
      {users.isPending && <Rows />}
      {rows && (
        <Table.ScrollContainer minWidth={720}>
          <Table verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>User</Table.Th>
                <Table.Th>Signs in</Table.Th>
                <Table.Th>Roles</Table.Th>
                <Table.Th>Last sign-in</Table.Th>
                <Table.Th aria-label="Actions" w={48} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((user) => (
                <UserRow
                  key={user.userId}
                  user={user}
                  isMe={user.userId === me.data?.userId}
                  open={(kind) => setDialog({ kind, user })}
                  toggle={() => toggle.mutate(user)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ShowMore query={users} />
      {dialog && <UserDialog {...dialog} onClose={() => setDialog(null)} />}
    </Page>
  );
}

function UserRow({
  user,
  isMe,
  open,
  toggle,
}: {
  user: User;
  isMe: boolean;
  open: (kind: UserDialogKind) => void;
  toggle: () => void;
}) {
  const { name, provider, hasPassword, disabled, grants, groupGrants, groups, signedInAt } = user;
  return (
    <Table.Tr opacity={disabled ? 0.65 : 1}>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={500}>
            {name}
          </Text>
          {isMe && (
            <Badge size="xs" variant="default" tt="none">
              you
            </Badge>
          )}
          {disabled && (
            <Badge size="xs" color="gray" tt="none">
              disabled
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" title={provider ?? undefined}>
          {provider !== null ? 'by provider' : hasPassword ? 'by password' : 'no password yet'}
        </Text>
      </Table.Td>
      <Table.Td>
        <GrantBadges grants={[...grants, ...groupGrants]} quiet="no role" />
        {groups.length > 0 && (
          <Text size="xs" c="dimmed" mt={2} lineClamp={1} title={groups.join(', ')}>
            groups: {groups.join(', ')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime time={signedInAt} />
      </Table.Td>
      <Table.Td>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${name}`}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconPencil size={16} aria-hidden />}
              disabled={isMe}
              onClick={() => open('roles')}
            >
              Change roles
            </Menu.Item>
            {provider === null && (
              <Menu.Item
                leftSection={<IconKey size={16} aria-hidden />}
                onClick={() => open('link')}
              >
                Link for a new password
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={
                disabled ? (
                  <IconLockOpen size={16} aria-hidden />
                ) : (
                  <IconLock size={16} aria-hidden />
                )
              }
              disabled={isMe}
              onClick={toggle}
            >
              {disabled ? 'Enable' : 'Disable'}
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              disabled={isMe}
              onClick={() => open('delete')}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
