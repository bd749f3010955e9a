/** `/tokens`: API tokens of who is signed in; administrators see those of everybody. Also where one changes the password. */
import { Badge, Button, Code, Group, Switch, Table, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allows } from '../../../../../src/model/access.ts';
import { meQuery } from '../api/queries.ts';
import { ConfirmDialog } from '../actions/ConfirmDialog.tsx';
import { at } from '../api/call.ts';
import { Empty, ErrorPanel, Rows } from '../parts/feedback.tsx';
import { Page } from '../parts/Page.tsx';
import { ShowMore } from '../parts/ShowMore.tsx';
import { RelativeTime } from '../parts/times.tsx';
import { GrantBadges } from '../people/GrantBadges.tsx';
import { NewTokenDialog } from '../people/NewTokenDialog.tsx';
import { PasswordDialog } from '../people/PasswordDialog.tsx';
import { type Token, tokensQuery } from '../people/peopleApi.ts';

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
      <ShowMore query={tokens} />
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
  const [revoked, setRevoked] = useState<Token | null>(null);
  return (
    <>
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
                  <Button variant="default" size="xs" onClick={() => setRevoked(token)}>
                    Revoke
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {revoked && (
        <ConfirmDialog
          title={`Revoke ${revoked.name}`}
          text="Programs that use it are refused at once. This cannot be undone."
          verb="Revoke"
          change={{ path: at`/tokens/${revoked.tokenId}`, method: 'DELETE' }}
          done={`${revoked.name} is revoked.`}
          isOpen
          onClose={() => setRevoked(null)}
        />
      )}
    </>
  );
}
