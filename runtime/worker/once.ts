/**
 * Main of a process that runs exactly one attempt, as in a pod: who it is comes from the environment
 * and from files, everything else from the claim. `runOnce` returns the exit code of the process.
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Connections, CONNECTION_PREFIX } from '../connections/connections.ts';
import { PodlineError } from '../../src/errors.ts';
import { runAttempt } from './attempt.ts';
import { BundleCache } from './bundleCache.ts';
import { killAllGroups } from './process.ts';
import { SqlReportClient } from './report.ts';
import { Stop } from './stop.ts';

/** Exit codes: the work is recorded (whatever its outcome), refused, or could not be recorded. */
export const EXIT = { recorded: 0, refused: 5, failed: 4 } as const;

export interface OnceOptions {
  graceSeconds?: number;
  graceMs?: number;
}

export async function runOnce(
  env: Record<string, string | undefined>,
  options: OnceOptions = {},
): Promise<number> {
  const attemptId = Number(required(env, 'PODLINE_ATTEMPT'));
  const token = await secretOf(env, 'PODLINE_TOKEN');
  const url = await secretOf(env, 'PODLINE_WORKER_DATABASE_URL');
  const leaseSeconds = Number(env.PODLINE_LEASE_SECONDS ?? 300);
  const connections = new Connections(env, env.PODLINE_CONNECTIONS);
  for (const name of Object.keys(process.env)) {
    if (name.startsWith(CONNECTION_PREFIX) || SECRETS.test(name)) delete process.env[name];
  }
  const report = new SqlReportClient({ url, leaseSeconds, graceMs: options.graceMs });
  const stop = new Stop();
  const interrupt = (): void => stop.request('interrupted', options.graceSeconds);
  process.on('SIGTERM', interrupt);
  process.on('SIGINT', interrupt);
  // The connection does not hold the process; this does.
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    const end = await runAttempt(
      attemptId,
      Buffer.from(token, 'hex'),
      {
        report,
        connections,
        bundles: new BundleCache(env.PODLINE_BUNDLES ?? path.join(os.tmpdir(), 'podline-bundles')),
        projectFolder: env.PODLINE_PROJECT ?? process.cwd(),
        host: env.PODLINE_HOST ?? os.hostname(),
        leaseSeconds,
      },
      stop,
    );
    if (end.reply === 'refused') return EXIT.refused;
    return end.reply === 'failed' ? EXIT.failed : EXIT.recorded;
  } catch (error) {
    console.error(`podline: attempt ${attemptId} could not be claimed:`, error);
    return EXIT.failed;
  } finally {
    process.off('SIGTERM', interrupt);
    process.off('SIGINT', interrupt);
    killAllGroups();
    await report.close();
    clearInterval(alive);
  }
}

const SECRETS = /^(DATABASE_URL|PGPASSWORD|PODLINE_TOKEN|PODLINE_WORKER_DATABASE_URL)/;

function required(env: Record<string, string | undefined>, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new PodlineError('config.bad_value', { name, value: 'not set', reason: 'it is needed' });
}

/** NAME itself, or the contents of the file that NAME_FILE names. */
async function secretOf(env: Record<string, string | undefined>, name: string): Promise<string> {
  const file = env[`${name}_FILE`];
  return file === undefined ? required(env, name) : (await readFile(file, 'utf8')).trim();
}
