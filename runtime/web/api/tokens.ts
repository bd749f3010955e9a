/** /tokens: API tokens of who asks; administrators see and revoke those of everybody. A token makes no tokens. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import { createToken, revokeToken } from '../../commands/tokens.ts';
import { readTokenPage } from '../../database/queries/people/tokens.ts';
import { allows } from '../../../src/model/access.ts';
import { userOf } from '../../../src/model/grants.ts';
import { pageOfRows } from './cursors.ts';
import { type ApiContext, route } from './route.ts';
import { readCursor } from './schema/page.ts';
import * as schema from './schema/people.ts';
import { utc } from './times.ts';

const Place = z.object({ after: z.int() });
const tag = 'People';

export function serveTokens(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;

  route(api, context, {
    method: 'GET',
    path: '/tokens',
    id: 'listTokens',
    summary: 'API tokens, never their secrets',
    tag,
    right: 'signedIn',
    query: schema.TokenListQuery,
    answer: schema.TokenPage,
    async handle({ query: { cursor, limit, all }, identity }) {
      if (all && !allows(identity, 'admin')) {
        throw new PodlineError('auth.forbidden', { right: 'admin' });
      }
      // Nobody's: of the one at a laptop, who has none.
      const userId = all ? null : (identity.userId ?? 0);
      const after = readCursor(cursor, Place)?.after ?? 0;
      const rows = await readTokenPage(database, { userId, after, limit: limit + 1 });
      return pageOfRows(
        rows,
        limit,
        ({ createdAt, expiresAt, usedAt, ...row }) => ({
          ...row,
          createdAt: utc(createdAt),
          expiresAt: utc(expiresAt),
          usedAt: utc(usedAt),
        }),
        ({ tokenId }) => ({ after: tokenId }),
      );
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/tokens',
    id: 'createToken',
    summary: 'Make an API token of who asks; it is shown this once',
    tag,
    right: 'signedIn',
    body: schema.NewToken,
    answer: schema.MadeToken,
    async handle({ body, identity }) {
      const { name, grants } = identity;
      const user = { userId: userOf(identity), name, grants };
      const made = await createToken(database, { user, ...body }, name);
      return { ...made, expiresAt: utc(made.expiresAt) };
    },
  });

  route(api, context, {
    method: 'DELETE',
    path: '/tokens/:tokenId',
    id: 'revokeToken',
    summary: 'Revoke a token: at once',
    tag,
    right: 'signedIn',
    params: schema.TokenPath,
    async handle({ params: { tokenId }, identity }) {
      const userId = allows(identity, 'admin') ? null : userOf(identity);
      await revokeToken(database, { tokenId, userId }, identity.name);
      return undefined;
    },
  });
}
