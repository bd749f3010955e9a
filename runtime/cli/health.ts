/**
 * Health endpoints of the commands that go on, where PODLINE_HEALTH_PORT asks for them; what they need is loaded only
 * then. With them a command waits for its database, and for its migration, instead of ending: whoever probes is told why.
 */
import { PodlineError } from '../../src/errors.ts';
import { isTransient } from '../database/pool.ts';
import { databaseTrouble } from '../observe/databaseTrouble.ts';
import type { HealthServer, HealthServerOptions } from '../observe/healthServer.ts';
import type { Log } from '../observe/log.ts';
import { pause } from '../pause.ts';

export async function openHealth(
  port: number | null,
  options: Omit<HealthServerOptions, 'port'>,
): Promise<HealthServer | undefined> {
  if (port === null) return undefined;
  const { HealthServer } = await import('../observe/healthServer.ts');
  return HealthServer.open({ ...options, port });
}

const MOST_MS = 5_000;

/** Undefined when it was asked to stop before the database was there. */
export async function whenThere<T>(
  health: HealthServer | undefined,
  signal: AbortSignal,
  log: Log,
  open: () => Promise<T>,
): Promise<T | undefined> {
  for (let delay = 500; !signal.aborted; delay = Math.min(MOST_MS, delay * 2)) {
    try {
      return await open();
    } catch (error) {
      if (!health || !isAway(error)) throw error;
      const reason = error instanceof PodlineError ? error.problem : String(error);
      log.warn({ error: reason, retryMs: delay }, 'database not available');
      health.readiness.waiting(databaseTrouble(error));
      health.heartbeat.beat();
      await pause(delay, signal);
    }
  }
  return undefined;
}

function isAway(error: unknown): boolean {
  if (!(error instanceof PodlineError)) return isTransient(error);
  // A migration is on its way; a schema that is too new will not get older.
  return error.code === 'database.unreachable' || error.code === 'database.not_migrated';
}

/** Resolves at the first Ctrl-C or SIGTERM. */
export function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
