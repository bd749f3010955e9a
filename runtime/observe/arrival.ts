/**
 * How long the body of a request may take to arrive. Small ones come at once; an upload over a slow line may take minutes
 * as long as it goes on. Whoever is slower holds a connection and no more, and loses it: so a server cannot be filled
 * with requests that never end. Set on every server by httpServer.ts; routes with uploads say `slowBody`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** For a body that is no upload, and for the first look at one. */
export const BODY_MS = 10_000;
/** An upload is looked at that often, and so much must have come: 6.4 KiB/s, less than any line of today. */
const LOOK_MS = 10_000;
const LEAST_BYTES = 64 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** An upload: it may take its time, once the right to it was asked. */
    slowBody?: boolean;
  }
}

/** `refuse` answers; the connection ends with that. */
export function limitArrival(
  server: FastifyInstance,
  refuse: (reply: FastifyReply) => void,
  { bodyMs = BODY_MS, lookMs = LOOK_MS, leastBytes = LEAST_BYTES } = {},
): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();

  /** Calls `late` every `ms` until all has arrived. */
  function watch(request: FastifyRequest, ms: number, late: () => void): void {
    clearTimeout(timers.get(request));
    const { raw } = request;
    const look = () => {
      if (raw.complete || raw.destroyed) return;
      late();
    };
    timers.set(request, setTimeout(look, ms).unref());
  }

  function end(reply: FastifyReply): void {
    const { socket } = reply.request.raw;
    if (reply.sent) {
      socket.destroy();
      return;
    }
    void reply.header('connection', 'close');
    refuse(reply);
  }

  // Of every request, also of those that are refused before their body is read.
  server.addHook('onRequest', (request, reply, done) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length !== '0' || encoding !== undefined) watch(request, bodyMs, () => end(reply));
    done();
  });

  // Behind all that asks who it is and what they may do.
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (request.routeOptions.config.slowBody) {
      const { socket } = request.raw;
      let seen = socket.bytesRead;
      const go = () => {
        if (socket.bytesRead - seen < leastBytes) {
          end(reply);
          return;
        }
        seen = socket.bytesRead;
        watch(request, lookMs, go);
      };
      watch(request, lookMs, go);
    }
    done(null, payload);
  });
}
