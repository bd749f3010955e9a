/**
 * GET /api/v1/health: whether the installation as a whole works, for people and monitors. Always 200; `status` says it.
 * Names no hosts, because nobody has logged in. The database is asked at most once a second.
 */
import type { FastifyInstance } from 'fastify';
import { checkVersion, latestVersion } from '../../database/migrate.ts';
import type { Database } from '../../database/pool.ts';
import { type Health, readHealth } from '../../database/queries/readHealth.ts';
import { databaseTrouble } from '../../observe/databaseTrouble.ts';
import { remember } from '../../observe/remember.ts';
import { VERSION } from '../../version.ts';
import { type ApiContext, route } from './route.ts';
import { HealthAnswer } from './schema/health.ts';

const ASK_EVERY_MS = 1_000;

type Status = 'healthy' | 'unhealthy';

export function serveHealth(api: FastifyInstance, context: ApiContext): void {
  const ask = remember(ASK_EVERY_MS, () => askHealth(context.database));
  route(api, context, {
    method: 'GET',
    path: '/health',
    id: 'getHealth',
    summary: 'Whether the installation works',
    tag: 'Platform',
    right: 'public',
    unlimited: true,
    answer: HealthAnswer,
    handle: () => ask(),
  });
}

async function askHealth(database: Database): Promise<HealthAnswer> {
  try {
    await checkVersion(database);
    return healthAnswer(await readHealth(database), await latestVersion());
  } catch (error) {
    const database = { status: 'unhealthy', reason: databaseTrouble(error) } as const;
    return { status: 'unhealthy', version: VERSION, database };
  }
}

export function healthAnswer(health: Health, schema: string): HealthAnswer {
  const schedulers = health.workers.filter(({ kind }) => kind === 'scheduler');
  const processes = new Set(schedulers.map(({ host, pid }) => `${pid}@${host}`));
  const status: Status = processes.size > 0 ? 'healthy' : 'unhealthy';
  const beats = schedulers.map(({ heartbeatAt }) => new Date(heartbeatAt).toISOString()).sort();
  const versions = new Set(schedulers.flatMap(({ version }) => version ?? []));
  const executors = new Map<string, { workers: number; slots: number }>();
  for (const { executors: names, slots } of health.workers) {
    for (const name of names) {
      const sum = executors.get(name) ?? { workers: 0, slots: 0 };
      executors.set(name, { workers: sum.workers + 1, slots: sum.slots + slots });
    }
  }
  return {
    status,
    version: VERSION,
    database: { status: 'healthy', schema },
    schedulers: {
      status,
      alive: processes.size,
      latestHeartbeat: beats.at(-1) ?? null,
      versions: [...versions].sort(),
    },
    executors: [...executors]
      .map(([name, sums]) => ({ name, ...sums }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    troubles: { buildErrors: health.buildErrors, scheduleErrors: health.scheduleErrors },
  };
}
