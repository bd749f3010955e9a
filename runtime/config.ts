/**
 * The one reader of the environment. Every process of the runtime calls readConfig once at its start;
 * everything else gets values as arguments. `podline doctor` prints what it found, without secrets.
 * src/model/environment.ts lists the names.
 */
import os from 'node:os';
import path from 'node:path';
import { PodlineError } from '../src/errors.ts';
import { poolUrl, workerUrl } from '../src/model/databaseRoles.ts';
import type { EnvironmentName } from '../src/model/environment.ts';
import type { ClustersConfig } from './pods/clusterConfig.ts';
import type { TraceConfig } from './observe/traces/traceConfig.ts';
import type { AuthSettings } from './people/settings.ts';

export interface Config {
  /** Null: use the embedded database in `home`. */
  databaseUrl: string | null;
  /** PODLINE_DATABASE_URL itself is set: a webserver in the environment does not win over it. */
  isDatabaseNamed: boolean;
  /** Overrides the worker's connection string that follows from databaseUrl. */
  workerDatabaseUrl: string | null;
  /** Overrides the connection string of pools that follows from databaseUrl. */
  poolDatabaseUrl: string | null;
  /** Folder for embedded data, caches and the connections file. Default .podline in the current folder. */
  home: string;
  /** Attempts that the local executor, or a pool worker, runs at a time. Default 4 times the cores, at least 8. 0: none. */
  slots: number;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  /** Seconds that tasks get to end when the process is asked to stop. Default 10. */
  drainSeconds: number;
  host: string;
  /** A file that a pool worker keeps while it takes work, for the probes of a pod. */
  healthFile: string | null;
  /** Port of /healthz, /readyz and /metrics of a scheduler or pool worker. Null: it opens none. 0: any. */
  healthPort: number | null;
  /** Webserver that the CLI works through, and the API token for it. */
  server: string | null;
  token: string | null;
  /** Port of the webserver. Default 8080. 0: any. */
  port: number;
  /** Of one user, token or address, to the webserver. 0: no limit. */
  requestsPerMinute: number;
  /** Where people look at traces, with `{traceId}` in it. Null: runs have no link. */
  traceUrl: string | null;
  /** Executor of tasks that name none, for all processes on this database. Null: as it was. */
  defaultExecutor: string | null;
  /** Clusters that pods may be put in, read when they are asked for. Null: none. */
  clusters(): Promise<ClustersConfig | null>;
  /** How people sign in to the webserver, read when it is asked for. */
  auth(): Promise<AuthSettings>;
  /** Whether a scheduler sends traces, read when it is asked for. */
  traces(): Promise<TraceConfig>;
}

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const healthPort = text(env, 'PODLINE_HEALTH_PORT');
  return {
    databaseUrl: text(env, 'PODLINE_DATABASE_URL') ?? (env.DATABASE_URL || null),
    isDatabaseNamed: text(env, 'PODLINE_DATABASE_URL') !== null,
    workerDatabaseUrl: text(env, 'PODLINE_WORKER_DATABASE_URL'),
    poolDatabaseUrl: text(env, 'PODLINE_POOL_DATABASE_URL'),
    home: path.resolve(text(env, 'PODLINE_HOME') ?? '.podline'),
    slots: whole(env, 'PODLINE_SLOTS', Math.max(8, 4 * os.availableParallelism()), 0, 1000),
    logLevel: oneOf(env, 'PODLINE_LOG_LEVEL', LEVELS, 'info'),
    drainSeconds: whole(env, 'PODLINE_DRAIN_SECONDS', 10, 0, 86_400),
    host: env.HOSTNAME ?? os.hostname(),
    healthFile: text(env, 'PODLINE_HEALTH_FILE'),
    healthPort: healthPort === null ? null : whole(env, 'PODLINE_HEALTH_PORT', 0, 0, 65_535),
    server: text(env, 'PODLINE_SERVER'),
    token: text(env, 'PODLINE_API_TOKEN'),
    port: whole(env, 'PODLINE_PORT', 8080, 0, 65_535),
    requestsPerMinute: whole(env, 'PODLINE_REQUESTS_PER_MINUTE', 12_000, 0, 10_000_000),
    traceUrl: traceUrl(env, 'PODLINE_TRACE_URL'),
    defaultExecutor: executor(env, 'PODLINE_DEFAULT_EXECUTOR'),
    // Loaded only by those who ask: they read files.
    clusters: async () => (await import('./pods/clusterConfig.ts')).readClusters(env),
    auth: async () => (await import('./people/authConfig.ts')).readAuth(env),
    traces: async () => (await import('./observe/traces/traceConfig.ts')).readTraces(env),
  };
}

/** The connection string that workers get. */
export function workerDatabaseUrl(config: Config, databaseUrl: string): string {
  return config.workerDatabaseUrl ?? workerUrl(databaseUrl);
}

/** The connection string that the supervisor of a pool gets. */
export function poolDatabaseUrl(config: Config, databaseUrl: string): string {
  return config.poolDatabaseUrl ?? poolUrl(databaseUrl);
}

/** Null when it is not set. An empty one counts as not set: that is how manifests leave something out. */
function text(env: NodeJS.ProcessEnv, name: EnvironmentName): string | null {
  return env[name] || null;
}

function whole(
  env: NodeJS.ProcessEnv,
  name: EnvironmentName,
  otherwise: number,
  least: number,
  most: number,
): number {
  const given = text(env, name);
  if (given === null) return otherwise;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new PodlineError('config.bad_value', {
      name,
      value: JSON.stringify(given),
      reason: `it must be a whole number from ${least} to ${most}`,
    });
  }
  return value;
}

function traceUrl(env: NodeJS.ProcessEnv, name: EnvironmentName): string | null {
  const value = text(env, name);
  if (value !== null && !(isWebAddress(value) && value.includes('{traceId}'))) {
    const reason = 'it must be an http or https address with {traceId} in it';
    throw new PodlineError('config.bad_value', { name, value: JSON.stringify(value), reason });
  }
  return value;
}

function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

function executor(env: NodeJS.ProcessEnv, name: EnvironmentName): string | null {
  const value = text(env, name);
  if (value !== null && !/^(local|kubernetes|pool:[a-z0-9]([a-z0-9_-]*[a-z0-9])?)$/.test(value)) {
    const reason = 'it must be local, kubernetes or pool:NAME';
    throw new PodlineError('config.bad_value', { name, value: JSON.stringify(value), reason });
  }
  return value;
}

function oneOf<const T extends readonly string[]>(
  env: NodeJS.ProcessEnv,
  name: EnvironmentName,
  values: T,
  otherwise: T[number],
): T[number] {
  const given = text(env, name);
  if (given === null) return otherwise;
  if (!values.includes(given)) {
    throw new PodlineError('config.bad_value', {
      name,
      value: JSON.stringify(given),
      reason: `it must be one of ${values.join(', ')}`,
    });
  }
  return given;
}
