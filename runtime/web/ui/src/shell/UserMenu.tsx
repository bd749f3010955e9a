/** Who is signed in, and what belongs to them. On a laptop nobody signs in, and there is no menu. */
import { ActionIcon, Menu, Text } from '@mantine/core';
import { IconKey, IconLogout, IconUser, IconUsers } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { allows } from '../../../../../src/model/access.ts';
import { meQuery } from '../api/queries.ts';
import { useOpen } from '../parts/AppLink.tsx';
import { signOut } from '../people/peopleApi.ts';

export function UserMenu() {
  const open = useOpen();
  const { data: me } = useQuery(meQuery);
  const leave = useMutation({
    mutationFn: signOut,
    // A new page: nothing of this session stays in memory.
    onSuccess: () => window.location.replace('/sign-in'),
  });
  if (me?.kind !== 'user') return null;
  return (
    <Menu position="bottom-end" withinPortal width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Account of ${me.name}`}>
          <IconUser size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs" truncate title={me.name}>
            {me.name}
          </Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => open('/tokens')}>
          API tokens
        </Menu.Item>
        {allows(me, 'admin') && (
          <Menu.Item leftSection={<IconUsers size={16} />} onClick={() => open('/users')}>
            Users
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate(false)}>
          Sign out
        </Menu.Item>
        <Menu.Item c="dimmed" onClick={() => leave.mutate(true)}>
          Sign out on all devices
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
