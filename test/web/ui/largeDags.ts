/** DAGs as large as they come, for the tests of the pages: a wide grid, and graphs of ten thousand tasks with and without groups. */
import { bash, dag, type Json, type Task } from 'podline/dag';

const nothing = () => bash({ script: 'true' });
const two = (n: number) => String(n).padStart(2, '0');

/** 200 tasks: twenty groups of two stages each, of which one task is mapped. */
export const wide = dag(
  'wide',
  { schedule: '@hourly', startDate: '2026-01-01', catchup: false, tags: ['large'] },
  (d) => {
    const first = d.task('extract', nothing());
    for (let n = 0; n < 19; n += 1) {
      d.group(`source_${two(n)}`, (source) => {
        const clean = source.group('clean', (g) =>
          [0, 1, 2, 3].map((part) => g.task(`part_${part}`, nothing(), { after: first })),
        );
        const each = source.map('each', { item: [1, 2, 3] }, () => nothing(), { after: clean });
        source.group('load', (g) => {
          for (let part = 0; part < 5; part += 1)
            g.task(`part_${part}`, nothing(), { after: each });
        });
      });
    }
    for (let n = 0; n < 9; n += 1) d.task(`report_${n}`, nothing(), { after: first });
  },
);

/** One task that is mapped over what another one finds. */
export const fan = dag(
  'fan',
  { schedule: '@hourly', startDate: '2026-01-01', tags: ['large'] },
  (d) => {
    const list = d.task('list_files', nothing());
    const each = d.group('files', (g) =>
      g.map('load', { item: [1, 2, 3] }, () => nothing(), { after: list }),
    );
    d.task('report', nothing(), { after: each });
  },
);

/** A hundred layers of a hundred tasks, each behind two of the layer before. */
export const flat = dag('ten_thousand', { tags: ['large'] }, (d) => {
  let before: Task<Json>[] = [];
  for (let layer = 0; layer < 100; layer += 1) {
    const now: Task<Json>[] = [];
    for (let n = 0; n < 100; n += 1) {
      const after = [before[n], before[(n * 7 + layer) % 100]].flatMap((task) => task ?? []);
      now.push(d.task(`layer_${two(layer)}_task_${two(n)}`, nothing(), { after }));
    }
    before = now;
  }
});

/** The same number in fifty stages of ten tables of twenty tasks. */
export const grouped = dag('ten_thousand_in_groups', { tags: ['large'] }, (d) => {
  const stages: Task<Json>[][] = [];
  for (let stage = 0; stage < 50; stage += 1) {
    d.group(`stage_${two(stage)}`, (s) => {
      const ends: Task<Json>[] = [];
      for (let table = 0; table < 10; table += 1) {
        s.group(`table_${table}`, (t) => {
          let last = stages[stage - 1]?.[table];
          for (let n = 0; n < 20; n += 1) {
            last = t.task(`step_${two(n)}`, nothing(), last ? { after: last } : {});
          }
          if (last) ends.push(last);
        });
      }
      stages.push(ends);
    });
  }
});
