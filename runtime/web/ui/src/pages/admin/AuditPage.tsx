/** Who changed what, newest first. The filters stand in the address. */
import { Code, Group, Table, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { JsonTree } from '../../json/JsonTree.tsx';
import { visibleText } from '../../log/visibleText.ts';
import type { Json } from '../../params/fields.ts';
import { RelativeTime } from '../../parts/times.tsx';
import { auditRoute } from '../../routes/admin.ts';
import { AdminPage } from './AdminPage.tsx';
import { auditQuery } from '../../api/adminQueries.ts';

const FILTERS = [
  { name: 'actor', label: 'Who' },
  { name: 'action', label: 'What' },
  { name: 'subject', label: 'Of what (begins with)' },
] as const;

export function AuditPage() {
  const search = auditRoute.useSearch();
  const navigate = auditRoute.useNavigate();
  const filter = Object.fromEntries(FILTERS.map(({ name }) => [name, search[name]]));
  const [settled] = useDebouncedValue(filter, 250);
  const entries = useInfiniteQuery(auditQuery(settled));
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <AdminPage
      title="Audit log"
      about="Every change that a person or a token asked for."
      query={entries}
      more={entries}
      empty={null}
    >
      <Group gap="sm">
        {FILTERS.map(({ name, label }) => (
          <TextInput
            key={name}
            size="xs"
            label={label}
            value={search[name] ?? ''}
            onChange={({ currentTarget: { value } }) =>
              void navigate({ search: { ...search, [name]: value || undefined }, replace: true })
            }
          />
        ))}
      </Group>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={130}>When</Table.Th>
              <Table.Th w={140}>Who</Table.Th>
              <Table.Th w={140}>What</Table.Th>
              <Table.Th>Of what</Table.Th>
              <Table.Th>Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ id, at, actor, action, subject, details }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <RelativeTime time={at} />
                </Table.Td>
                <Table.Td fz="sm">{visibleText(actor)}</Table.Td>
                <Table.Td>
                  <Code>{visibleText(action)}</Code>
                </Table.Td>
                <Table.Td ff="monospace" fz="sm">
                  {visibleText(subject)}
                </Table.Td>
                <Table.Td>
                  <JsonTree value={details as Json} depth={0} />
                </Table.Td>
              </Table.Tr>
            ))}
            {items.length === 0 && (
              <Table.Tr>
                <Table.Td colSpan={5} c="dimmed" ta="center">
                  Nothing here.
                </Table.Td>
              </Table.Tr>
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </AdminPage>
  );
}
