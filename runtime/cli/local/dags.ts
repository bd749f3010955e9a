/** DAGs of an installation over its database. */
import { type BackfillStep, createBackfill, planBackfill } from '../../commands/backfill.ts';
import { setPaused } from '../../commands/pause.ts';
import { triggerRun } from '../../commands/trigger.ts';
import type { Database } from '../../database/pool.ts';
import { readBackfill } from '../../database/queries/readBackfill.ts';
import { readDag, readDagIds, readPlanTasks } from '../../database/queries/readDag.ts';
import { readDags } from '../../database/queries/readDags.ts';
import { readCapacity } from '../../database/queries/readRun.ts';
import { pause } from '../../pause.ts';
import type { Dags } from '../installation.ts';

/** The database tells nobody: who follows looks. */
const LOOK_MS = 300;

export function localDags(database: Database): Dags {
  return {
    list: ({ inactive = false, paused = false, ...filter }) =>
      readDags(database, { ...filter, inactive, paused }),
    ids: () => readDagIds(database),
    async find(dagId) {
      const dag = await readDag(database, dagId);
      if (!dag) return undefined;
      const { versionId: _versionId, ...view } = dag;
      return view;
    },
    planTasks: (of) => readPlanTasks(database, of),
    setPaused: (dagId, paused) => setPaused(database, dagId, paused),
    trigger: (dagId, options) => triggerRun(database, dagId, options),
    schedulers: async () => (await readCapacity(database)).schedulers,
    async planBackfill(dagId, options) {
      const steps = await planBackfill(database, dagId, options);
      return { counts: countsOf(steps), steps };
    },
    async createBackfill(dagId, options) {
      const { id, steps } = await createBackfill(database, dagId, options);
      return { id, counts: countsOf(steps), steps };
    },
    backfill: (of) => readBackfill(database, of),
    follow: (_dagId, signal) => ({ change: () => pause(LOOK_MS, signal), end: () => undefined }),
  };
}

function countsOf(steps: readonly BackfillStep[]): Record<BackfillStep['action'], number> {
  const counts = { create: 0, rerun: 0, skip: 0 };
  for (const { action } of steps) counts[action] += 1;
  return counts;
}
