/** `podline scheduler`: one scheduler, with a local executor or without, until SIGTERM or Ctrl-C. Its log is JSON on stderr. */
import { buildFolder } from '../build/buildFolder.ts';
import type { Config } from '../config.ts';
import { checkVersion } from '../database/migrate.ts';
import type { OpenDatabase } from '../database/openDatabase.ts';
import { startEngine } from '../engine.ts';
import type { HealthServer } from '../observe/healthServer.ts';
import { type Log, openLog } from '../observe/log.ts';
import type { LoopMeter } from '../observe/meter.ts';
import type { SpanMeter } from '../observe/traces/traceSender.ts';
import { registerDags } from '../register/registerDags.ts';
import { printBuildErrors } from './buildErrors.ts';
import { deliverer } from './engineParts.ts';
import { EXIT } from './exit.ts';
import { openHealth, untilStopped, whenThere } from './health.ts';
import { checkFolder } from './input.ts';
import type { Session } from './session.ts';

interface Options {
  slots?: number;
  local: boolean;
  dags?: string;
}

export async function scheduler(
  session: Session,
  _args: readonly [],
  options: Options,
): Promise<number> {
  const signal = session.stopSignal();
  const slots = options.local ? (options.slots ?? session.config.slots) : 0;
  const config = { ...session.config, slots };
  const log = openLog(config.logLevel);
  if (options.dags !== undefined) await checkFolder(options.dags);
  const health = await openHealth(config.healthPort, { kind: 'scheduler', log });
  try {
    const database = await whenThere(health, signal, log, () => session.open());
    if (!database) return EXIT.ok;
    if (options.dags !== undefined) {
      const registering = register(session, database, options.dags, log);
      await (health?.during(registering) ?? registering);
    }
    await run(config, database, signal, log, health);
    return EXIT.ok;
  } finally {
    await health?.close();
  }
}

async function run(
  config: Config,
  database: OpenDatabase,
  signal: AbortSignal,
  log: Log,
  health: HealthServer | undefined,
): Promise<void> {
  const meter = health && (await measure(health, database));
  const { on } = await config.traces();
  const spanMeter = health && on ? await measureSpans(health) : undefined;
  const deliver = deliverer(config);
  const engine = await startEngine({ config, database, deliver, log, meter, spanMeter });
  if (health && (await config.clusters())) {
    const { clusterMetrics } = await import('../observe/clusterMetrics.ts');
    clusterMetrics(health.metrics, () => engine.clusterFigures());
  }
  const probed = health?.database(database.url);
  if (probed) health?.readiness.started(() => checkVersion(probed));
  log.info({ slots: config.slots, host: config.host, pid: process.pid }, 'scheduler started');
  await untilStopped(signal);
  health?.readiness.stopping();
  log.info({ drainSeconds: config.drainSeconds }, 'scheduler stopping');
  await engine.stop();
  log.info({}, 'scheduler stopped');
}

async function measure(health: HealthServer, { url }: OpenDatabase): Promise<LoopMeter> {
  const { loadMetrics } = await import('../observe/loadMetrics.ts');
  const { schedulerMetrics } = await import('../observe/schedulerMetrics.ts');
  loadMetrics(health.metrics, health.database(url));
  return schedulerMetrics(health.metrics, health.heartbeat);
}

async function measureSpans({ metrics }: HealthServer): Promise<SpanMeter> {
  const { traceMetrics } = await import('../observe/traces/traceMetrics.ts');
  return traceMetrics(metrics);
}

async function register(
  session: Session,
  database: OpenDatabase,
  folder: string,
  log: Log,
): Promise<void> {
  const build = await buildFolder(folder);
  const { dags, refused, removed } = await registerDags(database.pool, build);
  printBuildErrors(session.output, build.errors);
  for (const { dagId, error } of refused) session.output.warn(`${dagId}: ${error.problem}`);
  const counts = { dags: dags.length, errors: build.errors.length, removed: removed.length };
  log.info(counts, 'DAGs registered');
}
