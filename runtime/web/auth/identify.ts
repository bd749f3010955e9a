/**
 * Who asks: by the session in the cookie, or by the API token in the header. Asked for each request that needs somebody,
 * and again while a stream goes on (guard.ts).
 */
import type { FastifyRequest } from 'fastify';
import type { Database } from '../../database/pool.ts';
import { readSession, touchSession } from '../../database/queries/people/sessions.ts';
import { readTokenUse, touchToken } from '../../database/queries/people/tokens.ts';
import type { Identity } from '../../../src/model/access.ts';
import { readCookie } from './cookies.ts';
import { grantsOf, intersect } from '../../../src/model/grants.ts';
import { hashSecret, looksLikeSecret, TOKEN_PREFIX } from '../../people/secrets.ts';
import type { OidcSettings } from '../../people/settings.ts';

export interface Known {
  identity: Identity;
  /** Browsers send cookies by themselves, also when another site makes them. */
  byCookie: boolean;
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

export async function identify(
  database: Database,
  oidc: OidcSettings | null,
  request: FastifyRequest,
): Promise<Known | null> {
  // Who sends a token means it, and is not somebody else by accident.
  if (request.headers.authorization !== undefined) {
    const identity = await identifyToken(database, oidc, bearerOf(request));
    return identity && { identity, byCookie: false };
  }
  const id = readCookie(request, 'podline');
  const identity = await identifySession(database, oidc, id, isStream(request));
  return identity && { identity, byCookie: true };
}

/** A page that is left open comes again by itself: nobody is at work there. */
function isStream(request: FastifyRequest): boolean {
  return request.headers.accept === 'text/event-stream';
}

async function identifySession(
  database: Database,
  oidc: OidcSettings | null,
  id: string | undefined,
  isQuiet: boolean,
): Promise<Identity | null> {
  if (id === undefined || !looksLikeSecret(id)) return null;
  const hash = hashSecret(id);
  const found = await readSession(database, hash);
  if (!found) return null;
  if (found.stale && !isQuiet) await touchSession(database, hash);
  const { userId, name } = found;
  return { kind: 'user', name, userId, grants: grantsOf(found, oidc) };
}

async function identifyToken(
  database: Database,
  oidc: OidcSettings | null,
  token: string | undefined,
): Promise<Identity | null> {
  if (!token?.startsWith(TOKEN_PREFIX)) return null;
  if (!looksLikeSecret(token.slice(TOKEN_PREFIX.length))) return null;
  const found = await readTokenUse(database, hashSecret(token));
  if (!found) return null;
  if (found.stale) await touchToken(database, found.tokenId);
  const { userId, name, tokenName, scopes } = found;
  const grants = intersect(grantsOf(found, oidc), scopes);
  return { kind: 'token', name: `${name} (token ${tokenName})`, userId, grants };
}
