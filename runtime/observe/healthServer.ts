/**
 * Health endpoints beside a scheduler or a worker: /healthz, /readyz, /metrics on PODLINE_HEALTH_PORT, nothing else.
 * Loaded only where the variable is set. It opens before everything else, so that a pod which waits for its database is
 * alive and not ready, and closes last.
 */
import type { Database } from '../database/pool.ts';
import { Heartbeat } from './heartbeat.ts';
import { listen, makeServer, problem } from './httpServer.ts';
import type { Log } from './log.ts';
import { Metrics, type ProcessKind } from './metrics.ts';
import { openProbePool, type Probes, serveProbes } from './probes.ts';
import { Readiness } from './readiness.ts';

export interface HealthServerOptions {
  kind: ProcessKind;
  port: number;
  log: Log;
  /** Default: the heartbeat is younger than SILENCE_SECONDS. */
  alive?: (health: HealthServer) => ReturnType<Probes['alive']>;
}

/**
 * A loop waits 25 s at most for a database that does not answer, but as long as a migration locks its tables. Longer
 * silence is a connection that died without a word, or a bug: both end with a new process.
 */
const SILENCE_SECONDS = 120;

export class HealthServer {
  readonly heartbeat = new Heartbeat(SILENCE_SECONDS);
  readonly readiness = new Readiness();
  readonly metrics: Metrics;
  readonly #server: ReturnType<typeof makeServer>;
  #database: Database | undefined;

  private constructor({ kind, log, alive }: HealthServerOptions) {
    this.metrics = new Metrics(kind, log);
    this.#server = makeServer(log);
    this.#server.setNotFoundHandler((_request, reply) => problem(reply, 404));
    serveProbes(this.#server, {
      alive: () => (alive ? alive(this) : this.heartbeat.problem()),
      readiness: this.readiness,
      metrics: this.metrics,
    });
  }

  static async open(options: HealthServerOptions): Promise<HealthServer> {
    const health = new HealthServer(options);
    const port = await listen(health.#server, options.port, 'PODLINE_HEALTH_PORT');
    options.log.info({ port }, 'health endpoints open');
    return health;
  }

  /** For its questions alone. */
  database(url: string): Database {
    return (this.#database ??= openProbePool(url));
  }

  /** For work before the loop that ends by itself, however long it takes. */
  async during<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      this.heartbeat.beat();
    }, 1_000);
    return work.finally(() => {
      clearInterval(timer);
    });
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.#database?.end();
  }
}
