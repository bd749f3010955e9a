/**
 * /auth/oidc: to the identity provider and back. Both are visited by browsers, so what goes wrong leads to the sign-in page
 * with a code. The way back is the one GET that changes something: it needs the cookie of the way there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ErrorCode, PodlineError } from '../../../src/errors.ts';
import { audit } from '../../commands/audit.ts';
import { takeIn } from '../../commands/takeIn.ts';
import { isTransient } from '../../database/pool.ts';
import { clearCookie, readCookie, setCookie } from '../auth/cookies.ts';
import type { Flow, Oidc } from '../auth/oidc.ts';
import { API_PREFIX } from './prefix.ts';
import { type ApiContext, route } from './route.ts';
import { OidcStart } from './schema/people.ts';

/** For people who look for their second factor first. */
const FLOW_SECONDS = 600;
const tag = 'Signing in';

const FlowCookie = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  to: z.string(),
});

export function serveOidc(api: FastifyInstance, context: ApiContext): void {
  const { database, auth } = context;
  const provider = () => {
    if (!auth.oidc) throw new PodlineError('auth.no_provider', {});
    return auth.oidc;
  };

  const backOf = (request: FastifyRequest) =>
    new URL(`${API_PREFIX.slice(1)}/auth/oidc/callback`, auth.baseOf(request)).href;

  route(api, context, {
    method: 'GET',
    path: '/auth/oidc',
    id: 'signInByProvider',
    summary: 'Go to the identity provider',
    tag,
    right: 'public',
    query: OidcStart,
    raw: { redirect: 303 },
    async handle({ query, request, reply }) {
      await orSignInPage(reply, async () => {
        auth.checkWay(request);
        const { url, flow } = await provider().begin(backOf(request), ownPage(query.to));
        const value = Buffer.from(JSON.stringify(flow)).toString('base64url');
        setCookie(request, reply, auth.settings.publicUrl, 'podline-flow', value, FLOW_SECONDS);
        return url;
      });
      return undefined;
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/auth/oidc/callback',
    id: 'signedInByProvider',
    summary: 'Where the identity provider sends the browser back to',
    tag,
    right: 'public',
    raw: { redirect: 303 },
    async handle({ request, reply }) {
      await orSignInPage(reply, async () => {
        auth.checkWay(request);
        const flow = readFlow(readCookie(request, 'podline-flow'));
        clearCookie(request, reply, 'podline-flow');
        if (!flow) throw new PodlineError('auth.provider_refused', {});
        const { userId, name } = await confirm(provider(), request, flow);
        await auth.openSession(request, reply, userId);
        await audit(database, name, 'sign_in', name, { by: 'provider', address: request.ip });
        return flow.to;
      });
      return undefined;
    },
  });

  async function confirm(oidc: Oidc, request: FastifyRequest, flow: Flow) {
    try {
      const back = new URL(backOf(request));
      back.search = new URL(request.url, 'http://podline').search;
      return await takeIn(database, oidc.settings, await oidc.finish(back, flow));
    } catch (error) {
      if (error instanceof PodlineError && error.code !== 'auth.provider_unreachable') {
        const who = error.code === 'auth.no_role' ? String(error.details.name) : '(unknown)';
        const details = { by: 'provider', reason: error.code, address: request.ip };
        await audit(database, who, 'sign_in.failed', who, details);
      }
      throw error;
    }
  }
}

/** Goes on to where `work` says, or to the sign-in page, which has words for the code. */
async function orSignInPage(reply: FastifyReply, work: () => Promise<string>): Promise<void> {
  const target = await work().catch((error: unknown) => {
    if (error instanceof PodlineError) return signInPage(error.code);
    if (isTransient(error)) return signInPage('database.unreachable');
    throw error;
  });
  void reply.redirect(target, 303);
}

function signInPage(code: ErrorCode): string {
  return `/sign-in?error=${encodeURIComponent(code)}`;
}

function readFlow(cookie: string | undefined): Flow | undefined {
  if (cookie === undefined) return undefined;
  try {
    return FlowCookie.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString()));
  } catch {
    return undefined;
  }
}

/** A page of ours, and nobody else's: `//host` and `/\host` would lead away. */
export function ownPage(to: string): string {
  const base = 'http://podline.invalid';
  if (!to.startsWith('/') || !URL.canParse(to, base)) return '/';
  const { origin, pathname, search, hash } = new URL(to, base);
  return origin === base && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/';
}
