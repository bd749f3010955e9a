/**
 * What there is to do in the whole installation, read from the database when somebody scrapes: queues, pools, who is
 * alive. Every scheduler and webserver tells the same, so look at one of them, or at max().
 */
import { Gauge } from 'prom-client';
import type { Queryable } from '../database/pool.ts';
import { type Load, readLoad } from '../database/queries/readLoad.ts';
import type { Metrics } from './metrics.ts';

export function loadMetrics(metrics: Metrics, database: Queryable): void {
  metrics.fromDatabase({ read: () => readLoad(database), ...makeGauges(metrics) });
}

function makeGauges({ registry }: Metrics) {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers });
  const queued = gauge(
    'podline_tasks_queued',
    'Tasks that wait for a process or pod, at most 10,000 are counted.',
    'executor',
  );
  const oldest = gauge(
    'podline_tasks_queued_oldest_seconds',
    'For how long the oldest of them has waited.',
    'executor',
  );
  const active = gauge(
    'podline_tasks_active',
    'Tasks that are `launching` or `running`, at most 10,000 are counted.',
    'executor',
    'state',
  );
  const slots = gauge('podline_pool_slots', 'Slots of a pool.', 'pool');
  const used = gauge('podline_pool_slots_used', 'Slots of a pool that tasks hold.', 'pool');
  const schedulers = gauge('podline_schedulers_alive', 'Schedulers heard of in the last 10 s.');
  const workers = gauge(
    'podline_executor_workers',
    'Processes that start attempts of an executor, heard of in the last 10 s.',
    'executor',
  );
  const workerSlots = gauge(
    'podline_executor_slots',
    'Attempts that they run at a time, all together.',
    'executor',
  );
  return {
    clear() {
      for (const each of [queued, oldest, active, slots, used, workers, workerSlots]) each.reset();
      schedulers.remove();
    },
    show(load: Load) {
      for (const { executor, tasks, seconds } of load.queued) {
        queued.set({ executor }, tasks);
        oldest.set({ executor }, seconds);
      }
      for (const { executor, state, tasks } of load.active) active.set({ executor, state }, tasks);
      for (const { name: pool, slots: all, used: some } of load.pools) {
        slots.set({ pool }, all);
        used.set({ pool }, some);
      }
      schedulers.set(load.schedulers);
      for (const each of load.workers) {
        workers.set({ executor: each.executor }, each.workers);
        workerSlots.set({ executor: each.executor }, each.slots);
      }
    },
  };
}
