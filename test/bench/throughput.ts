/**
 * Task instances a second through scheduler and database, tasks doing nothing: chains, a wide fan-out, 200
 * DAGs at once; with one and two schedulers; with and without a long history. Baseline: the claim and finish
 * calls of as many attempts alone, with nobody scheduling.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { bash, dag } from 'podline/dag';
import type { Task as AnyTask } from '../../src/dag/task.ts';
import type { Json } from '../../src/plan/plan.ts';
import { workerUrl } from '../../src/model/databaseRoles.ts';
import { launchAttempts } from '../../runtime/database/queries/launchAttempts.ts';
import { inTransaction } from '../../runtime/database/pool.ts';
import { type Figure, figure } from './figure.ts';
import { allEnded, type Host, openHost, register, trigger } from './host.ts';
import { NoopExecutor } from './noopExecutor.ts';

type Task = AnyTask<Json>;

const WIDE = { maxActiveRuns: 100_000, maxActiveTasks: 1_000_000 };
const nothing = () => bash({ script: 'true' });

function chain(id: string, length: number) {
  return dag(id, WIDE, (d) => {
    let last: Task | undefined;
    for (let i = 0; i < length; i++) last = d.task(`t${i}`, nothing(), last ? { after: last } : {});
  });
}

function fanOut(id: string, width: number) {
  return dag(id, WIDE, (d) => {
    const first = d.task('first', nothing());
    const middle: Task[] = [];
    for (let i = 0; i < width; i++) middle.push(d.task(`t${i}`, nothing(), { after: first }));
    d.task('last', nothing(), { after: middle });
  });
}

/** Five layers of four, each task after two of the layer above. */
function layered(id: string) {
  return dag(id, WIDE, (d) => {
    let above: Task[] = [];
    for (let layer = 0; layer < 5; layer++) {
      above = [0, 1, 2, 3].map((i) => {
        const after = [above[i], above[(i + 1) % 4]].filter((task) => task !== undefined);
        return d.task(`t${layer}-${i}`, nothing(), after.length > 0 ? { after } : {});
      });
    }
  });
}

async function startScheduler(host: Host): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'schedulerProcess.ts'), [host.server.url], {
    execArgv: ['--conditions=podline-source'],
  });
  await once(child, 'message');
  return child;
}

async function rss(child: ChildProcess): Promise<number> {
  child.send('memory');
  const [answer] = (await once(child, 'message')) as [{ rss: number }];
  return answer.rss;
}

/** Runs are made and processes are up before the schedulers start; time runs until the last run has ended. */
async function measure(host: Host, runs: string[], tasks: number, schedulers: number) {
  for (const dagId of runs) await trigger(host, dagId);
  const children = await Promise.all(
    Array.from({ length: schedulers }, () => startScheduler(host)),
  );
  const started = performance.now();
  for (const child of children) child.send('start');
  await allEnded(host);
  const seconds = (performance.now() - started) / 1000;
  const first = children[0];
  const memory = first ? await rss(first) : 0;
  await Promise.all(
    children.map((child) => {
      const exited = once(child, 'exit');
      child.disconnect();
      return exited;
    }),
  );
  return { rate: tasks / seconds, memory };
}

function repeat(dagId: string, times: number): string[] {
  return Array.from({ length: times }, () => dagId);
}

/** Claims and finishes of queued attempts, nothing else. */
async function reportsAlone(host: Host, tasks: number): Promise<number> {
  await register(host, fanOut('floor', tasks));
  await host.database.query(
    `WITH r AS (INSERT INTO podline.run (dag_id, run_id, version_id, kind, state)
                SELECT dag_id, 'floor', version_id, 'manual', 'running' FROM podline.dag WHERE dag_id = 'floor' RETURNING *)
     INSERT INTO podline.task_instance (run_id, dag_id, task_id, state, pool, executor)
     SELECT r.id, r.dag_id, p.task_id, 'queued', p.pool, 'local' FROM r JOIN podline.plan_task p USING (version_id)`,
  );
  let waiting: (() => void) | undefined;
  const executor = new NoopExecutor(workerUrl(host.server.url), 100_000, () => waiting?.());
  let launched = 0;
  const started = performance.now();
  for (;;) {
    const batch = await inTransaction(host.database, (transaction) =>
      launchAttempts(transaction, 'local', 'bench', 128),
    );
    if (batch.length === 0) break;
    launched += batch.length;
    const reported = new Promise<void>((resolve) => (waiting = resolve));
    executor.start(batch);
    await reported;
  }
  const rate = launched / ((performance.now() - started) / 1000);
  await executor.close();
  await host.database.query('DELETE FROM podline.event');
  await host.database.query(`DELETE FROM podline.run WHERE run_id = 'floor'`);
  await host.database.query(`DELETE FROM podline.task_instance WHERE dag_id = 'floor'`);
  return rate;
}

