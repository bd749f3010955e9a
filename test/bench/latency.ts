/**
 * What a task costs on the local executor and on a warm worker: a chain of 40 tiny tasks, per task; from trigger to the
 * first task at work; what an idle scheduler and an idle warm worker ask of the database. Baseline: the same
 * process spawned bare.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../runtime/config.ts';
import { poolUrl } from '../../src/model/databaseRoles.ts';
import { startEngine } from '../../runtime/engine.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { type Figure, figure, median, quantile } from './figure.ts';
import { allEnded, type Host, openHost, registerFolder, trigger } from './host.ts';

const LENGTH = 40;

const POOL = 'bench';

const DAGS = `
import { bash, dag, typescript } from 'podline/dag';
import type { Task } from 'podline/dag';

const chain = (id: string, executor: string, work: (i: number) => Parameters<typeof bash>[0] | number) =>
  dag(id, { defaults: { executor } }, (d) => {
    let last: Task | undefined;
    for (let i = 0; i < ${LENGTH}; i++) {
      const what = work(i);
      const operator = typeof what === 'number' ? typescript({ inputs: {}, run: () => what }) : bash(what);
      last = d.task('t' + i, operator, last ? { after: last } : {});
    }
  });

export const typescriptChain = chain('typescript-chain', 'local', (i) => i);
export const bashChain = chain('bash-chain', 'local', () => ({ script: 'true' }));
export const typescriptPool = chain('typescript-chain-pool', 'pool:${POOL}', (i) => i);
export const bashPool = chain('bash-chain-pool', 'pool:${POOL}', () => ({ script: 'true' }));
export const single = dag('single', { maxActiveRuns: 1000 }, (d) => {
  d.task('only', bash({ script: 'true' }));
});
`;

export async function bare(program: string, args: string[], times: number): Promise<number> {
  const durations: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    await once(spawn(program, args, { stdio: 'ignore' }), 'exit');
    durations.push(performance.now() - started);
  }
  return median(durations);
}

/** Milliseconds from one task's start of code to the next one's, over all runs. */
async function steps(host: Host, dagId: string): Promise<number[]> {
  const { rows } = await host.database.query<{ step: number | null }>(
    `SELECT (extract(epoch FROM a.claimed_at - lag(a.claimed_at) OVER (PARTITION BY a.run_id ORDER BY a.claimed_at)) * 1000)::float8 AS step
       FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.dag_id = $1 AND r.note IS NULL`,
    [dagId],
  );
  return rows.flatMap(({ step }) => (step === null ? [] : [step]));
}

export async function latency(short: boolean): Promise<Figure[]> {
  const rounds = short ? 3 : 10;
  const host = await openHost();
  const figures: Figure[] = [];
  const config = {
    ...readConfig({}),
    databaseUrl: host.server.url,
    home: path.join(host.folder, 'home'),
    slots: 8,
  };
  const database = {
    url: host.server.url,
    pool: host.database,
    embedded: null,
    close: () => Promise.resolve(),
  };
  const engine = await startEngine({
    config,
    database,
    deliver: () => Promise.resolve(),
    log: openLog('warn'),
  });
  try {
    await registerFolder(host, DAGS);
    const worker = await startWorker(host);
    try {
      figures.push(
        ...(await chains(host, 'typescript-chain', 15, rounds, process.execPath, ['-e', '0'])),
        ...(await chains(host, 'bash-chain', 30, rounds, 'bash', ['-c', 'true'])),
      );
      figures.push(await idleWorker(host, short ? 10 : 30));
    } finally {
      worker.kill('SIGTERM');
      await once(worker, 'exit');
    }
    figures.push(await triggerToFirstTask(host, short ? 10 : 30));
    figures.push(await idleQueries(host, short ? 10 : 30));
  } finally {
    await engine.stop();
    await host.close();
  }
  return figures;
}

