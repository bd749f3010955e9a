/** A link inside the pages, by its address; DagLink and RunLink name the two that are everywhere. */
import { Anchor, type AnchorProps } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface Props extends AnchorProps {
  href: string;
  children: ReactNode;
  title?: string;
  tabIndex?: number;
  'aria-label'?: string;
}

export function useOpen(): (href: string) => void {
  const { history } = useRouter();
  return (href) => history.push(href);
}

export function AppLink({ href, children, ...rest }: Props) {
  const open = useOpen();
  const onClick = (event: MouseEvent) => {
    // A new tab and the like stay the browser's.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(href);
  };
  return (
    <Anchor href={href} onClick={onClick} {...rest}>
      {children}
    </Anchor>
  );
}

export const dagHref = (dagId: string): string => `/dags/${encodeURIComponent(dagId)}`;
export const runHref = (dagId: string, runId: string): string =>
  `${dagHref(dagId)}/runs/${encodeURIComponent(runId)}`;
export const taskHref = (dagId: string, runId: string, taskId: string, mapIndex = -1): string =>
  `${runHref(dagId, runId)}/tasks/${encodeURIComponent(taskId)}/${mapIndex}`;
/** Runs of a DAG of one day: 2026-01-31. */
export const dayHref = (dagId: string, day: string): string =>
  `${dagHref(dagId)}?tab=runs&day=${day}`;
/** The dialog that starts a run. */
export const triggerHref = (dagId: string): string => `${dagHref(dagId)}/trigger`;

/** The dialog that runs a DAG for dates of the past. */
export const backfillHref = (dagId: string): string => `${dagHref(dagId)}/backfill`;

export function DagLink({ dagId }: { dagId: string }) {
  return (
    <AppLink href={dagHref(dagId)} fw={600} c="var(--mantine-color-text)" size="sm">
      {dagId}
    </AppLink>
  );
}

export function RunLink({ dagId, runId }: { dagId: string; runId: string }) {
  return (
    <AppLink href={runHref(dagId, runId)} ff="monospace" size="xs">
      {runId}
    </AppLink>
  );
}
