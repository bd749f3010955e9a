/** `/dags/$dagId/trigger` and `/dags/$dagId/backfill`: dialogs that can be linked. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root.ts';

export const triggerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags/$dagId/trigger',
  component: lazyRouteComponent(() => import('../pages/run/TriggerPage.tsx'), 'TriggerPage'),
});

export const backfillRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags/$dagId/backfill',
  component: lazyRouteComponent(() => import('../pages/run/BackfillPage.tsx'), 'BackfillPage'),
});
