/** Metrics of a warm worker. The depth of its pool is what autoscalers ask for, too. */
import { Gauge } from 'prom-client';
import type { Queryable } from '../database/pool.ts';
import { queueDepth } from '../database/queries/queueDepth.ts';
import type { Metrics } from './metrics.ts';
import { beatAge } from './workerLife.ts';

export interface WorkerPlace {
  pool: string;
  slots: number;
  /** The file that is touched with every good beat. */
  beat: string;
}

export function workerMetrics(
  metrics: Metrics,
  database: Queryable,
  { pool, slots, beat }: WorkerPlace,
): void {
  const registers = [metrics.registry];
  const labelNames = ['pool'] as const;
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const depth = gauge(
    'podline_worker_pool_depth',
    'Tasks of the pool that are queued or at work, here and elsewhere, at most 10,000 are counted.',
  );
  const age = gauge(
    'podline_worker_beat_age_seconds',
    'Seconds since the last heartbeat of this worker that reached the database. It beats every 2 s.',
  );
  gauge('podline_worker_slots', 'Tasks that this worker runs at a time.').set({ pool }, slots);

  metrics.beforeScrape(async () => {
    const seconds = await beatAge(beat);
    if (seconds === null) age.remove({ pool });
    else age.set({ pool }, seconds);
  });
  metrics.fromDatabase({
    read: () => queueDepth(database, pool),
    show: (tasks) => {
      depth.set({ pool }, tasks);
    },
    clear: () => {
      depth.remove({ pool });
    },
  });
}
