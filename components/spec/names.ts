/**
 * Names that components and pods agree on: the runtime looks for them, so they never change. Everything else is
 * named by the engine, with an ending of its own, and rolls out side by side.
 */

/** Package part of the type tokens. */
const PACKAGE = 'podline';

/** Type token of a component: `podline:index:Scheduler`. */
export function typeOf(component: string): string {
  return `${PACKAGE}:index:${component}`;
}

/** Secret in each namespace of tasks whose key `url` is the connection string of workers. */
export const WORKER_DATABASE_SECRET = 'podline-worker-database';
/** Service account of tasks that launch pods themselves. */
export const LAUNCHER_ACCOUNT = 'podline-launcher';

/** Keys of the Secret of the database in the namespace of the control plane. */
export const DATABASE_KEYS = { url: 'url', worker: 'worker-url', pool: 'pool-url' } as const;

/** Port of health, readiness and metrics of every long-lived process. */
export const HEALTH_PORT = 8080;
export const HEALTH_PORT_NAME = 'http';

/** User and group of the runtime image. */
export const RUNTIME_USER = 10_001;

/** Where the scheduler finds its clusters, and the kubeconfig of each one by name. */
export const CLUSTERS_FOLDER = '/etc/podline';
export const CLUSTERS_FILE = 'clusters.json';
export const KUBECONFIG_FOLDER = '/etc/podline-kubeconfigs';

/** What every process of the runtime is told: its image can write nowhere but in /tmp. */
export const RUNTIME_ENV = { HOME: '/tmp', PODLINE_HOME: '/tmp/podline' } as const;
