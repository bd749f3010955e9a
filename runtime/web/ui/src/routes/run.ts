/** `/dags/$dagId/runs/$runId`: one run; tab, filters and open dialog stand in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { TASK_STATES } from '../../../../../src/model/states.ts';
import { rootRoute } from './root.ts';
import { oneOf, text } from './search.ts';

export const RUN_TABS = ['tasks', 'timeline', 'graph', 'assets', 'params'] as const;
export const RUN_DIALOGS = ['clear', 'retry', 'cancel', 'again'] as const;

export const runRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags/$dagId/runs/$runId',
  validateSearch: (search) => ({
    tab: oneOf(RUN_TABS, search.tab),
    state: oneOf(TASK_STATES, search.state),
    find: text(search.find),
    /** Groups of the graph that are open. */
    opened: text(search.opened),
    do: oneOf(RUN_DIALOGS, search.do),
  }),
  component: lazyRouteComponent(() => import('../pages/run/RunPage.tsx'), 'RunPage'),
});
