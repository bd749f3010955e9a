/** `/runs`: runs of all DAGs. */
import { noop } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { RUN_STATES } from '../../../../../src/model/states.ts';
import { client } from '../api/client.ts';
import { runsQuery } from '../api/queries.ts';
import { rootRoute } from './root.ts';
import { oneOf, text, optional } from './search.ts';

export const RUN_KINDS = ['scheduled', 'manual', 'backfill'] as const;

export const runsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/runs',
  validateSearch: (search) =>
    optional({
      dagId: text(search.dagId),
      state: oneOf(RUN_STATES, search.state),
      kind: oneOf(RUN_KINDS, search.kind),
    }),
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => void client.infiniteQuery(runsQuery(deps)).catch(noop),
  component: lazyRouteComponent(() => import('../pages/runs/RunsPage.tsx'), 'RunsPage'),
});
