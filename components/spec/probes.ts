/**
 * Probes over HTTP, answered by the main process itself. Liveness is the age of its loop and never asks the
 * database: a database that is away must not restart what waits for it. Readiness asks for database and schema.
 */
import { HEALTH_PORT, HEALTH_PORT_NAME } from './names.ts';

export function httpProbes() {
  const get = (path: string) => ({ path, port: HEALTH_PORT_NAME });
  return {
    // 60 s until it answers; only then the others begin.
    startupProbe: { httpGet: get('/healthz'), periodSeconds: 2, failureThreshold: 30 },
    livenessProbe: {
      httpGet: get('/healthz'),
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    readinessProbe: { httpGet: get('/readyz'), periodSeconds: 5, timeoutSeconds: 5 },
  };
}

export function httpPort() {
  return { name: HEALTH_PORT_NAME, containerPort: HEALTH_PORT, protocol: 'TCP' };
}
