/**
 * Chains of tiny tasks on warm workers: a process on this machine, and a pod as `podline worker --manifest` describes
 * it. A step is the time from one claim to the next. Baseline: the same process spawned bare.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import path from 'node:path';
import { poolManifest } from '../../../runtime/cli/poolManifest.ts';
import { poolUrl } from '../../../src/model/databaseRoles.ts';
import type { TestCluster } from '../../cluster/harness.ts';
import type { Rig } from '../../cluster/rig.ts';
import { type Figure, figure, median, quantile } from '../figure.ts';
import { bare } from '../latency.ts';
import { type Bench, milliseconds } from './bench.ts';

const LENGTH = 40;

const DAGS = `
import { bash, dag, typescript } from 'podline/dag';
import type { Task } from 'podline/dag';

const chain = (id: string, executor: string, work: (i: number) => any) =>
  dag(id, { defaults: { executor } }, (d) => {
    let last: Task | undefined;
    for (let i = 0; i < ${LENGTH}; i++) last = d.task('t' + i, work(i), last ? { after: last } : {});
  });
const code = (i: number) => typescript({ inputs: {}, run: () => i });
const script = () => bash({ script: 'true' });

export const a = chain('typescript-process', 'pool:process', code);
export const b = chain('bash-process', 'pool:process', script);
export const c = chain('typescript-pod', 'pool:pod', code);
export const e = chain('bash-pod', 'pool:pod', script);
`;

const BUDGETS = { typescript: 15, bash: 30 };
const FLOORS = {
  typescript: [process.execPath, ['-e', '0'], 'node -e 0 on this machine'],
  bash: ['bash', ['-c', 'true'], 'bash -c true on this machine'],
} satisfies Record<string, [string, string[], string]>;

export async function warm(bench: Bench): Promise<Figure[]> {
  const { rig } = await bench.stage();
  await rig.register({ 'warm.ts': DAGS });
  const worker = startProcess(rig);
  try {
    await startPod(bench.cluster, rig);
    await rig.until('two warm workers', async () => {
      if (worker.exitCode !== null) throw new Error('the worker did not start');
      const { rowCount } = await rig.database.pool.query(
        `SELECT FROM podline.worker WHERE kind = 'pool'`,
      );
      return rowCount === 2;
    });
    return await measure(bench);
  } finally {
    const exited = once(worker, 'exit');
    if (worker.exitCode === null && worker.kill('SIGTERM')) await exited;
    await bench.cluster.kubectl('-n', rig.namespace, 'delete', 'deployment', '--all');
  }
}

/** All kinds turn by turn. */
async function measure({ short, stage: open, detail }: Bench): Promise<Figure[]> {
  const stage = await open();
  const steps: Record<string, number[]> = {};
  const places = ['process', 'pod'] as const;
  const kinds = ['typescript', 'bash'] as const;
  for (let round = 0; round <= (short ? 1 : 5); round++) {
    for (const place of places) {
      for (const kind of kinds) {
        const { runId } = await stage.run(`${kind}-${place}`);
        const claims = (await stage.attempts(runId)).map(({ claimed }) => claimed);
        // The first round loads the code.
        if (round === 0) continue;
        const own = claims.slice(1).map((claim, index) => claim - (claims[index] ?? NaN));
        (steps[`${kind} ${place}`] ??= []).push(...own);
        detail(`${kind} on a ${place}: ${milliseconds(own)} ms`);
      }
    }
  }
  const figures: Figure[] = [];
  for (const kind of kinds) {
    const [program, args, note] = FLOORS[kind];
    const floor = await bare(program, args, 10);
    for (const place of places) {
      const own = steps[`${kind} ${place}`] ?? [];
      const what = `chain on a warm worker (${place}), ${kind}`;
      figures.push(
        figure(`${what}: step p50`, median(own), 'ms', floor, note, { most: BUDGETS[kind] }),
        figure(`${what}: step p99`, quantile(own, 0.99), 'ms', floor, note),
      );
    }
  }
  return figures;
}

function startProcess(rig: Rig): ChildProcess {
  const main = path.join(import.meta.dirname, '../../../runtime/main.ts');
  const args = ['worker', '--pool', 'process', '--slots', '8'];
  return spawn(process.execPath, ['--conditions=podline-source', main, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PODLINE_DATABASE_URL: rig.database.url,
      PODLINE_HOME: path.join(rig.folder, 'pool-home'),
      PODLINE_LOG_LEVEL: 'warn',
      PODLINE_DRAIN_SECONDS: '1',
    },
  });
}

async function startPod(cluster: TestCluster, rig: Rig): Promise<void> {
  const url = new URL(poolUrl(rig.database.url));
  url.hostname = cluster.hostAddress;
  const manifest = poolManifest({
    pool: 'pod',
    image: cluster.images.podline,
    slots: 8,
    drainSeconds: 1,
    poolUrl: url.href,
    workerUrl: rig.workerUrl,
  });
  const file = path.join(rig.folder, 'pool.json');
  await fs.writeFile(file, JSON.stringify(manifest));
  await cluster.kubectl('-n', rig.namespace, 'apply', '-f', file);
}
