/** `/`: how the installation is. */
import { noop } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { client } from '../api/client.ts';
import { overviewQuery } from '../api/queries.ts';
import { rootRoute } from './root.ts';

export const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  // Asked for while the code of the page is on its way.
  loader: () => void client.query(overviewQuery).catch(noop),
  component: lazyRouteComponent(() => import('../pages/home/HomePage.tsx'), 'HomePage'),
});
