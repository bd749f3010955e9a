/** `podline tokens ...`. The token itself is the one line of the output of `create`; all words go to stderr. */
import { PodlineError } from '../../../src/errors.ts';
import { createToken, revokeToken } from '../../commands/tokens.ts';
import type { Database } from '../../database/pool.ts';
import { readTokenPage, type TokenRow } from '../../database/queries/people/tokens.ts';
import { readUser, type UserRow } from '../../database/queries/people/users.ts';
import { grantsOf, grantText } from '../../../src/model/grants.ts';
import { age } from '../../explain/human.ts';
import type { Session } from '../session.ts';
import { readScopes, type ScopeOptions } from './users.ts';

const PAGE = 1000;

export async function listTokens(
  session: Session,
  _args: readonly [],
  { user }: { user?: string },
): Promise<void> {
  const { output } = session;
  const database = await session.database();
  const userId = user === undefined ? null : (await findUser(database, user)).userId;
  const tokens: TokenRow[] = [];
  for (let after = 0; ;) {
    const page = await readTokenPage(database, { userId, after, limit: PAGE });
    tokens.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.tokenId ?? 0;
  }
  const now = new Date();
  output.printRows(
    tokens,
    [
      { title: 'ID', value: ({ tokenId }) => tokenId, align: 'right' },
      { title: 'TOKEN', value: ({ name }) => name, shrink: true },
      { title: 'USER', value: ({ userName }) => userName, shrink: true },
      { title: 'SCOPES', value: ({ scopes }) => scopes.map(grantText).join(', '), shrink: true },
      {
        title: 'ENDS',
        value: ({ expired, expiresAt }) => (expired ? 'is over' : expiresAt.toISOString()),
      },
      { title: 'USED', value: ({ usedAt }) => usedAt && age(usedAt, now) },
    ],
    'No tokens.',
  );
}

export async function createOne(
  session: Session,
  [name]: readonly [string],
  {
    user,
    role,
    expires,
    ...scope
  }: {
    user: string;
    role: string[];
    expires: number;
  } & ScopeOptions,
): Promise<void> {
  const { output, config } = session;
  const database = await session.database();
  const row = await findUser(database, user);
  const { oidc } = await config.auth();
  const made = await createToken(database, {
    user: { userId: row.userId, name: row.name, grants: grantsOf(row, oidc) },
    name,
    scopes: readScopes(role, scope, 'tokens create'),
    days: expires,
  });
  if (output.json) {
    output.printJson(made);
    return;
  }
  output.print(made.token);
  session.say(
    `Token ${made.tokenId} ends at ${made.expiresAt.toISOString()}. It is not shown again.`,
  );
}

export async function revokeOne(session: Session, [tokenId]: readonly [number]): Promise<void> {
  const { output } = session;
  const token = await revokeToken(await session.database(), { tokenId, userId: null });
  if (output.json) output.printJson({ tokenId, ...token, revoked: true });
  else output.print(`Token ${token.name} of ${token.userName} is revoked.`);
}

async function findUser(database: Database, name: string): Promise<UserRow> {
  const user = await readUser(database, { name });
  if (!user) throw new PodlineError('not_found.user', { user: name });
  return user;
}
