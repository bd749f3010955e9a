/** Pools: how many slots, how many in use, who waits; made, changed and deleted by who may edit. */
import { Button, Group, NumberInput, Progress, Table, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionDialog } from '../../actions/ActionDialog.tsx';
import { ConfirmDialog } from '../../actions/ConfirmDialog.tsx';
import { useAction } from '../../actions/useAction.ts';
import { useRights } from '../../actions/useRights.ts';
import { at } from '../../api/call.ts';
import type { PoolList } from '../../api/runTypes.ts';
import { visibleText } from '../../log/visibleText.ts';
import { AdminPage } from './AdminPage.tsx';
import { EditActions } from './EditActions.tsx';
import { poolsQuery } from '../../api/adminQueries.ts';

type Pool = PoolList['items'][number];
const STANDARD = 'default_pool';

export function PoolsPage() {
  const pools = useQuery(poolsQuery);
  const may = useRights();
  const [edited, setEdited] = useState<Pool | 'new' | null>(null);
  const [deleted, setDeleted] = useState<string | null>(null);
  const items = pools.data?.items ?? [];
  return (
    <>
      <AdminPage
        title="Pools"
        about="Slots that tasks share. A task waits until its pool has room."
        query={pools}
        empty={items.length === 0 ? 'There are no pools.' : null}
        actions={
          may('edit') && (
            <Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>
              New pool
            </Button>
          )
        }
      >
        <Table.ScrollContainer minWidth={520}>
          <Table verticalSpacing="xs" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Pool</Table.Th>
                <Table.Th w={220}>In use</Table.Th>
                <Table.Th w={100}>Waiting</Table.Th>
                <Table.Th>Description</Table.Th>
                <Table.Th w={90} aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((pool) => (
                <Table.Tr key={pool.name}>
                  <Table.Td ff="monospace" fz="sm">
                    {visibleText(pool.name)}
                  </Table.Td>
                  <Table.Td>
                    <Use pool={pool} />
                  </Table.Td>
                  <Table.Td>{pool.waiting}</Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      {pool.description ?? ''}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    {may('edit') && (
                      <EditActions
                        what={`pool ${pool.name}`}
                        onEdit={() => setEdited(pool)}
                        onDelete={pool.name !== STANDARD ? () => setDeleted(pool.name) : undefined}
                      />
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </AdminPage>
      {edited !== null && (
        <PoolDialog pool={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
      {deleted !== null && (
        <ConfirmDialog
          title={`Delete pool ${deleted}`}
          text="Tasks that name it will wait until there is such a pool again."
          verb="Delete"
          change={{ path: at`/pools/${deleted}`, method: 'DELETE' }}
          done={`Pool ${deleted} is gone.`}
          isOpen
          onClose={() => setDeleted(null)}
        />
      )}
    </>
  );
}

function Use({ pool: { name, used, slots } }: { pool: Pool }) {
  const share = slots === 0 ? 100 : (used / slots) * 100;
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={share}
        w={100}
        color={share >= 100 ? 'orange' : 'teal'}
        aria-label={`Use of ${name}`}
      />
      <Text size="sm">
        {used} of {slots}
      </Text>
    </Group>
  );
}

function PoolDialog({ pool, onClose }: { pool: Pool | null; onClose(): void }) {
  const [name, setName] = useState(pool?.name ?? '');
  const [slots, setSlots] = useState<number | string>(pool?.slots ?? 8);
  const [description, setDescription] = useState(pool?.description ?? '');
  const save = useAction({ done: () => `Pool ${name} is saved.`, onDone: onClose, isShown: true });
  return (
    <ActionDialog
      title={pool ? `Pool ${pool.name}` : 'New pool'}
      isOpen
      onClose={onClose}
      onSubmit={() =>
        save.mutate({
          path: at`/pools/${name}`,
          method: 'PUT',
          body: { slots: Number(slots), description: description === '' ? null : description },
        })
      }
      verb="Save"
      isBusy={save.isPending}
      isReady={name !== '' && slots !== ''}
      error={save.error}
      size="md"
    >
      <TextInput
        label="Name"
        value={name}
        disabled={pool !== null}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <NumberInput label="Slots" min={0} allowDecimal={false} value={slots} onChange={setSlots} />
      <TextInput
        label="Description"
        value={description}
        onChange={({ currentTarget }) => setDescription(currentTarget.value)}
      />
    </ActionDialog>
  );
}
