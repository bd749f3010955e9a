/**
 * The tasks of a run along time: waiting in line, launching, running, each attempt by itself. Only rows in view exist, so
 * ten thousand tasks are no trouble. Shown on the page of a run.
 */
import { Group, Text, Tooltip } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { visibleText } from '../log/visibleText.ts';
import { lookOf } from '../states.ts';
import { durationWords } from '../time.ts';
import { useNow } from '../useNow.ts';
import { type GanttTask, type Segment, ticksOf, timelineOf } from './segments.ts';
import classes from './gantt.module.css';

const ROW_PIXELS = 28;
const SAYS = { queue: 'waited for', launch: 'launching for', run: 'ran for' } as const;

interface Props {
  tasks: readonly GanttTask[];
  /** Something still runs: bars grow. */
  isLive: boolean;
  hrefOf(task: GanttTask): string;
  onOpen(task: GanttTask): void;
}

export function Gantt({ tasks, isLive, hrefOf, onOpen }: Props) {
  const now = useNow(isLive);
  const { rows, from, to } = useMemo(() => timelineOf(tasks, now), [tasks, now]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 12,
  });
  const share = (at: number) => `${((at - from) / (to - from)) * 100}%`;

  return (
    <>
      <Group gap="md" mb={6}>
        <Legend part="queue" label="waiting in line" />
        <Legend part="launch" label="launching" />
        <Legend part="run" label="running" />
      </Group>
      <div
        ref={box}
        className={classes.box}
        style={{ '--gantt-names': '240px' } as React.CSSProperties}
        tabIndex={0}
        role="region"
        aria-label="Timeline of the tasks"
        data-testid="gantt"
      >
        <div className={classes.axis} aria-hidden>
          <div className={classes.name} />
          <div className={classes.time}>
            {ticksOf(from, to, 6).map((tick) => (
              <span key={tick} className={classes.tick} style={{ left: share(from + tick) }}>
                {durationWords(tick)}
              </span>
            ))}
          </div>
        </div>
        <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { task, segments } = row;
            const name = instanceName(task);
            return (
              <div
                key={index}
                className={classes.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                <a
                  className={classes.name}
                  href={hrefOf(task)}
                  title={name}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey) return;
                    event.preventDefault();
                    onOpen(task);
                  }}
                >
                  {name}
                </a>
                <div className={classes.time}>
                  {segments.map((segment, place) => (
                    <Bar
                      key={place}
                      segment={segment}
                      left={share(segment.from)}
                      right={share(segment.to)}
                    />
                  ))}
                </div>
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

function Bar({ segment, left, right }: { segment: Segment; left: string; right: string }) {
  const { part, from, to, attempt, state } = segment;
  const color = part === 'queue' ? undefined : lookOf(part === 'run' ? state : 'launching').color;
  return (
    <Tooltip label={`Attempt ${attempt} ${SAYS[part]} ${durationWords(to - from)} (${state})`}>
      <div
        className={`${classes.part} ${part === 'run' ? '' : classes[part]}`}
        data-part={part}
        style={{ left, width: `calc(${right} - ${left})`, backgroundColor: color }}
      />
    </Tooltip>
  );
}

function Legend({ part, label }: { part: Segment['part']; label: string }) {
  return (
    <Group gap={6}>
      <span style={{ position: 'relative', width: 20, height: 28 }}>
        <span
          className={`${classes.part} ${part === 'run' ? '' : classes[part]}`}
          style={{
            left: 0,
            width: 20,
            backgroundColor:
              part === 'queue' ? undefined : lookOf(part === 'run' ? 'success' : 'launching').color,
          }}
        />
      </span>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </Group>
  );
}

export function instanceName({ taskId, mapIndex }: { taskId: string; mapIndex: number }): string {
  return visibleText(mapIndex < 0 ? taskId : `${taskId} [${mapIndex}]`);
}
