/** Around every page: the shell, but for the pages that one sees before one is signed in. */
import { Outlet, useLocation } from '@tanstack/react-router';
import { isEntryPage } from '../people/entryPages.ts';
import { Shell } from './Shell.tsx';

export function Frame() {
  const { pathname } = useLocation();
  return isEntryPage(pathname) ? <Outlet /> : <Shell />;
}
