/**
 * The door: before any handler runs, and before a body is read, says who asks and refuses what comes from other sites.
 * What is open to everybody is written down, here and by `right: 'public'` of a route; everything else wants somebody. A
 * route that says nothing keeps the webserver from starting.
 */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import type { Database } from '../../database/pool.ts';
import type { Log } from '../../observe/log.ts';
import type { Identity } from '../../../src/model/access.ts';
import type { RouteRight } from '../api/route.ts';
import { auditDenials } from './denials.ts';
import type { Known } from './identify.ts';
import type { Limiter } from './rateLimit.ts';
import { checkLocalHost, checkOrigin, isChange } from './origin.ts';

/** Beside the API: probes, and the built pages, which hold nothing of anybody. */
const OPEN_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

export interface DeclaredRoute {
  method: string;
  url: string;
  /** `page`: a file that Vite built. */
  right: RouteRight | 'probe' | 'page';
}

export interface Guarded {
  database: Database;
  log: Log;
  publicUrl: URL | null;
  know(request: FastifyRequest): Promise<Known | null>;
  limit: Limiter;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Files of the pages. */
    page?: boolean;
    /** Asked by monitors, as often as they like. */
    unlimited?: boolean;
  }
  interface FastifyRequest {
    /** For streams: whether who asked is still somebody, and what they may do by now. */
    identifyAgain(): Promise<Identity | null>;
  }
}

/** Returns the list of all routes, which is there when the server is ready. */
export function guard(server: FastifyInstance, options: Guarded): DeclaredRoute[] {
  const { publicUrl, know, limit } = options;
  const routes: DeclaredRoute[] = [];
  const declared: RouteOptions[] = [];
  server.addHook('onRoute', (route) => void declared.push(route));
  // Only then has everybody said all of it.
  server.addHook('onReady', (done) => {
    for (const route of declared) {
      const right = rightOf(route);
      for (const method of [route.method].flat()) routes.push({ method, url: route.url, right });
    }
    done();
  });
  server.decorateRequest('identity', null);
  server.decorateRequest('dag', undefined);
  server.decorateRequest('identifyAgain', async function (this: FastifyRequest) {
    return (await know(this))?.identity ?? null;
  });
  server.addHook('onRequest', async (request, reply) => {
    const { config } = request.routeOptions;
    // Nothing there, a probe or a file: whoever asks gets the same.
    if (request.is404 || config.page || OPEN_PATHS.has(request.routeOptions.url ?? '')) return;
    if (config.right === 'public') {
      if (!config.unlimited) await limit(request, reply);
      // Signing in is a change, too: nobody shall be signed in as somebody else by another site.
      if (isChange(request)) checkOrigin(request, publicUrl, true);
      return;
    }
    const known = await know(request);
    request.identity = known?.identity ?? null;
    await limit(request, reply);
    if (!known) throw new PodlineError('auth.needed', {});
    if (known.identity.kind === 'local') checkLocalHost(request);
    if (isChange(request) && known.identity.kind !== 'token') {
      checkOrigin(request, publicUrl, known.byCookie);
    }
  });
  auditDenials(server, options);
  return routes;
}

function rightOf({ url, config }: RouteOptions): DeclaredRoute['right'] {
  if (OPEN_PATHS.has(url)) return 'probe';
  if (config?.page) return 'page';
  if (config?.right === undefined) throw new Error(`the route ${url} says no right`);
  return config.right;
}
