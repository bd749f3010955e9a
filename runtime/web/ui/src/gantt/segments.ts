/**
 * What of a task instance was waiting, launching and running, as parts of a line of time. Pure; Gantt draws them. Every
 * attempt is a bar of its own: what failed and was tried again is seen.
 */
export interface GanttTask {
  taskId: string;
  mapIndex: number;
  state: string;
  queuedAt: string | null;
  scheduledAt: string | null;
  bars: readonly {
    number: number;
    state: string;
    launchedAt: string;
    startedAt: string | null;
    endedAt: string | null;
  }[];
}

export type Part = 'queue' | 'launch' | 'run';

export interface Segment {
  part: Part;
  from: number;
  to: number;
  /** State of the attempt, for the colour of what ran. */
  state: string;
  attempt: number;
}

export interface Row {
  task: GanttTask;
  segments: Segment[];
}

export interface Timeline {
  rows: Row[];
  from: number;
  to: number;
}

export function timelineOf(tasks: readonly GanttTask[], now: number): Timeline {
  const rows = tasks.map((task) => ({ task, segments: segmentsOf(task, now) }));
  let from = Infinity;
  let to = -Infinity;
  for (const { segments } of rows) {
    for (const segment of segments) {
      from = Math.min(from, segment.from);
      to = Math.max(to, segment.to);
    }
  }
  if (from > to) return { rows, from: now - 1000, to: now };
  return { rows, from, to: Math.max(to, from + 10) };
}

function segmentsOf(task: GanttTask, now: number): Segment[] {
  const segments: Segment[] = [];
  const waitedFrom = time(task.scheduledAt) ?? time(task.queuedAt);
  const first = task.bars[0];
  const lastLaunch = time(task.bars.at(-1)?.launchedAt ?? null);
  // Times of the instance are those of its last attempt; earlier attempts have only their own.
  const isWaiting = ['scheduled', 'queued'].includes(task.state);
  if (waitedFrom !== null) {
    const until = isWaiting ? now : lastLaunch;
    if (until !== null && until > waitedFrom) {
      const attempt = (task.bars.at(-1)?.number ?? 0) + (isWaiting || !first ? 1 : 0);
      segments.push({ part: 'queue', from: waitedFrom, to: until, state: 'queued', attempt });
    }
  }
  for (const { number, state, launchedAt, startedAt, endedAt } of task.bars) {
    const launched = time(launchedAt);
    if (launched === null) continue;
    const started = time(startedAt);
    const ended = time(endedAt) ?? now;
    segments.push({ part: 'launch', from: launched, to: started ?? ended, state, attempt: number });
    if (started !== null) {
      segments.push({
        part: 'run',
        from: started,
        to: Math.max(ended, started),
        state,
        attempt: number,
      });
    }
  }
  return segments;
}

/** Round places for the lines of the axis: about `count` of them. */
export function ticksOf(from: number, to: number, count: number): number[] {
  const steps = [
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5,
    72e5, 216e5, 432e5, 864e5, 6048e5,
  ];
  const wanted = (to - from) / count;
  const step = steps.find((one) => one >= wanted) ?? 6048e5;
  const ticks: number[] = [];
  for (let at = 0; from + at <= to; at += step) ticks.push(at);
  return ticks;
}

function time(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}
