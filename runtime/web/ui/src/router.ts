/** All routes together. A page adds its route file here; main.tsx hands the router to React. */
import { createRouter } from '@tanstack/react-router';
import { ErrorPanel } from './parts/feedback.tsx';
import { backfillRoute, triggerRoute } from './routes/actions.ts';
import { adminRoutes } from './routes/admin.ts';
import { dagRoute } from './routes/dag.ts';
import { dagsRoute } from './routes/dags.ts';
import { homeRoute } from './routes/home.ts';
import { peopleRoutes } from './routes/people.ts';
import { rootRoute } from './routes/root.ts';
import { runRoute } from './routes/run.ts';
import { runsRoute } from './routes/runs.ts';
import { taskRoute } from './routes/task.ts';

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    homeRoute,
    dagsRoute,
    dagRoute,
    runsRoute,
    runRoute,
    taskRoute,
    triggerRoute,
    backfillRoute,
    ...adminRoutes,
    ...peopleRoutes,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: ErrorPanel,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
