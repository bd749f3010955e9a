/** GET /me: who is signed in, and what that allows; the first thing that the pages ask. */
import type { FastifyInstance } from 'fastify';
import { readUser } from '../../database/queries/people/users.ts';
import { type ApiContext, route } from './route.ts';
import { Me } from './schema/people.ts';

export function serveMe(api: FastifyInstance, context: ApiContext): void {
  route(api, context, {
    method: 'GET',
    path: '/me',
    id: 'getMe',
    summary: 'Who is signed in',
    tag: 'People',
    right: 'signedIn',
    answer: Me,
    async handle({ identity }) {
      const { kind, name, userId, grants } = identity;
      const user =
        kind === 'user' && userId !== null
          ? await readUser(context.database, { userId })
          : undefined;
      return { kind, name, userId, grants: [...grants], hasPassword: user?.hasPassword ?? false };
    },
  });
}
