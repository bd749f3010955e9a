/**
 * Alerts about one installation, from the metrics that its processes have (docs/metrics.md). Pure. Each says what is
 * wrong in words of the product and what to look at; the thresholds are those that Monitoring is given.
 */

/** Thresholds; absent ones have the defaults of AlertsArgs. */
export interface AlertThresholds {
  schedulerLoopSeconds?: number;
  queuedSeconds?: number;
  failureRatio?: number;
  poolFullMinutes?: number;
}

export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: { summary: string; description: string };
}

/** Puts the label of the installation into every selector of an expression: `{podline="etl"}`. */
export type Select = (metric: string, matchers?: string) => string;

export function selectIn(installation: string): Select {
  const own = `podline=${JSON.stringify(installation)}`;
  return (metric, matchers) => `${metric}{${matchers === undefined ? own : `${own},${matchers}`}}`;
}

export function alertRules(installation: string, thresholds: AlertThresholds = {}): AlertRule[] {
  const {
    schedulerLoopSeconds = 60,
    queuedSeconds = 900,
    failureRatio = 0.5,
    poolFullMinutes = 60,
  } = thresholds;
  const of = selectIn(installation);
  const ended = (state: string) =>
    `sum(increase(${of('podline_attempts_ended_total', `state=~"${state}"`)}[15m]))`;
  return [
    rule('PodlineSchedulerDown', 'critical', '2m', {
      expr: `(max(${of('podline_schedulers_alive')}) or vector(0)) < 1`,
      summary: 'No scheduler is at work.',
      description:
        'Nothing new starts, and ends of tasks are not acted upon. Running tasks go on. Look at the pods of the scheduler and their logs.',
    }),
    rule('PodlineSchedulerLoopLate', 'critical', '2m', {
      expr: `max by (pod) (${of('podline_scheduler_loop_age_seconds')}) > ${schedulerLoopSeconds}`,
      summary: 'A scheduler stands still.',
      description:
        'The loop of {{ $labels.pod }} last went round {{ $value | humanizeDuration }} ago; it sleeps 2 s at most. Others take its work over.',
    }),
    rule('PodlineDatabaseUnreachable', 'critical', '2m', {
      expr: `min by (pod) (${of('podline_database_up')}) < 1`,
      summary: 'The database does not answer.',
      description:
        '{{ $labels.pod }} gets no answer from the metadata database. Running tasks go on and report when it is back; nothing new starts.',
    }),
    rule('PodlineTasksQueuedTooLong', 'warning', '5m', {
      expr: `max by (executor) (${of('podline_tasks_queued_oldest_seconds')}) > ${queuedSeconds}`,
      summary: 'Tasks wait for too long.',
      description:
        'A task for executor {{ $labels.executor }} has waited for {{ $value | humanizeDuration }}. `podline runs show` says what it waits for.',
    }),
    rule('PodlineNoWorkers', 'warning', '10m', {
      expr: `max by (executor) (${of('podline_tasks_queued', 'executor=~"pool:.+"')}) > 0 unless on (executor) max by (executor) (${of('podline_executor_workers')}) > 0`,
      summary: 'Tasks wait for warm workers, and there are none.',
      description:
        '{{ $value }} tasks wait for {{ $labels.executor }}, and no worker of it is at work. Look at its Deployment, and at its autoscaler.',
    }),
    rule('PodlineTasksFailing', 'warning', '15m', {
      expr: `${ended('failed')} / (${ended('failed|success')} > 10) > ${failureRatio}`,
      summary: 'Many tasks fail.',
      description:
        '{{ $value | humanizePercentage }} of the attempts of the last 15 minutes failed. The label `cause` of podline_attempts_ended_total says why.',
    }),
    rule('PodlinePoolFull', 'warning', `${poolFullMinutes}m`, {
      expr: `max by (pool) (${of('podline_pool_slots_used')} / (${of('podline_pool_slots')} > 0)) >= 1`,
      summary: 'A pool is full.',
      description: `All slots of pool {{ $labels.pool }} have been taken for ${poolFullMinutes} minutes; tasks wait for one. Give it more, or find what holds them.`,
    }),
  ];
}

function rule(
  alert: string,
  severity: 'critical' | 'warning',
  forTime: string,
  words: { expr: string; summary: string; description: string },
): AlertRule {
  const { expr, summary, description } = words;
  return { alert, expr, for: forTime, labels: { severity }, annotations: { summary, description } };
}
