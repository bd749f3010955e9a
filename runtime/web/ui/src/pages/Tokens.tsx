/** `/tokens`: API tokens of who is signed in; administrators see those of everybody. Also where one changes the password. */
import { Badge, Button, Code, Group, Switch, Table, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { allows } from '../../../../../src/model/access.ts';
import { meQuery } from '../api/queries.ts';
import { ConfirmAction } from '../parts/ConfirmAction.tsx';
import { Empty, ErrorPanel, Rows } from '../parts/feedback.tsx';
import { Page } from '../parts/Page.tsx';
import { RelativeTime } from '../parts/times.tsx';
import { GrantBadges } from '../people/GrantBadges.tsx';
import { NewTokenDialog } from '../people/NewTokenDialog.tsx';
import { PasswordDialog } from '../people/PasswordDialog.tsx';
import { revokeToken, type Token, tokensQuery } from '../people/peopleApi.ts';

export function Tokens() {
  const [all, setAll] = useState(false);
  const [dialog, setDialog] = useState<'token' | 'password' | null>(null);
  const me = useQuery(meQuery);
  const tokens = useInfiniteQuery(tokensQuery(all));
  const rows = tokens.data?.pages.flatMap(({ items }) => items);
  const isAdmin = me.data !== undefined && allows(me.data, 'admin');
  const isUser = me.data?.kind === 'user';

  return (
    <Page
      title="API tokens"
      about={
        <>
          For programs: <Code>Authorization: Bearer podline_…</Code> A token never may more than its
          user.
        </>
      }
      actions={
        <>
          {isAdmin && (
            <Switch
              label="of everybody"
              checked={all}
              onChange={(event) => setAll(event.currentTarget.checked)}
            />
          )}
          {me.data?.hasPassword && (
            <Button variant="default" onClick={() => setDialog('password')}>
              Change password
            </Button>
          )}
          {isUser && (
            <Button
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => setDialog('token')}
            >
              New token
            </Button>
          )}
        </>
      }
    >
      {tokens.isError && <ErrorPanel error={tokens.error} />}
      {tokens.isPending && <Rows />}
      {rows?.length === 0 && (
        <Empty icon={IconKey} title="No tokens">
          {isUser
            ? 'Make one for each program that uses the API, with the least that it needs.'
            : 'Tokens belong to users, and nobody signs in on this machine.'}
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && <TokenTable tokens={rows} all={all} />}
      {tokens.hasNextPage && (
        <Button
          variant="default"
          mt="md"
          loading={tokens.isFetchingNextPage}
          onClick={() => void tokens.fetchNextPage()}
        >
          Show more
        </Button>
      )}
      {dialog === 'token' && me.data && (
        <NewTokenDialog grants={me.data.grants} onClose={() => setDialog(null)} />
      )}
      {dialog === 'password' && me.data && (
        <PasswordDialog userName={me.data.name} onClose={() => setDialog(null)} />
      )}
    </Page>
  );
}

function TokenTable({ tokens, all }: { tokens: readonly Token[]; all: boolean }) {
  const queries = useQueryClient();
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Token</Table.Th>
            {all && <Table.Th>User</Table.Th>}
            <Table.Th>Scopes</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Ends</Table.Th>
            <Table.Th aria-label="Actions" w={100} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <Table.Tr key={token.tokenId}>
              <Table.Td>
                <Text size="sm" fw={500}>
                  {token.name}
                </Text>
              </Table.Td>
              {all && <Table.Td>{token.userName}</Table.Td>}
              <Table.Td>
                <GrantBadges grants={token.scopes} />
              </Table.Td>
              <Table.Td>
                <RelativeTime time={token.usedAt} />
              </Table.Td>
              <Table.Td>
                <Group gap="xs" wrap="nowrap">
                  <RelativeTime time={token.expiresAt} />
                  {token.expired && (
                    <Badge size="xs" color="gray" tt="none">
                      over
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>
                <ConfirmAction
                  label="Revoke"
                  title={`Revoke ${token.name}`}
                  isDangerous
                  action={async () => {
                    await revokeToken(token.tokenId);
                    await queries.invalidateQueries({ queryKey: ['tokens'] });
                  }}
                >
                  Programs that use it are refused at once. This cannot be undone.
                </ConfirmAction>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
