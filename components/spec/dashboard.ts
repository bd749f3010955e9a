/**
 * The Grafana dashboard of one installation as JSON: what waits, what runs, what fails, and how the schedulers and
 * the database do. Pure; the same installation gives the same text.
 */
import { sha256 } from '../../src/plan/canonical.ts';
import { type Select, selectIn } from './alertRules.ts';

interface Series {
  expr: string;
  legend?: string;
}

interface PanelInput {
  title: string;
  description: string;
  series: Series[];
  unit?: string;
  kind?: 'timeseries' | 'stat';
  width?: number;
}

/** Columns of a dashboard, and the height of a row of panels. */
const WIDTH = 24;
const HEIGHT = 8;
const SOURCE = { type: 'prometheus', uid: '${datasource}' };

export function dashboardJson(installation: string, title: string): string {
  const dashboard = {
    uid: `podline-${sha256('podline.dashboard', installation).slice(0, 16)}`,
    title,
    tags: ['podline'],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }],
    },
    panels: placed(panelsOf(selectIn(installation))),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelsOf(of: Select): PanelInput[] {
  const rate = (metric: string, matchers?: string) =>
    `rate(${of(metric, matchers)}[$__rate_interval])`;
  return [
    {
      title: 'Schedulers at work',
      description: 'Schedulers that the database heard of in the last 10 s.',
      series: [{ expr: `max(${of('podline_schedulers_alive')})` }],
      kind: 'stat',
      width: 6,
    },
    {
      title: 'Database',
      description: '1 while the database answers every process.',
      series: [{ expr: `min(${of('podline_database_up')})` }],
      kind: 'stat',
      width: 6,
    },
    {
      title: 'Longest wait of a task',
      description: 'For how long the oldest queued task has waited.',
      series: [{ expr: `max(${of('podline_tasks_queued_oldest_seconds')})` }],
      unit: 's',
      kind: 'stat',
      width: 6,
    },
    {
      title: 'Runs that ended, an hour',
      description: 'Runs whose end was decided in the last hour.',
      series: [{ expr: `sum(increase(${of('podline_runs_ended_total')}[1h]))` }],
      kind: 'stat',
      width: 6,
    },
    {
      title: 'Tasks that wait',
      description: 'Queued tasks by executor.',
      series: [
        { expr: `max by (executor) (${of('podline_tasks_queued')})`, legend: '{{executor}}' },
      ],
    },
    {
      title: 'Tasks at work',
      description: 'Launching and running tasks by executor.',
      series: [
        {
          expr: `max by (executor, state) (${of('podline_tasks_active')})`,
          legend: '{{executor}} {{state}}',
        },
      ],
    },
    {
      title: 'Attempts that ended, a second',
      description: 'By how they ended.',
      series: [
        { expr: `sum by (state) (${rate('podline_attempts_ended_total')})`, legend: '{{state}}' },
      ],
      unit: 'ops',
    },
    {
      title: 'Failed attempts, a second',
      description: 'By cause. docs/states.md lists the causes.',
      series: [
        {
          expr: `sum by (cause) (${rate('podline_attempts_ended_total', 'state="failed"')})`,
          legend: '{{cause}}',
        },
      ],
      unit: 'ops',
    },
    {
      title: 'Slots of pools',
      description: 'Used slots, as a part of all slots of the pool.',
      series: [
        {
          expr: `max by (pool) (${of('podline_pool_slots_used')} / (${of('podline_pool_slots')} > 0))`,
          legend: '{{pool}}',
        },
      ],
      unit: 'percentunit',
    },
    {
      title: 'Warm workers',
      description: 'Workers of each pool, and the tasks that they run at a time.',
      series: [
        {
          expr: `max by (executor) (${of('podline_executor_workers', 'executor=~"pool:.+"')})`,
          legend: '{{executor}} workers',
        },
        {
          expr: `max by (executor) (${of('podline_executor_slots', 'executor=~"pool:.+"')})`,
          legend: '{{executor}} slots',
        },
      ],
    },
    {
      title: 'Ticks of the schedulers',
      description: 'How long a tick takes that finds something to do: half of them, and 99 of 100.',
      series: [0.5, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (${rate('podline_scheduler_tick_seconds_bucket')}))`,
        legend: `p${quantile * 100}`,
      })),
      unit: 's',
    },
    {
      title: 'Age of the loops',
      description: 'Seconds since the loop of each scheduler went round. It sleeps 2 s at most.',
      series: [
        { expr: `max by (pod) (${of('podline_scheduler_loop_age_seconds')})`, legend: '{{pod}}' },
      ],
      unit: 's',
    },
    {
      title: 'Memory',
      description: 'Resident memory of each process.',
      series: [
        { expr: `max by (pod) (${of('process_resident_memory_bytes')})`, legend: '{{pod}}' },
      ],
      unit: 'bytes',
    },
    {
      title: 'Processor time',
      description: 'Processors that each process keeps busy.',
      series: [{ expr: `sum by (pod) (${rate('process_cpu_seconds_total')})`, legend: '{{pod}}' }],
    },
  ];
}

/** From left to right, and then the next row. */
function placed(panels: readonly PanelInput[]): object[] {
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return panels.map((panel, index) => {
    const { kind = 'timeseries', width = WIDTH / 2, unit = 'short' } = panel;
    const height = kind === 'stat' ? HEIGHT / 2 : HEIGHT;
    if (x + width > WIDTH) {
      x = 0;
      y += rowHeight;
    }
    const gridPos = { x, y, w: width, h: height };
    x += width;
    rowHeight = height;
    return {
      id: index + 1,
      type: kind,
      title: panel.title,
      description: panel.description,
      datasource: SOURCE,
      gridPos,
      fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
      targets: panel.series.map(({ expr, legend }, at) => ({
        refId: String.fromCharCode(65 + at),
        datasource: SOURCE,
        expr,
        ...(legend !== undefined && { legendFormat: legend }),
      })),
    };
  });
}
