/**
 * The webserver: probes like every process, and the API below /api/v1. It only looks: a database that is away makes it
 * not ready, and never ends it. Started by `podline web`; any number may run.
 */
import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Connections } from '../connections/connections.ts';
import { checkVersion } from '../database/migrate.ts';
import { type Database, openPool } from '../database/pool.ts';
import { listen, makeServer } from '../observe/httpServer.ts';
import { loadMetrics } from '../observe/loadMetrics.ts';
import type { Log } from '../observe/log.ts';
import { Metrics } from '../observe/metrics.ts';
import { openProbePool, serveProbes } from '../observe/probes.ts';
import { Readiness } from '../observe/readiness.ts';
import type { Identity } from '../../src/model/access.ts';
import { serveApi } from './api/api.ts';
import { Auth } from './auth/auth.ts';
import { type DeclaredRoute, guard } from './auth/guard.ts';
import { sendHeaders } from './auth/headers.ts';
import { limitRequests } from './auth/rateLimit.ts';
import { type AuthSettings, NO_AUTH_SETTINGS } from '../people/settings.ts';
import { servePages } from './pages.ts';

export interface WebServerOptions {
  /** Connection string of the owner. */
  url: string;
  /** 0: any that is free. */
  port: number;
  /** Default: all addresses. */
  host?: string;
  log: Log;
  /** Whose names are told. */
  connections?: Connections;
  /** Where people look at traces, with `{traceId}` in it. */
  traceUrl?: string;
  /** How people sign in. */
  auth?: AuthSettings;
  /** Requests of one user, token or address; 0: no limit. Default 0. */
  requestsPerMinute?: number;
  /** Instead of signing in, for a server that only this machine reaches: who asks; null: nobody. */
  identify?: (request: FastifyRequest) => Promise<Identity | null>;
}

/** A person who looks has given up after that. */
const PATIENCE_MS = 5_000;

export class WebServer {
  readonly port: number;
  /** All that there are, with what they ask for. */
  readonly routes: readonly DeclaredRoute[];
  readonly #server: FastifyInstance;
  readonly #readiness: Readiness;
  readonly #databases: Database[];

  private constructor(
    port: number,
    routes: readonly DeclaredRoute[],
    server: FastifyInstance,
    readiness: Readiness,
    databases: Database[],
  ) {
    this.port = port;
    this.routes = routes;
    this.#server = server;
    this.#readiness = readiness;
    this.#databases = databases;
  }

  static async open(options: WebServerOptions): Promise<WebServer> {
    const { url, port, host, log, identify } = options;
    const settings = options.auth ?? NO_AUTH_SETTINGS;
    const probed = openProbePool(url);
    const database = openPool(url, {
      max: 4,
      applicationName: 'podline-web',
      looking: true,
      patienceMs: PATIENCE_MS,
    });
    const auth = new Auth(database, settings, log);
    const server = makeServer(log, settings.trustedProxy);
    sendHeaders(server, settings.publicUrl);
    void server.register(fastifyCookie);
    const routes = guard(server, {
      limit: limitRequests(server, options.requestsPerMinute ?? 0),
      database,
      log,
      publicUrl: settings.publicUrl,
      know: identify
        ? async (request) => {
            const identity = await identify(request);
            return identity && { identity, byCookie: false };
          }
        : (request) => auth.know(request),
    });
    const readiness = new Readiness();
    readiness.started(() => checkVersion(probed));
    const metrics = new Metrics('web', log);
    loadMetrics(metrics, probed);
    // It has no loop that could stand still: who gets an answer at all has it.
    serveProbes(server, { alive: () => null, readiness, metrics });
    const { connections, traceUrl } = options;
    serveApi(server, { database, auth, connections, traceUrl }, log);
    servePages(server);
    const databases = [probed, database];
    try {
      const opened = await listen(server, port, 'PODLINE_PORT', host);
      return new WebServer(opened, routes, server, readiness, databases);
    } catch (error) {
      await close(databases);
      throw error;
    }
  }

  /** Not ready any more; it goes on answering, because load balancers take a moment to hear of it. */
  stopping(): void {
    this.#readiness.stopping();
  }

  /** What is being answered comes to its end. */
  async close(): Promise<void> {
    await this.#server.close();
    await close(this.#databases);
  }
}

async function close(databases: Database[]): Promise<void> {
  await Promise.all(databases.map((database) => database.end()));
}
