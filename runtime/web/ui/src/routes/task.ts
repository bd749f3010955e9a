/** `/dags/$dagId/runs/$runId/tasks/$taskId/$mapIndex`: one task instance; attempt, tab and place in the log stand in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { LEVELS } from '../log/level.ts';
import { rootRoute } from './root.ts';
import { number, oneOf, text } from './search.ts';

export const TASK_TABS = ['log', 'attempts', 'rendered', 'pod', 'output', 'task'] as const;
export const TASK_DIALOGS = ['clear', 'mark', 'priority'] as const;

export const taskRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags/$dagId/runs/$runId/tasks/$taskId/$mapIndex',
  validateSearch: (search) => ({
    tab: oneOf(TASK_TABS, search.tab),
    /** The last one where it is left out. */
    attempt: number(search.attempt),
    source: text(search.source),
    /** Byte of a line of the log. */
    at: search.at === 0 ? 0 : number(search.at),
    level: oneOf(LEVELS, search.level),
    wrap: search.wrap === false ? false : undefined,
    find: text(search.find),
    do: oneOf(TASK_DIALOGS, search.do),
  }),
  component: lazyRouteComponent(
    () => import('../pages/task/TaskInstancePage.tsx'),
    'TaskInstancePage',
  ),
});
