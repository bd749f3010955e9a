/** The root of all routes: the shell, and what is shown for addresses that lead nowhere. */
import { createRootRoute } from '@tanstack/react-router';
import { NotFound } from '../shell/NotFound.tsx';
import { Shell } from '../shell/Shell.tsx';

export const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
