/** Instances as rows, of which only those in view exist: state, why or how long, and a link. Arrow keys go through them. */
import { Skeleton, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RunName } from '../../../../api/runQueries.ts';
import type { TaskSummary } from '../../../../api/runTypes.ts';
import { visibleText } from '../../../../log/visibleText.ts';
import { AppLink, taskHref } from '../../../../parts/AppLink.tsx';
import { StateBadge } from '../../../../parts/StateBadge.tsx';
import { Duration } from '../../../../parts/times.tsx';
import { stateColor } from '../../../../states.ts';
import { spanOf } from '../../../../time.ts';
import classes from './instances.module.css';
import type { Instances } from './useInstances.ts';

const ROW_PIXELS = 40;
const STEPS: Record<string, number> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
};

interface Props {
  run: RunName;
  instances: Instances;
  /** A row to go to, until the list says that it went: one that is made later for another run does not go there, too. */
  goTo: number | undefined;
  onWent(): void;
}

export function InstanceList({ run, instances, goTo, onWent }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  /** The row that is to have the focus when it is there. */
  const wanted = useRef<number>(undefined);
  const rows = useVirtualizer({
    count: instances.count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 6,
  });
  const items = rows.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => instances.look(first, last));
  // One of those in view takes the Tab key, also after a scroll by hand.
  const reachable = active >= first && active <= last ? active : first;
  const shown = items.flatMap(({ index }) => instances.at(index) ?? []);
  const longest = Math.max(1, ...shown.map((one) => spanOf(one.startedAt, one.endedAt, 0) ?? 0));

  const move = (index: number) => {
    if (instances.count === 0) return;
    const next = Math.min(Math.max(index, 0), instances.count - 1);
    setActive(next);
    wanted.current = next;
    rows.scrollToIndex(next);
  };
  useEffect(() => {
    if (goTo === undefined) return;
    move(goTo);
    onWent();
    // Only when somebody asks: `move` is another one in every render.
  }, [goTo]);
  // One that was far away comes later.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = box.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"] a`);
    if (!link) return;
    wanted.current = undefined;
    link.focus({ preventScroll: true });
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(reachable + step);
  };
  return (
    <div
      ref={box}
      className={classes.list}
      role="table"
      aria-label="Instances"
      aria-rowcount={instances.count}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      <div role="rowgroup" style={{ position: 'relative', height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const one = instances.at(index);
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 1}
              className={classes.row}
              data-index={index}
              style={{ transform: `translateY(${start}px)` }}
            >
              {one ? (
                <Cells run={run} one={one} longest={longest} isActive={index === reachable} />
              ) : (
                <Skeleton role="cell" height={14} my={13} className={classes.wide} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface CellsProps {
  run: RunName;
  one: TaskSummary;
  longest: number;
  isActive: boolean;
}

function Cells({ run, one, longest, isActive }: CellsProps) {
  const { taskId, mapIndex, state, reason, startedAt, endedAt } = one;
  const span = spanOf(startedAt, endedAt, 0);
  return (
    <>
      <span role="cell" className={classes.name}>
        <AppLink
          href={taskHref(run.dagId, run.runId, taskId, mapIndex)}
          className={classes.link}
          tabIndex={isActive ? 0 : -1}
          aria-label={mapIndex < 0 ? taskId : `${taskId}[${mapIndex}]`}
          ff="monospace"
          size="xs"
        >
          {mapIndex < 0 ? 'not mapped yet' : `[${mapIndex}]`}
        </AppLink>
      </span>
      <span role="cell">
        <StateBadge state={state} />
      </span>
      {reason === null ? (
        <span role="cell" className={classes.track}>
          {endedAt !== null && span !== null && (
            <span
              className={classes.bar}
              style={{ width: `${(span / longest) * 100}%`, background: stateColor(state) }}
            />
          )}
        </span>
      ) : (
        <Text role="cell" size="xs" c="dimmed" title={visibleText(reason)} truncate>
          {visibleText(reason)}
        </Text>
      )}
      <span role="cell" className={classes.took}>
        <Duration startedAt={startedAt} endedAt={endedAt} />
      </span>
    </>
  );
}
