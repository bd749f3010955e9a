/**
 * /auth: signing in and out with a password, links, and new passwords. Unknown names, wrong passwords and disabled people
 * get one answer, after the same work. The provider's part is in oidc.ts.
 */
import type { FastifyInstance } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { audit } from '../../commands/audit.ts';
import { changePassword, findLink, usePasswordLink } from '../../commands/passwords.ts';
import { deleteSessions } from '../../database/queries/people/sessions.ts';
import { type LoginRow, readLogin } from '../../database/queries/people/users.ts';
import { userOf } from '../../../src/model/grants.ts';
import { isPassword } from '../../people/passwords.ts';
import { beginAnonymousTry, beginTry } from '../auth/throttle.ts';
import { type ApiContext, route } from './route.ts';
import * as schema from './schema/people.ts';

const tag = 'Signing in';

export function serveAuth(api: FastifyInstance, context: ApiContext): void {
  const { database, auth } = context;

  /** One try: counted, checked, written down. */
  async function checkLogin(name: string, password: string, address: string): Promise<LoginRow> {
    const attempt = await beginTry(database, name, address);
    const found = await readLogin(database, name);
    const fits = await isPassword(password, found?.passwordHash ?? null);
    if (!found || !fits || found.disabled) {
      // People type passwords where the name goes: only names that somebody has are written down.
      const actor = found?.name ?? '(unknown)';
      await audit(database, actor, 'sign_in.failed', actor, { address });
      throw new PodlineError('auth.bad_login', {});
    }
    await attempt.succeeded();
    return found;
  }

  route(api, context, {
    method: 'GET',
    path: '/auth/methods',
    id: 'getSignInMethods',
    summary: 'How one can sign in',
    tag,
    right: 'public',
    answer: schema.SignInMethods,
    handle: () =>
      Promise.resolve({
        passwords: true,
        provider: auth.settings.oidc && { name: auth.settings.oidc.name },
      }),
  });

  route(api, context, {
    method: 'POST',
    path: '/auth/login',
    id: 'signIn',
    summary: 'Sign in with a password; the answer sets the cookie of the session',
    tag,
    right: 'public',
    body: schema.Login,
    async handle({ body: { name, password }, request, reply }) {
      auth.checkWay(request);
      const user = await checkLogin(name, password, request.ip);
      await auth.openSession(request, reply, user.userId);
      await audit(database, user.name, 'sign_in', user.name, {
        by: 'password',
        address: request.ip,
      });
      return undefined;
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/auth/logout',
    id: 'signOut',
    summary: 'Sign out here, or on all devices',
    tag,
    right: 'signedIn',
    body: schema.Logout,
    async handle({ body, identity, request, reply }) {
      const userId = userOf(identity);
      const everywhere = body?.everywhere ?? false;
      if (everywhere) await deleteSessions(database, userId);
      await auth.closeSession(request, reply);
      await audit(database, identity.name, 'sign_out', identity.name, { everywhere });
      return undefined;
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/auth/link/read',
    id: 'readLink',
    summary: 'Whose password a link sets',
    tag,
    right: 'public',
    body: schema.LinkSecret,
    answer: schema.LinkFacts,
    async handle({ body: { secret }, request }) {
      const attempt = await beginAnonymousTry(database, request.ip);
      const { name } = await findLink(database, secret);
      await attempt.succeeded();
      return { name };
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/auth/link',
    id: 'useLink',
    summary: 'Set a password by a link, and sign in',
    tag,
    right: 'public',
    body: schema.LinkUse,
    async handle({ body: { secret, name, password }, request, reply }) {
      auth.checkWay(request);
      const attempt = await beginAnonymousTry(database, request.ip);
      const address = request.ip;
      const user = await usePasswordLink(database, { secret, name, password, address });
      await attempt.succeeded();
      await auth.openSession(request, reply, user.userId);
      return undefined;
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/auth/password',
    id: 'changePassword',
    summary: 'Change the own password; all other sessions end',
    tag,
    right: 'signedIn',
    body: schema.PasswordChange,
    async handle({ body: { current, password }, identity, request, reply }) {
      const userId = userOf(identity);
      const { name } = identity;
      const address = request.ip;
      await checkLogin(name, current, address);
      await changePassword(database, { userId, name, password, address });
      await auth.openSession(request, reply, userId);
      return undefined;
    },
  });
}
