/**
 * What a task costs on the local executor: a chain of 40 tiny tasks, per task; from trigger to the first task
 * at work; what an idle scheduler asks of the database. Baseline: the same process spawned bare.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../runtime/config.ts';
import { startEngine } from '../../runtime/engine.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { type Figure, figure, median, quantile } from './figure.ts';
import { allEnded, type Host, openHost, registerFolder, trigger } from './host.ts';

const LENGTH = 40;

const DAGS = `
import { bash, dag, typescript } from 'podline/dag';
import type { Task } from 'podline/dag';

export const typescriptChain = dag('typescript-chain', {}, (d) => {
  let last: Task | undefined;
  for (let i = 0; i < ${LENGTH}; i++) {
    last = d.task('t' + i, typescript({ inputs: {}, run: () => i }), last ? { after: last } : {});
  }
});
export const bashChain = dag('bash-chain', {}, (d) => {
  let last: Task | undefined;
  for (let i = 0; i < ${LENGTH}; i++) {
    last = d.task('t' + i, bash({ script: 'true' }), last ? { after: last } : {});
  }
});
export const single = dag('single', { maxActiveRuns: 1000 }, (d) => {
  d.task('only', bash({ script: 'true' }));
});
`;

async function bare(program: string, args: string[], times: number): Promise<number> {
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
    for (const [dagId, budget, program, args] of [
      ['typescript-chain', 15, process.execPath, ['-e', '0']],
      ['bash-chain', 30, 'bash', ['-c', 'true']],
    ] as const) {
      await trigger(host, dagId);
      await allEnded(host);
      await host.database.query(`UPDATE podline.run SET note = 'warm-up' WHERE dag_id = $1`, [
        dagId,
      ]);
      const perTask: number[] = [];
      for (let i = 0; i < rounds; i++) {
        const started = performance.now();
        await trigger(host, dagId);
        await allEnded(host);
        perTask.push((performance.now() - started) / LENGTH);
      }
      const floor = await bare(program, [...args], short ? 20 : 40);
      const note = `spawning the same process bare (${path.basename(program)})`;
      const name = `${dagId}, per task`;
      figures.push(figure(name, median(perTask), 'ms', floor, note, { most: budget }));
      const all = await steps(host, dagId);
      figures.push(figure(`${dagId}, step p50`, median(all), 'ms', floor, note));
      figures.push(figure(`${dagId}, step p99`, quantile(all, 0.99), 'ms', floor, note));
    }
    figures.push(await triggerToFirstTask(host, short ? 10 : 30));
    figures.push(await idleQueries(host, short ? 10 : 30));
  } finally {
    await engine.stop();
    await host.close();
  }
  return figures;
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
