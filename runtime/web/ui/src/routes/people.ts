/** `/sign-in` and `/welcome`, which stand without the shell; `/tokens` and `/users`. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root.ts';

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('../pages/SignIn.tsx'), 'SignIn'),
});

const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/welcome',
  component: lazyRouteComponent(() => import('../pages/Welcome.tsx'), 'Welcome'),
});

const tokensRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('../pages/Tokens.tsx'), 'Tokens'),
});

const usersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/users',
  component: lazyRouteComponent(() => import('../pages/Users.tsx'), 'Users'),
});

export const peopleRoutes = [signInRoute, welcomeRoute, tokensRoute, usersRoute] as const;
