/**
 * One scheduler with thousands of running pods, on a real API server whose nodes are simulated: how fast it launches
 * them, what memory it holds, and whether its loop stays awake. Baseline of the rate: bare creates on the same server.
 */
import type { KubeObject } from '../../cluster/api.ts';
import { secondCluster, type TestCluster } from '../../cluster/harness.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Figure, figure, quantile } from '../figure.ts';
import type { Bench } from './bench.ts';
import { Stage } from './stage.ts';

const WIDTH = 500;
/** As many creates at a time as a scheduler makes. */
const AT_A_TIME = 32;
const MOST_RSS_MB = 300;

const DAGS = `
import { dag, pod } from 'podline/dag';

// No such image and no kubelet: the simulated nodes say that containers run, until the annotation's time is over.
const own = { image: 'example.org/none:1', logs: 'none' as const, securityContext: { runAsUser: 65534 }, command: ['true'] };
const wide = { maxActiveTasks: 1_000_000, maxActiveRuns: 1_000_000 };

export const many = dag('many', wide, (d) => {
  for (let i = 0; i < ${WIDTH}; i++) d.task('t' + i, pod(own));
});
export const probe = dag('probe', wide, (d) => {
  d.task('only', pod({ ...own, annotations: { 'podline.test/ends-after': '0s' } }));
});
`;

export async function scale({ short, detail }: Bench): Promise<Figure[]> {
  const count = short ? WIDTH : 20 * WIDTH;
  const cluster = await secondCluster();
  const floor = await bareRate(cluster, await cluster.namespace(), short ? 200 : 600, detail);
  detail(`bare: ${floor.created.toFixed(0)} created/s, ${floor.running.toFixed(0)} until they run`);
  const stage = await Stage.open(cluster, { maxPods: count + 100, startupTimeout: 600 });
  try {
    return await measure(stage, count, floor, { short, detail });
  } finally {
    await clear(stage, count);
  }
}

async function measure(
  stage: Stage,
  count: number,
  floor: BareRate,
  { short, detail }: Pick<Bench, 'short' | 'detail'>,
): Promise<Figure[]> {
  const { rig } = stage;
  await rig.register({ 'scale.ts': DAGS });
  await stage.run('probe');
  await stage.reset();
  for (let i = 0; i < count / WIDTH; i++) await rig.trigger('many');
  await rig.until(`${count} running pods`, () => isRunning(stage, count, detail), 400_000);
  const launching = await stage.measure();
  const { rows } = await rig.database.pool.query<{ seconds: number }>(
    `SELECT extract(epoch FROM max(a.claimed_at) - min(r.created_at))::float8 AS seconds
       FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.dag_id = 'many'`,
  );
  const rate = count / (rows[0]?.seconds ?? NaN);

  const { creates } = launching;
  const [first, last] = [
    creates[0]?.sent ?? NaN,
    Math.max(...creates.map((each) => each.answered)),
  ];
  const created = (creates.length * 1000) / (last - first);

  // Everything runs: the loop with work of its own, and the memory after it.
  await stage.reset();
  const probes = short ? 10 : 30;
  const waits: number[] = [];
  for (let i = 0; i < probes; i++) {
    waits.push(await probe(stage));
    await sleep(short ? 100 : 300);
  }
  const steady = await stage.measure();
  const { heap } = await stage.collect();
  detail(`launching: ${words(launching)}`);
  for (const line of seconds(launching.creates)) detail(line);
  detail(`running: ${words(steady)}`);
  detail(`probes: ${waits.map(Math.round).join(' ')} ms`);

  const what = `${count} running pods`;
  const loop = { most: 1000 };
  return [
    figure('launch rate: creates answered', created, 'pods/s', floor.created, 'bare creates'),
    figure(
      `launch rate, up to ${what}`,
      rate,
      'pods/s',
      floor.running,
      'bare creates, until they run',
    ),
    figure(`${what}: memory of the scheduler`, megabytes(steady.rss), 'MB', null, 'resident', {
      most: MOST_RSS_MB,
    }),
    figure(`${what}: of that in use`, megabytes(heap), 'MB', null, 'heap after a collection'),
    figure(`${what}: its peak`, megabytes(steady.peakRss), 'MB', null, 'also while launching'),
    figure(
      'while launching: event loop p99',
      launching.loopP99Ms,
      'ms',
      null,
      'delay of a timer',
      loop,
    ),
    figure(
      'while launching: event loop, longest',
      launching.loopMaxMs,
      'ms',
      null,
      'delay of a timer',
    ),
    figure(
      'while launching: tick p99',
      quantile(launching.transactions, 0.99),
      'ms',
      null,
      'transactions of the scheduler',
      loop,
    ),
    figure(`${what}: event loop p99`, steady.loopP99Ms, 'ms', null, 'delay of a timer', loop),
    figure(`${what}: event loop, longest`, steady.loopMaxMs, 'ms', null, 'delay of a timer'),
    figure(
      `${what}: tick p99`,
      quantile(steady.transactions, 0.99),
      'ms',
      null,
      'transactions of the scheduler',
      loop,
    ),
    figure(
      `${what}: trigger -> launched, longest`,
      Math.max(...waits),
      'ms',
      null,
      `of ${probes} runs`,
      loop,
    ),
    figure(
      'launch: processor time of the scheduler, per pod',
      launching.cpuMs / count,
      'ms',
      null,
      'PostgreSQL not counted',
    ),
  ];
}

