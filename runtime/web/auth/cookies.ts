/**
 * Cookies of the webserver. Over https their names start with `__Host-`, so that browsers take them from this very host
 * alone and never send them in the clear. Over http there are some on the machine itself only: http://localhost.
 */
import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { isLoopbackName } from '../../people/settings.ts';

export type CookieName = 'podline' | 'podline-flow';

/** Whether the host that the browser asked for is the machine it runs on. */
export function isLoopback(request: FastifyRequest): boolean {
  return isLoopbackName(request.host.replace(/:\d{1,5}$/, ''));
}

/** `https`: the public address says so, whatever the connection from the proxy is. */
export function isEncrypted(request: FastifyRequest, publicUrl: URL | null): boolean {
  if (request.protocol === 'https') return true;
  return publicUrl?.protocol === 'https:' && request.host === publicUrl.host;
}

/** A password or a session must not travel in the clear. */
export function checkWay(request: FastifyRequest, publicUrl: URL | null): void {
  if (!isEncrypted(request, publicUrl) && !isLoopback(request)) {
    throw new PodlineError('auth.insecure', {});
  }
}

export function readCookie(request: FastifyRequest, name: CookieName): string | undefined {
  const safe = request.cookies[`__Host-${name}`];
  if (safe !== undefined) return safe;
  // Elsewhere another host of the same domain could have set it.
  return isLoopback(request) ? request.cookies[name] : undefined;
}

/** Without `seconds` it ends with the browser; the database ends sessions anyway. */
export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: URL | null,
  name: CookieName,
  value: string,
  seconds?: number,
): void {
  const secure = isEncrypted(request, publicUrl);
  void reply.setCookie(secure ? `__Host-${name}` : name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    ...(seconds !== undefined && { maxAge: seconds }),
  });
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply, name: CookieName): void {
  const options = { path: '/', httpOnly: true, sameSite: 'lax' } as const;
  if (request.cookies[`__Host-${name}`] !== undefined) {
    void reply.clearCookie(`__Host-${name}`, { ...options, secure: true });
  }
  if (request.cookies[name] !== undefined) void reply.clearCookie(name, options);
}
