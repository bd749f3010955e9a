/** `/dags`: the list, with its search and filters in the address. */
import { noop } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { client } from '../api/client.ts';
import { dagsQuery } from '../api/queries.ts';
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
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void client.infiniteQuery(dagsQuery(deps)).catch(noop),
  component: lazyRouteComponent(() => import('../pages/dags/DagsPage.tsx'), 'DagsPage'),
});
