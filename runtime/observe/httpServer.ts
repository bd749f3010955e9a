/**
 * An HTTP server that answers GET, tells errors as problem+json (RFC 9457) and gives nothing away. Base of the health
 * endpoints of every process and of the webserver.
 */
import os from 'node:os';
import { STATUS_CODES } from 'node:http';
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { PodlineError } from '../../src/errors.ts';
import type { Log } from './log.ts';

/** A request that takes longer to arrive is not one of ours. */
const REQUEST_MS = 10_000;
const MOST_BODY = 64 * 1024;

/** `trustedProxy`: whose X-Forwarded-* are believed. */
export function makeServer(log: Log, trustedProxy: string | null = null): FastifyInstance {
  const server = fastify({
    trustProxy: trustedProxy ?? false,
    logger: false,
    requestTimeout: REQUEST_MS,
    connectionTimeout: 2 * REQUEST_MS,
    bodyLimit: MOST_BODY,
    frameworkErrors: (_error, _request, reply) => void problem(reply, 400),
  });
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    done();
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return problem(reply, status);
    log.error({ error: String(error), path: request.routeOptions.url }, 'request failed');
    return problem(reply, 500);
  });
  return server;
}

/** `detail`: plain words for people; nothing of the request. `more`: further members of the problem. */
export function problem(
  reply: FastifyReply,
  status: number,
  detail?: string,
  more: object = {},
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        detail,
        ...more,
      }),
    );
}

/** On all addresses unless `host` says one. `variable` named the port. Returns the port, which matters when 0 was asked for. */
export async function listen(
  server: FastifyInstance,
  port: number,
  variable: string,
  host = everyAddress(),
): Promise<number> {
  try {
    await server.listen({ port, host });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const reason = code === 'EADDRINUSE' ? 'another process listens there' : message;
    throw new PodlineError('config.bad_value', { name: variable, value: port, reason });
  }
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** The one of IPv6 takes IPv4, too; it does not exist where IPv6 is switched off. */
function everyAddress(): string {
  const interfaces = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  return interfaces.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
