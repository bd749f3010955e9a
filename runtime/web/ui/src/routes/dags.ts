/** `/dags`: the list, with its search and filters in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { oneOf, text, optional } from './search.ts';
import { rootRoute } from './root.ts';

export const DAG_STATES = ['active', 'paused', 'failed', 'running', 'broken'] as const;

export const dagsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags',
  validateSearch: (search) =>
    optional({
      q: text(search.q),
      tag: text(search.tag),
      state: oneOf(DAG_STATES, search.state),
    }),
  component: lazyRouteComponent(() => import('../pages/dags/DagsPage.tsx'), 'DagsPage'),
});
