/** /users: who there is and what they may do. For administrators, who cannot take their own rights away by mistake. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import { addUser, deleteUser, linkUser, setDisabled, setGrants } from '../../commands/users.ts';
import { readUserPage, readUser, type UserRow } from '../../database/queries/people/users.ts';
import type { Identity } from '../../../src/model/access.ts';
import { linkAddress } from '../auth/firstLink.ts';
import { groupGrantsOf } from '../../../src/model/grants.ts';
import { pageOfRows } from './cursors.ts';
import { type ApiContext, route } from './route.ts';
import { readCursor } from './schema/page.ts';
import * as schema from './schema/people.ts';
import { utc } from './times.ts';

const Place = z.object({ after: z.int() });
const tag = 'People';

export function serveUsers(api: FastifyInstance, context: ApiContext): void {
  const { database, auth } = context;
  const { oidc } = auth.settings;

  const shown = (row: UserRow): z.input<typeof schema.User> => ({
    userId: row.userId,
    name: row.name,
    provider: row.issuer,
    hasPassword: row.hasPassword,
    disabled: row.disabled,
    grants: row.grants,
    groups: row.groups,
    groupGrants: groupGrantsOf(row, oidc),
    createdAt: utc(row.createdAt),
    signedInAt: utc(row.signedInAt),
  });

  route(api, context, {
    method: 'GET',
    path: '/users',
    id: 'listUsers',
    summary: 'Users, in the order they came',
    tag,
    right: 'admin',
    query: schema.UserListQuery,
    answer: schema.UserPage,
    async handle({ query: { cursor, limit } }) {
      const after = readCursor(cursor, Place)?.after ?? 0;
      const rows = await readUserPage(database, { after, limit: limit + 1 });
      return pageOfRows(rows, limit, shown, ({ userId }) => ({ after: userId }));
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/users',
    id: 'addUser',
    summary: 'Add a user; the answer has the link for the first password',
    tag,
    right: 'admin',
    body: schema.NewUser,
    answer: schema.UserLink,
    async handle({ body, identity, request }) {
      const { user, secret } = await addUser(database, body, identity.name);
      return { user: shown(user), link: linkAddress(auth.baseOf(request), secret) };
    },
  });

  route(api, context, {
    method: 'PATCH',
    path: '/users/:userId',
    id: 'changeUser',
    summary: 'Disable or enable a user, or give other roles',
    tag,
    right: 'admin',
    params: schema.UserPath,
    body: schema.UserPatch,
    answer: schema.User,
    async handle({ params: { userId }, body: { disabled, grants }, identity }) {
      refuseSelf(identity, userId);
      if (grants) await setGrants(database, { userId }, () => grants, identity.name);
      if (disabled !== undefined) {
        await setDisabled(database, { userId }, disabled, identity.name);
      }
      const user = await readUser(database, { userId });
      if (!user) throw new PodlineError('not_found.user', { user: userId });
      return shown(user);
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/users/:userId/link',
    id: 'linkUser',
    summary: 'Make a link for a new password; earlier ones are void',
    tag,
    right: 'admin',
    params: schema.UserPath,
    answer: schema.UserLink,
    async handle({ params: { userId }, identity, request }) {
      const { user, secret } = await linkUser(database, { userId }, identity.name);
      return { user: shown(user), link: linkAddress(auth.baseOf(request), secret) };
    },
  });

  route(api, context, {
    method: 'DELETE',
    path: '/users/:userId',
    id: 'deleteUser',
    summary: 'Delete a user with their sessions and tokens; audit rows stay',
    tag,
    right: 'admin',
    params: schema.UserPath,
    async handle({ params: { userId }, identity }) {
      refuseSelf(identity, userId);
      await deleteUser(database, { userId }, identity.name);
      return undefined;
    },
  });
}

/** So there is always an administrator left: the one who acts. */
function refuseSelf({ userId: own, name }: Identity, userId: number): void {
  if (own !== userId) return;
  throw new PodlineError('refused.user', {
    user: name,
    reason: 'it is who asks',
    remedy: 'Another administrator can do it.',
  });
}
