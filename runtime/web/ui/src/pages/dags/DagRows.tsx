/** Rows of the list of DAGs, of which only those in the window exist. */
import { ActionIcon, Group, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useRights } from '../../actions/useRights.ts';
import type { DagSummary } from '../../api/types.ts';
import { DagLink, triggerHref, useOpen } from '../../parts/AppLink.tsx';
import { PauseSwitch } from '../../parts/PauseSwitch.tsx';
import { RunBars } from '../../parts/RunBars.tsx';
import { StateBadge } from '../../parts/StateBadge.tsx';
import { RelativeTime } from '../../parts/times.tsx';
import { Chip } from './Chip.tsx';
import classes from './dags.module.css';

const ROW_PIXELS = 54;
/** The next page is asked for this many rows before the end. */
const AHEAD = 20;

interface Props {
  dags: readonly DagSummary[];
  onTag(tag: string): void;
  onEnd(): void;
}

export function DagRows({ dags, onTag, onEnd }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: dags.length,
    estimateSize: () => ROW_PIXELS,
    overscan: 8,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: (place) => dags[place]?.dagId ?? place,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= dags.length - AHEAD) onEnd();
  });
  return (
    <div ref={box} role="table" aria-label="DAGs" aria-rowcount={dags.length}>
      <div role="rowgroup">
        <div role="row" className={`${classes.row} ${classes.head}`}>
          <span role="columnheader">On</span>
          <span role="columnheader">DAG</span>
          <span role="columnheader" className={classes.wide}>
            Schedule
          </span>
          <span role="columnheader" className={classes.wide}>
            Next run
          </span>
          <span role="columnheader">Last runs</span>
          <span role="columnheader" className={classes.wide}>
            Now
          </span>
          <span role="columnheader">
            <VisuallyHidden>Actions</VisuallyHidden>
          </span>
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {rows.map(({ index, key, start }) => {
          const dag = dags[index];
          if (!dag) return null;
          const top = start - virtual.options.scrollMargin;
          return (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 1}
              className={`${classes.row} ${classes.body}`}
              style={{ transform: `translateY(${top}px)`, height: ROW_PIXELS }}
            >
              <Row dag={dag} onTag={onTag} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ dag, onTag }: { dag: DagSummary; onTag: (tag: string) => void }) {
  const open = useOpen();
  const may = useRights(dag);
  const { dagId, description, tags, paused, schedule, timezone, nextRunAt, lastRuns } = dag;
  return (
    <>
      <span role="cell">
        <PauseSwitch dagId={dagId} tags={tags} paused={paused} />
      </span>
      <div role="cell" style={{ minWidth: 0 }}>
        <Group gap={6} wrap="nowrap">
          <DagLink dagId={dagId} />
          {dag.trouble !== null && (
            <Tooltip label={dag.trouble}>
              <IconAlertTriangle size={15} color="#e5484d" aria-label={dag.trouble} />
            </Tooltip>
          )}
          {tags.slice(0, 3).map((tag) => (
            <Chip key={tag} label={`Only DAGs with the tag ${tag}`} onClick={() => onTag(tag)}>
              {tag}
            </Chip>
          ))}
        </Group>
        <Text size="xs" c="dimmed" truncate>
          {description ?? dag.owner ?? ''}
        </Text>
      </div>
      <Tooltip label={timezone} disabled={schedule === null}>
        <Text role="cell" size="xs" ff="monospace" truncate className={classes.wide}>
          {schedule ?? 'by hand'}
        </Text>
      </Tooltip>
      <span role="cell" className={classes.wide}>
        <RelativeTime time={paused ? null : nextRunAt} />
      </span>
      <span role="cell">
        <RunBars dagId={dagId} runs={lastRuns} />
      </span>
      <span role="cell" className={classes.wide}>
        {dag.activeRuns > 0 && <StateBadge state="running" count={dag.activeRuns} />}
      </span>
      <span role="cell">
        {may('operate') && (
          <Tooltip label="Trigger a run">
            <ActionIcon
              variant="subtle"
              onClick={() => open(triggerHref(dagId))}
              aria-label={`Trigger a run of ${dagId}`}
            >
              <IconPlayerPlay size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </>
  );
}