/** Finished runs of chains with their attempts, as years of use leave them behind. */
async function addHistory(host: Host, instances: number): Promise<void> {
  await host.database.query(
    `WITH r AS (
       INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, started_at, ended_at)
       SELECT d.dag_id, 'old-' || i, d.version_id, 'manual', 'success', now() - interval '30 days', now() - interval '30 days'
         FROM podline.dag d, generate_series(1, $1::int / 50) i WHERE d.dag_id = 'chain' RETURNING id, dag_id
     ), t AS (
       INSERT INTO podline.task_instance (run_id, dag_id, task_id, state, pool, executor, attempts, scheduled_at, ended_at)
       SELECT r.id, r.dag_id, 't' || n, 'success', 'default_pool', 'local', 1, now() - interval '30 days', now() - interval '30 days'
         FROM r, generate_series(0, 49) n RETURNING id, run_id)
     INSERT INTO podline.attempt (instance_id, run_id, number, state, executor, ended_at, gone_at)
     SELECT id, run_id, 1, 'success', 'local', now(), now() FROM t`,
    [instances],
  );
  await host.database.query('ANALYZE');
}

export async function throughput(short: boolean): Promise<Figure[]> {
  const scale = short ? 0.2 : 1;
  const history = short ? 100_000 : 1_000_000;
  const host = await openHost();
  const figures: Figure[] = [];
  const budget = { least: 2000 };
  const note = 'claim and finish calls alone, nobody scheduling';
  try {
    const floor = await reportsAlone(host, short ? 2_000 : 5_000);
    const dags = Array.from({ length: 200 }, (_, i) => layered(`dag-${i}`));
    await register(host, chain('chain', 50), fanOut('fan', 1000), ...dags);

    const chains = repeat('chain', 200 * scale);
    const chainTasks = chains.length * 50;
    await measure(host, repeat('chain', 20), 1000, 1);
    const plain = await measure(host, chains, chainTasks, 1);
    figures.push(
      figure('scheduler throughput, 50-task chains', plain.rate, 'tasks/s', floor, note, budget),
    );
    const fans = repeat('fan', Math.max(2, 10 * scale));
    const fan = await measure(host, fans, fans.length * 1002, 1);
    figures.push(
      figure('scheduler throughput, 1,000-wide fan-out', fan.rate, 'tasks/s', floor, note, budget),
    );
    const names = dags.map((_, i) => `dag-${i}`);
    const many = short ? names : [...names, ...names, ...names];
    const all = await measure(host, many, many.length * 20, 1);
    figures.push(
      figure('scheduler throughput, 200 DAGs at once', all.rate, 'tasks/s', floor, note, budget),
    );
    const two = await measure(host, chains, chainTasks, 2);
    figures.push(
      figure('two schedulers, 50-task chains', two.rate, 'tasks/s', plain.rate, 'one scheduler'),
    );
    await addHistory(host, history);
    const again = await measure(host, chains, chainTasks, 1);
    figures.push(
      figure(
        `throughput with ${history.toLocaleString('en')} old task instances`,
        again.rate,
        'tasks/s',
        plain.rate,
        'the same without them',
        { least: 0.9, ofRatio: true },
      ),
    );
    figures.push(
      figure('scheduler memory after the chains', plain.memory / 2 ** 20, 'MB', null, '', {
        most: 300,
      }),
    );
  } finally {
    await host.close();
  }
  return figures;
}
