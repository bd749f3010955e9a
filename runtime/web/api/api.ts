/** The API of the webserver below /api/v1: one file a resource, JSON, errors as problem+json. */
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../database/pool.ts';
import { serveHealth } from './health.ts';

export interface ApiContext {
  database: Database;
}

export function serveApi(server: FastifyInstance, context: ApiContext): void {
  server.register(
    (api, _options, done) => {
      serveHealth(api, context);
      done();
    },
    { prefix: '/api/v1' },
  );
}