/** How the launching went: creates answered in each second, and how long the answers took. */
function seconds(creates: { sent: number; answered: number }[]): string[] {
  const first = creates[0]?.sent ?? 0;
  const counts: number[] = [];
  for (const { answered } of creates) {
    const at = Math.floor((answered - first) / 1000);
    if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
  }
  const took = creates.map(({ sent, answered }) => answered - sent);
  return [
    `creates answered by second: ${counts.join(' ')}`,
    `answers took ${Math.round(quantile(took, 0.5))} ms, p99 ${Math.round(quantile(took, 0.99))} ms`,
  ];
}

const megabytes = (bytes: number) => bytes / 2 ** 20;

function words({
  transactions,
  creates: _,
  ...rest
}: Awaited<ReturnType<Stage['measure']>>): string {
  return JSON.stringify({ ...rest, transactions: transactions.length });
}

/** Milliseconds from a run's trigger to its task's launch. */
async function probe(stage: Stage): Promise<number> {
  const { runId } = await stage.run('probe');
  const { rows } = await stage.rig.database.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM a.launched_at - r.created_at) * 1000)::float8 AS ms
       FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.run_id = $1`,
    [runId],
  );
  return rows[0]?.ms ?? NaN;
}

async function isRunning(stage: Stage, count: number, detail: Bench['detail']): Promise<boolean> {
  // Seldom enough not to be felt.
  await sleep(500);
  const { rows } = await stage.rig.database.pool.query<{ running: number; ended: number }>(
    `SELECT count(*) FILTER (WHERE a.state = 'running')::int AS running,
            count(*) FILTER (WHERE a.ended_at IS NOT NULL)::int AS ended
       FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.dag_id = 'many'`,
  );
  const { running = 0, ended = 0 } = rows[0] ?? {};
  detail(`${running} run`);
  if (ended > 0) throw new Error(`${ended} pods have ended that should run`);
  return running === count;
}

interface BareRate {
  /** Per second, until all are answered. */
  created: number;
  /** Per second, until all run. */
  running: number;
}

async function bareRate(
  cluster: TestCluster,
  namespace: string,
  count: number,
  detail: Bench['detail'],
): Promise<BareRate> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(90_000)]);
  const running = new Set<string>();
  // The server ends a watch whose reader is too slow; a new one begins with all pods that are there.
  const all = (async () => {
    type Pod = KubeObject & { status: { phase: string } };
    while (!signal.aborted) {
      for await (const { object } of cluster.api.watch<Pod>(`${pods}?watch=true`, signal)) {
        if (object.status.phase !== 'Running') continue;
        if (running.add(object.metadata.name).size === count) return performance.now();
      }
    }
    throw new Error(`${running.size} of ${count} bare pods ran after 90 s`);
  })();
  const started = performance.now();
  let next = 0;
  const create = async () => {
    while (next < count) await cluster.api.call('POST', pods, bare(`bare-${next++}`));
  };
  const created = Promise.all(Array.from({ length: AT_A_TIME }, create)).then(() =>
    performance.now(),
  );
  try {
    const [answered, ended] = await Promise.all([created, all]);
    const rate = (until: number) => (count * 1000) / (until - started);
    return { created: rate(answered), running: rate(ended) };
  } catch (error) {
    detail(`bare creates: ${String(error)}`);
    throw error;
  } finally {
    next = count;
    stop.abort();
    await created.catch(() => undefined);
    await cluster.api.call('DELETE', pods, { gracePeriodSeconds: 0 });
    await gone(cluster, namespace, 60_000);
  }
}

function bare(name: string): object {
  const containers = [{ name: 'main', image: 'example.org/none:1', command: ['true'] }];
  return {
    metadata: { name },
    spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers },
  };
}

/** The scheduler first, or it would record every pod. */
async function clear(stage: Stage, count: number): Promise<void> {
  const { cluster, namespace } = stage.rig;
  await stage.close();
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  // Ten thousand at once take the API server longer than it gives a request: it goes on with what is left.
  for (let round = 0; ; round++) {
    try {
      await cluster.api.call('DELETE', pods, { gracePeriodSeconds: 0 });
      break;
    } catch (error) {
      if (round === 10 || !/ 504 /.test(String(error))) throw error;
    }
  }
  await gone(cluster, namespace, 30_000 + count * 10);
}

async function gone(cluster: TestCluster, namespace: string, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const { items } = await cluster.api.call<{ items: unknown[] }>(
      'GET',
      `/api/v1/namespaces/${namespace}/pods?limit=1`,
    );
    if (items.length === 0) return;
    if (Date.now() > end) throw new Error(`pods of ${namespace} are still there`);
    await sleep(500);
  }
}
