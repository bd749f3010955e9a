/**
 * A chain with a pod for each task: from the recorded end of one task to the first line of the next one's code.
 * Baseline: create of a bare pod of the same image -> its process at work. `--verbose`: where the time of a step goes.
 */
import { type Figure, figure, median, quantile } from '../figure.ts';
import { type Bench, milliseconds } from './bench.ts';
import { PodTimes } from './podTimes.ts';
import type { StageAttempt } from './stage.ts';

const LENGTH = 6;

const DAGS = `
import { bash, dag, typescript } from 'podline/dag';
import type { Task } from 'podline/dag';

const LENGTH = ${LENGTH};

export const typescriptPods = dag('typescript-pods', {}, (d) => {
  let last: Task | undefined;
  for (let i = 0; i < LENGTH; i++) {
    const work = typescript({ inputs: {}, run: () => ({ born: Date.now() - performance.now(), at: Date.now() }) });
    last = d.task('t' + i, work, last ? { after: last } : {});
  }
});

export const bashPods = dag('bash-pods', {}, (d) => {
  let last: Task | undefined;
  for (let i = 0; i < LENGTH; i++) {
    last = d.task('t' + i, bash({ script: 'date +%s%3N > "$PODLINE_OUTPUT"' }), last ? { after: last } : {});
  }
});
`;

const NAMES = ['typescript', 'bash'] as const;

export async function chain(bench: Bench): Promise<Figure[]> {
  const { bare, short, cluster, detail } = bench;
  const stage = await bench.stage();
  await stage.rig.register({ 'chain.ts': DAGS });
  const times = new PodTimes(cluster, stage.rig.namespace);
  const steps: Record<string, number[]> = { typescript: [], bash: [] };
  const perTask: Record<string, number[]> = { typescript: [], bash: [] };
  const floor: number[] = [];
  // To warm up: images are unpacked, files are in memory.
  await bare.untilRunning(cluster.images.podline);
  try {
    for (let round = 0; round < (short ? 1 : 2); round++) {
      for (let i = 0; i < (short ? 3 : 6); i++)
        floor.push(await bare.untilRunning(cluster.images.podline));
      for (const name of NAMES) {
        await stage.reset();
        const { runId, took } = await stage.run(`${name}-pods`);
        const attempts = await stage.attempts(runId);
        perTask[name]?.push(took / LENGTH);
        const own = stepsOf(attempts);
        steps[name]?.push(...own);
        detail(`${name} steps: ${milliseconds(own)} ms`);
        const { creates } = await stage.measure();
        const pods = times.of(attempts.length);
        for (const line of parts(attempts, creates, pods)) detail(line);
        await stage.rig.noPods();
        times.forget();
      }
    }
  } finally {
    times.close();
  }
  detail(`bare: ${milliseconds(floor)} ms`);
  const note = 'bare create -> process running, same image';
  return NAMES.flatMap((name) => {
    const own = steps[name] ?? [];
    const what = `chain of pods, ${name}`;
    return [
      figure(
        `${what}: task done -> next code running, p50`,
        median(own),
        'ms',
        median(floor),
        note,
        {
          most: 1.5,
          ofRatio: true,
        },
      ),
      figure(`${what}: the same, p90`, quantile(own, 0.9), 'ms', quantile(floor, 0.9), note),
      figure(
        `${what}: per task, trigger to end`,
        median(perTask[name] ?? []),
        'ms',
        median(floor),
        note,
      ),
    ];
  });
}

function began({ output }: StageAttempt): number {
  return typeof output === 'number' ? output : (output as { at: number }).at;
}

function stepsOf(attempts: StageAttempt[]): number[] {
  return attempts
    .slice(1)
    .map((attempt, index) => began(attempt) - (attempts[index]?.ended ?? NaN));
}

/** Medians of the parts of a step. */
function parts(
  attempts: StageAttempt[],
  creates: { sent: number; answered: number }[],
  pods: { created: number; scheduled: number }[],
): string[] {
  const rows: [string, (at: number) => number][] = [
    ['end recorded -> launched by a tick', (at) => of(at).launched - of(at - 1).ended],
    ['launched -> create sent', (at) => make(at).sent - of(at).launched],
    ['create sent -> answered', (at) => make(at).answered - make(at).sent],
    ['create sent -> watch shows it on its node', (at) => pod(at).scheduled - make(at).sent],
    ['on its node -> process of the worker born', (at) => born(at) - pod(at).scheduled],
    ['worker born -> claim', (at) => of(at).claimed - born(at)],
    ['claim -> code of the task', (at) => began(of(at)) - of(at).claimed],
    ['code of the task -> end recorded', (at) => of(at).ended - began(of(at))],
  ];
  const of = (at: number) => attempts[at] as StageAttempt;
  const make = (at: number) => creates[at] ?? { sent: NaN, answered: NaN };
  const pod = (at: number) => pods[at] ?? { created: NaN, scheduled: NaN };
  const born = (at: number) => (of(at).output as { born?: number }).born ?? NaN;
  return rows.flatMap(([name, of]) => {
    const values = attempts.slice(1).map((_, index) => of(index + 1));
    if (values.some(Number.isNaN)) return [];
    return [`  ${name}: ${median(values).toFixed(1)} ms (${milliseconds(values)})`];
  });
}
