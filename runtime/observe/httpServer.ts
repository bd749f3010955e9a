/**
 * An HTTP server that answers GET, tells errors as problem+json (RFC 9457) and gives nothing away. Base of the health
 * endpoints of every process and of the webserver.
 */
import os from 'node:os';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import { PodlineError } from '../../src/errors.ts';
import { limitArrival } from './arrival.ts';
import type { Log } from './log.ts';

/** Headers that take longer to arrive are not of ours; bodies are looked at by arrival.ts. */
const HEADERS_MS = 10_000;
/** All of a request, over the slowest line that is still taken. */
const REQUEST_MS = 1_800_000;
/** Nothing comes and nothing goes. */
const SILENT_MS = 20_000;
const MOST_BODY = 64 * 1024;
/** Ids have up to 250 characters, each of up to 12 in an address. What they may be is said by the routes. */
const MOST_PARAM = 3_000;

export const PROBLEM_TYPE = 'application/problem+json';
const PROBLEM_HEADER = `${PROBLEM_TYPE}; charset=utf-8`;
/** Of requests that Node.js could not read; all others are 400. */
const REFUSALS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** `trustedProxy`: whose X-Forwarded-* are believed. */
export function makeServer(log: Log, trustedProxy: string | null = null): FastifyInstance {
  const server = fastify({
    trustProxy: trustedProxy ?? false,
    logger: false,
    requestTimeout: REQUEST_MS,
    connectionTimeout: SILENT_MS,
    http: { headersTimeout: HEADERS_MS },
    bodyLimit: MOST_BODY,
    routerOptions: { maxParamLength: MOST_PARAM },
    frameworkErrors: (_error, _request, reply) => void problem(reply, 400),
    clientErrorHandler: refuse,
  });
  server.addHook('onRequest', (_request, reply, done) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    done();
  });
  limitArrival(server, (reply) => void problem(reply, 408));
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return problem(reply, status);
    log.error({ error: String(error), path: request.routeOptions.url }, 'request failed');
    return problem(reply, 500);
  });
  return server;
}

/** What is no request of HTTP, or does not arrive: it never gets to a route, and its connection ends. */
function refuse({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const status = REFUSALS[code ?? ''] ?? 400;
  const body = words(status);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_HEADER}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
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
    .type(PROBLEM_HEADER)
    .send(words(status, detail, more));
}

function words(status: number, detail?: string, more: object = {}): string {
  const title = STATUS_CODES[status] ?? 'Error';
  return JSON.stringify({ type: 'about:blank', title, status, detail, ...more });
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
