/**
 * Colour, icon and words of each state of runs, task instances and attempts: the one table that all pages use. Names are
 * those of docs/states.md. Colours are given as they are, because canvases need them, too.
 */
import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconClockHour4,
  IconClockPause,
  IconLoader2,
  IconPlayerSkipForwardFilled,
  IconRefresh,
  IconRocket,
  IconStack2,
  IconTrash,
  IconArrowUpCircle,
  type Icon,
} from '@tabler/icons-react';
import type { RunState, TaskState } from '../../../../src/model/states.ts';

export type AnyState = RunState | TaskState | 'waiting';

interface Look {
  color: string;
  icon: Icon;
  words: string;
}

export const STATES: Record<AnyState, Look> = {
  none: { color: '#9aa4b2', icon: IconCircleDashed, words: 'not started' },
  scheduled: { color: '#b6a37a', icon: IconClockHour4, words: 'scheduled' },
  queued: { color: '#8b95a5', icon: IconStack2, words: 'queued' },
  launching: { color: '#22b8cf', icon: IconRocket, words: 'launching' },
  running: { color: '#3b82f6', icon: IconLoader2, words: 'running' },
  success: { color: '#22a06b', icon: IconCircleCheckFilled, words: 'success' },
  failed: { color: '#e5484d', icon: IconCircleXFilled, words: 'failed' },
  skipped: { color: '#d28fc4', icon: IconPlayerSkipForwardFilled, words: 'skipped' },
  upstream_failed: { color: '#f08c4a', icon: IconArrowUpCircle, words: 'upstream failed' },
  up_for_retry: { color: '#e6b422', icon: IconRefresh, words: 'up for retry' },
  up_for_reschedule: { color: '#5ec8b8', icon: IconClockPause, words: 'up for reschedule' },
  deferred: { color: '#9a7fe8', icon: IconClockPause, words: 'deferred' },
  removed: { color: '#6b7280', icon: IconTrash, words: 'removed' },
  waiting: { color: '#5ec8b8', icon: IconClockPause, words: 'waiting' },
};

export function lookOf(state: string): Look {
  return STATES[state in STATES ? (state as AnyState) : 'none'];
}

export function stateColor(state: string): string {
  return lookOf(state).color;
}
