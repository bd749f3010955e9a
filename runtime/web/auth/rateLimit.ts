/**
 * How often one may ask: each user, each token, and each address of those who are nobody. Far above what people do, it stops
 * programs that ask in a loop before they take the database from all others. Counted in memory, by each webserver for
 * itself. Asked by the door (guard.ts), which knows who it is.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { network } from './throttle.ts';

const MINUTE_MS = 60_000;
/** Who is nobody needs a few requests to become somebody. */
const NOBODYS_PART = 10;
/** The busiest; those that are forgotten begin anew. */
const MOST_REMEMBERED = 20_000;

/** Counts a request of `request.identity`, says how many are left, or throws `request.too_many`. */
export type Limiter = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** `perMinute` 0: no limit. */
export function limitRequests(server: FastifyInstance, perMinute: number): Limiter {
  if (perMinute === 0) return () => Promise.resolve();
  const most = ({ identity }: FastifyRequest) =>
    identity ? perMinute : Math.max(1, Math.ceil(perMinute / NOBODYS_PART));
  void server.register(rateLimit, {
    // Where it is asked, and not for files and probes.
    global: false,
    max: most,
    timeWindow: MINUTE_MS,
    cache: MOST_REMEMBERED,
    enableDraftSpec: true,
    keyGenerator: keyOf,
    errorResponseBuilder: (request, { ttl }) =>
      new PodlineError('request.too_many', {
        most: `${most(request)} a minute`,
        seconds: Math.ceil(ttl / 1000),
      }),
  });
  let limit: ReturnType<FastifyInstance['rateLimit']>;
  void server.after(() => {
    limit = server.rateLimit();
  });
  return async (request, reply) => {
    await limit.call(server, request, reply);
  };
}

function keyOf({ identity, ip }: FastifyRequest): string {
  if (!identity) return `address ${network(ip)}`;
  return `${identity.kind} ${identity.userId ?? ''} ${identity.name}`;
}
