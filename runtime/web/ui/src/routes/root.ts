/** The root of all routes: the shell, and what is shown for addresses that lead nowhere. */
import { createRootRoute } from '@tanstack/react-router';
import { Frame } from '../shell/Frame.tsx';
import { NotFound } from '../shell/NotFound.tsx';

export const rootRoute = createRootRoute({ component: Frame, notFoundComponent: NotFound });
