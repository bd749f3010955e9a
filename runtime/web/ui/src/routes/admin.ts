/** The pages of administration, each with an address of its own. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root.ts';
import { text } from './search.ts';

const getParentRoute = () => rootRoute;

export const poolsRoute = createRoute({
  getParentRoute,
  path: '/pools',
  component: lazyRouteComponent(() => import('../pages/admin/PoolsPage.tsx'), 'PoolsPage'),
});
export const variablesRoute = createRoute({
  getParentRoute,
  path: '/variables',
  component: lazyRouteComponent(() => import('../pages/admin/VariablesPage.tsx'), 'VariablesPage'),
});
export const connectionsRoute = createRoute({
  getParentRoute,
  path: '/connections',
  component: lazyRouteComponent(
    () => import('../pages/admin/ConnectionsPage.tsx'),
    'ConnectionsPage',
  ),
});
export const workersRoute = createRoute({
  getParentRoute,
  path: '/workers',
  component: lazyRouteComponent(() => import('../pages/admin/WorkersPage.tsx'), 'WorkersPage'),
});
export const buildErrorsRoute = createRoute({
  getParentRoute,
  path: '/build-errors',
  component: lazyRouteComponent(
    () => import('../pages/admin/BuildErrorsPage.tsx'),
    'BuildErrorsPage',
  ),
});
export const backfillsRoute = createRoute({
  getParentRoute,
  path: '/backfills',
  validateSearch: (search) => ({ dagId: text(search.dagId) }),
  component: lazyRouteComponent(() => import('../pages/admin/BackfillsPage.tsx'), 'BackfillsPage'),
});
export const auditRoute = createRoute({
  getParentRoute,
  path: '/audit',
  validateSearch: (search) => ({
    actor: text(search.actor),
    action: text(search.action),
    subject: text(search.subject),
  }),
  component: lazyRouteComponent(() => import('../pages/admin/AuditPage.tsx'), 'AuditPage'),
});

export const adminRoutes = [
  poolsRoute,
  variablesRoute,
  connectionsRoute,
  workersRoute,
  buildErrorsRoute,
  backfillsRoute,
  auditRoute,
];
