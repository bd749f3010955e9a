/** One pod of any image: from its launch to the recorded success, beside a bare pod until a watch says Succeeded; and a chain of them. */
import { type Figure, figure, median, quantile } from '../figure.ts';
import { type Bench, milliseconds } from './bench.ts';

const LENGTH = 3;

const DAGS = `
import { dag, pod } from 'podline/dag';
import type { Task } from 'podline/dag';

const work = () => pod({ image: 'IMAGE', securityContext: { runAsUser: 65534 }, command: ['true'] });

export const image = dag('image', {}, (d) => {
  d.task('only', work());
});
export const images = dag('images', {}, (d) => {
  let last: Task | undefined;
  for (let i = 0; i < ${LENGTH}; i++) last = d.task('t' + i, work(), last ? { after: last } : {});
});
`;

export async function direct(bench: Bench): Promise<Figure[]> {
  const { bare, cluster, short, detail } = bench;
  const stage = await bench.stage();
  await stage.rig.register({ 'direct.ts': DAGS.replace('IMAGE', cluster.images.busybox) });
  const program = { image: cluster.images.busybox, command: ['true'] };
  const floor: number[] = [];
  const took: number[] = [];
  const chained: number[] = [];
  await bare.untilSucceeded(program);
  for (let i = 0; i < (short ? 3 : 6); i++) {
    floor.push(await bare.untilSucceeded(program));
    const { runId } = await stage.run('image');
    for (const { launched, ended } of await stage.attempts(runId)) took.push(ended - launched);
    await stage.rig.noPods();
  }
  for (let i = 0; i < (short ? 1 : 2); i++) {
    chained.push((await stage.run('images')).took / LENGTH);
    await stage.rig.noPods();
  }
  detail(`launch -> recorded: ${milliseconds(took)} ms, bare: ${milliseconds(floor)} ms`);
  const note = 'bare create -> Succeeded seen, busybox true';
  return [
    figure(
      'operator pod: launch -> success recorded, p50',
      median(took),
      'ms',
      median(floor),
      note,
      {
        most: 1.1,
        ofRatio: true,
      },
    ),
    figure('operator pod: the same, p90', quantile(took, 0.9), 'ms', quantile(floor, 0.9), note),
    figure('chain of operator pod: per task', median(chained), 'ms', median(floor), note),
  ];
}
