/**
 * The three questions that every process answers: GET /healthz (is it alive; a "no" means: start it again), GET /readyz
 * (should it get work), GET /metrics. Served by healthServer.ts beside a scheduler or worker, and by the webserver.
 */
import type { FastifyInstance } from 'fastify';
import { type Database, openPool } from '../database/pool.ts';
import { problem } from './httpServer.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** For probes and metrics: who asks has given up after that. */
const PATIENCE_MS = 3_000;

/** A connection of their own, so that they never wait for what the process is at. */
export function openProbePool(url: string): Database {
  const applicationName = 'podline-health';
  return openPool(url, { max: 1, applicationName, hot: true, patienceMs: PATIENCE_MS });
}

export interface Probes {
  /** What is wrong; null when it is alive. Never asks the database: its restart must not end processes. */
  alive(): Promise<string | null> | string | null;
  readiness: Readiness;
  metrics: Metrics;
}

export function serveProbes(server: FastifyInstance, { alive, readiness, metrics }: Probes): void {
  server.get('/healthz', async (_request, reply) => {
    const wrong = await alive();
    return wrong === null ? { status: 'alive' } : problem(reply, 503, wrong);
  });
  server.get('/readyz', async (_request, reply) => {
    const wrong = await readiness.problem();
    return wrong === null ? { status: 'ready' } : problem(reply, 503, wrong);
  });
  server.get('/metrics', async (_request, reply) => {
    const text = await metrics.text();
    return reply.type(metrics.contentType).send(text);
  });
}
