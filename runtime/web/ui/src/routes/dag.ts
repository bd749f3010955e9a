/** `/dags/$dagId`: one DAG; the tab and all that is chosen in it stand in the address. */
import { noop } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { RUN_STATES, TASK_STATES } from '../../../../../src/model/states.ts';
import { client } from '../api/client.ts';
import { dagQuery, gridQuery } from '../api/queries.ts';
import { rootRoute } from './root.ts';
import { RUN_KINDS } from './runs.ts';
import { day, number, oneOf, text, optional } from './search.ts';

export const DAG_TABS = ['grid', 'graph', 'runs', 'calendar', 'durations', 'code'] as const;
/** The grid shows so many, if the address does not say. */
export const DEFAULT_RUNS = 50;
export type DagTab = (typeof DAG_TABS)[number];

export const dagRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/dags/$dagId',
  validateSearch: (search) =>
    optional({
      tab: oneOf(DAG_TABS, search.tab),
      /** Grid: how many runs. */
      runs: number(search.runs),
      /** Grid: closed groups, graph: open ones, with commas. */
      closed: text(search.closed),
      opened: text(search.opened),
      /** Grid and graph: only tasks with this in their id. */
      find: text(search.find),
      /** Grid: the mapped task that is open, of `run`, and in which state its instances have to be. */
      instances: text(search.instances),
      among: oneOf(TASK_STATES, search.among),
      /** Graph: the run whose states are shown, the task that is chosen, and whether only what is near it is there. */
      run: text(search.run),
      task: text(search.task),
      only: oneOf(['near'], search.only),
      state: oneOf(RUN_STATES, search.state),
      kind: oneOf(RUN_KINDS, search.kind),
      /** Runs: of this day alone. */
      day: day(search.day),
      year: number(search.year),
      version: number(search.version),
      /** Code: what the version is compared with. */
      with: number(search.with),
      file: text(search.file),
    }),
  loaderDeps: ({ search: { tab = 'grid', runs = DEFAULT_RUNS } }) => ({ tab, runs }),
  loader: ({ params: { dagId }, deps: { tab, runs } }) => {
    void client.query(dagQuery(dagId)).catch(noop);
    if (tab === 'grid') void client.query(gridQuery(dagId, runs)).catch(noop);
  },
  component: lazyRouteComponent(() => import('../pages/dag/DagPage.tsx'), 'DagPage'),
});
