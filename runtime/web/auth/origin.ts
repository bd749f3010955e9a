/**
 * Whether a request comes from our own pages (CSRF) and for our own name (DNS rebinding). Browsers say where from; programs
 * without a browser say nothing, and have nothing that another site could abuse. Pure but for the headers.
 */
import type { FastifyRequest } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { isLoopback } from './cookies.ts';

/** Pages send it with each change. Another site cannot without being asked for it first, and we say no. */
export const OUR_HEADER = 'x-podline-request';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isChange(request: FastifyRequest): boolean {
  return !SAFE.has(request.method);
}

/** `needsHeader`: it is somebody by a cookie, or about to become so. */
export function checkOrigin(
  request: FastifyRequest,
  publicUrl: URL | null,
  needsHeader: boolean,
): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign();
  if (origin !== undefined && !isOurs(origin, request, publicUrl)) throw foreign();
  if (needsHeader && request.headers[OUR_HEADER] === undefined) throw foreign();
}

/** Without a public address our own name is the one that was asked for. */
function isOurs(origin: string, request: FastifyRequest, publicUrl: URL | null): boolean {
  if (publicUrl !== null && origin === publicUrl.origin) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  if (host !== request.host) return false;
  return protocol === `${request.protocol}:` && (publicUrl === null || isLoopback(request));
}

/** Another name that leads to this machine is somebody else's page. */
export function checkLocalHost(request: FastifyRequest): void {
  if (!isLoopback(request)) throw foreign();
}

function foreign(): PodlineError {
  return new PodlineError('auth.foreign_site', {});
}
