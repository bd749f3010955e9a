/**
 * Many pods at once: tasks a second from trigger to the success of the run, beside bare pods of the same image that do
 * nothing, turn by turn. And what that costs: calls to the API server and processor time of the scheduler for each task.
 */
import { type Figure, figure } from '../figure.ts';
import { type Bench, mean, milliseconds, NOTHING } from './bench.ts';
import type { Program } from './barePods.ts';

const DAGS = `
import { dag, pod, typescript } from 'podline/dag';

const WIDE = { maxActiveTasks: 1000 };
const image = 'IMAGE';
const securityContext = { runAsUser: 65534 };

const workers = (n: number) => dag('workers-' + n, WIDE, (d) => {
  for (let i = 0; i < n; i++) d.task('t' + i, typescript({ inputs: {}, run: () => i }));
});
const images = (n: number) => dag('images-' + n, WIDE, (d) => {
  for (let i = 0; i < n; i++) d.task('t' + i, pod({ image, securityContext, command: ['true'] }));
});

export const [w20, w60, i20] = [workers(20), workers(60), images(20)];
`;

interface Sum {
  tasks: number;
  writes: number;
  reads: number;
  cpuMs: number;
}

export async function parallel(bench: Bench): Promise<Figure[]> {
  const { cluster, short } = bench;
  const stage = await bench.stage();
  await stage.rig.register({ 'parallel.ts': DAGS.replace('IMAGE', cluster.images.busybox) });
  const node: Program = { image: cluster.images.podline, command: NOTHING };
  const busybox: Program = { image: cluster.images.busybox, command: ['true'] };
  const sums: Record<string, Sum> = {};
  const figures: Figure[] = [];
  for (const count of short ? [20] : [20, 60]) {
    const workers = await turns(bench, `workers-${count}`, count, node, short ? 1 : 2, sums);
    const note = 'bare pods of the same image, node -e 0';
    figures.push(
      figure(`${count} pods at once`, workers.rate, 'tasks/s', workers.floor, note, {
        least: 0.9,
        ofRatio: true,
      }),
    );
    if (count > 20) continue;
    const images = await turns(bench, `images-${count}`, count, busybox, 1, sums);
    const direct = `${count} at once, operator pod, busybox`;
    figures.push(figure(direct, images.rate, 'tasks/s', images.floor, 'bare pods, busybox true'));
  }
  for (const [kind, name] of [
    ['workers', 'pod of a worker'],
    ['images', 'operator pod'],
  ] as const) {
    const { tasks, writes, reads, cpuMs } = sums[kind] ?? {
      tasks: 0,
      writes: 0,
      reads: 0,
      cpuMs: 0,
    };
    figures.push(
      figure(`${name}: API writes per task`, writes / tasks, 'calls', 2, 'create and delete'),
      figure(
        `${name}: other API calls per task`,
        reads / tasks,
        'calls',
        null,
        'logs, lists, watches',
      ),
      figure(
        `${name}: processor time of the scheduler, per task`,
        cpuMs / tasks,
        'ms',
        null,
        'PostgreSQL not counted',
      ),
    );
  }
  return figures;
}

/** Pods per second of both, each the mean of its rounds. */
async function turns(
  { bare, stage: open, detail }: Bench,
  dagId: string,
  count: number,
  program: Program,
  rounds: number,
  sums: Record<string, Sum>,
): Promise<{ rate: number; floor: number }> {
  const stage = await open();
  const sum = (sums[dagId.split('-')[0] ?? ''] ??= { tasks: 0, writes: 0, reads: 0, cpuMs: 0 });
  const floors: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await bare.rate(count, program));
    await stage.reset();
    const { runId, took } = await stage.run(dagId, 120_000);
    rates.push((count * 1000) / took);
    await stage.rig.noPods();
    const { calls, cpuMs } = await stage.measure();
    const { POST = 0, DELETE = 0, ...others } = calls;
    sum.tasks += count;
    sum.writes += POST + DELETE;
    sum.reads += Object.values(others).reduce((all, each) => all + each, 0);
    sum.cpuMs += cpuMs;
    detail(
      `${dagId}: ${rates.at(-1)?.toFixed(2)}/s, bare ${floors.at(-1)?.toFixed(2)}/s, calls ${JSON.stringify(calls)}`,
    );
    const attempts = await stage.attempts(runId);
    const first = Math.min(...attempts.map(({ launched }) => launched));
    const sorted = (values: number[]) =>
      milliseconds(values.map((value) => value - first).sort((a, b) => a - b));
    detail(`  claimed after ${sorted(attempts.map(({ claimed }) => claimed))} ms`);
    detail(`  ended after ${sorted(attempts.map(({ ended }) => ended))} ms`);
  }
  return { rate: mean(rates), floor: mean(floors) };
}