/** The same chain on both, turn by turn, so that a busy machine is busy for both. */
async function chains(
  host: Host,
  chain: string,
  budget: number,
  rounds: number,
  program: string,
  args: string[],
): Promise<Figure[]> {
  const perTask = new Map<string, number[]>([
    [chain, []],
    [`${chain}-pool`, []],
  ]);
  for (const dagId of perTask.keys()) {
    await trigger(host, dagId);
    await allEnded(host);
    await host.database.query(`UPDATE podline.run SET note = 'warm-up' WHERE dag_id = $1`, [dagId]);
  }
  for (let i = 0; i < rounds; i++) {
    for (const [dagId, durations] of perTask) {
      const started = performance.now();
      await trigger(host, dagId);
      await allEnded(host);
      durations.push((performance.now() - started) / LENGTH);
    }
  }
  const floor = await bare(program, args, 20);
  const note = `spawning the same process bare (${path.basename(program)})`;
  const figures: Figure[] = [];
  for (const [dagId, durations] of perTask) {
    const all = await steps(host, dagId);
    figures.push(
      figure(`${dagId}, per task`, median(durations), 'ms', floor, note, { most: budget }),
      figure(`${dagId}, step p50`, median(all), 'ms', floor, note),
      figure(`${dagId}, step p99`, quantile(all, 0.99), 'ms', floor, note),
    );
  }
  return figures;
}

/** `podline worker` as users start it, in a process of its own. Its calls of functions are counted. */
async function startWorker(host: Host): Promise<ChildProcess> {
  const role = decodeURIComponent(new URL(poolUrl(host.server.url)).username);
  await host.database.query(`ALTER ROLE "${role}" SET track_functions = 'pl'`);
  const main = path.join(import.meta.dirname, '../../runtime/main.ts');
  const worker = spawn(
    process.execPath,
    ['--conditions=podline-source', main, 'worker', '--pool', POOL, '--slots', '8'],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        PODLINE_DATABASE_URL: host.server.url,
        PODLINE_HOME: path.join(host.folder, 'pool-home'),
        PODLINE_LOG_LEVEL: 'warn',
      },
    },
  );
  for (;;) {
    const { rowCount } = await host.database.query(
      `SELECT FROM podline.worker WHERE kind = 'pool'`,
    );
    if (rowCount) return worker;
    if (worker.exitCode !== null) throw new Error('the worker did not start');
    await sleep(50);
  }
}

/** Calls of the functions of schema `pool`: those of the scheduler beside it do not count. */
async function idleWorker(host: Host, seconds: number): Promise<Figure> {
  const calls = async () => {
    const { rows } = await host.database.query<{ n: number }>(
      `SELECT coalesce(sum(calls), 0)::float8 AS n FROM pg_stat_user_functions WHERE schemaname = 'pool'`,
    );
    return rows[0]?.n ?? 0;
  };
  await sleep(12_000);
  const before = await calls();
  if (before === 0) throw new Error('the calls of the worker are not counted');
  await sleep(seconds * 1000);
  const note = 'beat and poll in one';
  return figure('idle warm worker', ((await calls()) - before) / seconds, 'queries/s', null, note, {
    most: 0.6,
  });
}

async function triggerToFirstTask(host: Host, times: number): Promise<Figure> {
  for (let i = 0; i < times; i++) {
    // The scheduler is to be asleep, as it is when a person or another system triggers a run.
    await sleep(100);
    await trigger(host, 'single');
    await allEnded(host);
  }
  const { rows } = await host.database.query<{ ms: number }>(
    `SELECT (extract(epoch FROM a.claimed_at - r.created_at) * 1000)::float8 AS ms
       FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.dag_id = 'single'`,
  );
  const floor = await bare('bash', ['-c', 'true'], 20);
  return figure(
    'trigger to first task at work, p50',
    median(rows.map(({ ms }) => ms)),
    'ms',
    floor,
    'spawning bash bare',
  );
}

async function idleQueries(host: Host, seconds: number): Promise<Figure> {
  const transactions = async () => {
    const { rows } = await host.database.query<{ n: number }>(
      'SELECT (xact_commit + xact_rollback)::float8 AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]?.n ?? 0;
  };
  // An idle session hands in its statistics after 10 s.
  await sleep(12_000);
  const before = await transactions();
  await sleep(seconds * 1000);
  const made = (await transactions()) - before - 1;
  return figure('idle scheduler', made / seconds, 'queries/s', null, 'all sessions together', {
    most: 1,
  });
}
