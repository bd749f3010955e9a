/**
 * Keeps the grids on the screen up to date: of changed runs it asks for their columns alone, one question at a time, and
 * for the whole where a column does not tell enough. A run that changes while it is asked for is asked for again, so no
 * change is missed. Called by live.ts.
 */
import { noop, type Query, type QueryClient } from '@tanstack/react-query';
import { MOST_NAMED_RUNS } from '../../../api/schema/limits.ts';
import { at, get } from './call.ts';
import { type LiveGrid, mergeGrid } from './mergeGrid.ts';
import type { GridRuns } from './types.ts';

/** With more changes than this share of its runs, the whole costs less. */
const MOST_SHARE = 0.25;

interface Waiting {
  /** Something changed since the last question. */
  isOld: boolean;
  /** Runs that changed; none: it may be the plan. */
  runs: Set<string>;
}

/** Of each grid that is being brought up to date. */
const waiting = new Map<string, Waiting>();

export const isGridOf = (dagId: string, key: readonly unknown[]): boolean =>
  key[0] === 'dag' && key[1] === dagId && key[2] === 'grid';

export function followGrids(client: QueryClient, dagId: string, runIds: readonly string[]): void {
  const predicate = ({ queryKey }: { queryKey: readonly unknown[] }) => isGridOf(dagId, queryKey);
  for (const query of client.getQueryCache().findAll({ predicate })) {
    const known = waiting.get(query.queryHash);
    if (known) {
      known.isOld = true;
      for (const runId of runIds) known.runs.add(runId);
    } else {
      const now = { isOld: true, runs: new Set(runIds) };
      waiting.set(query.queryHash, now);
      void follow(client, query as Query<LiveGrid>, now).finally(() =>
        waiting.delete(query.queryHash),
      );
    }
  }
}

async function follow(client: QueryClient, query: Query<LiveGrid>, now: Waiting): Promise<void> {
  // Joins one that is on its way.
  const whole = () => query.fetch().catch(noop);
  while (now.isOld) {
    if (query.state.fetchStatus === 'fetching') {
      // It may have been read before the change: what waits is asked for afterwards.
      await whole();
      if (query.state.status === 'error') return;
      continue;
    }
    // It asks for the whole when it comes back to the screen or the network.
    if (!query.isActive() || query.state.fetchStatus === 'paused') {
      query.invalidate();
      return;
    }
    now.isOld = false;
    const { data: grid, isInvalidated } = query.state;
    const [newest] = grid?.runs ?? [];
    const most = Math.max(MOST_NAMED_RUNS, (grid?.runs.length ?? 0) * MOST_SHARE);
    if (!grid?.order || !newest || isInvalidated || now.runs.size > most) {
      now.runs.clear();
      await whole();
      continue;
    }
    // Any column tells whether tasks are others.
    const asked = now.runs.size === 0 ? [newest.runId] : [...now.runs].slice(0, MOST_NAMED_RUNS);
    for (const runId of asked) now.runs.delete(runId);
    now.isOld = now.runs.size > 0;
    const merged = await ask(query.queryKey[1] as string, grid, asked);
    if (!isStill(query, grid)) {
      // The whole came or comes meanwhile, and nobody knows which of both answers is newer.
      for (const runId of asked) now.runs.add(runId);
      now.isOld = true;
    } else if (merged) client.setQueryData<LiveGrid>(query.queryKey, merged);
    else await whole();
  }
}

/** Nothing was asked or answered meanwhile. */
function isStill({ state }: Query<LiveGrid>, grid: LiveGrid): boolean {
  return state.data === grid && state.fetchStatus === 'idle' && !state.isInvalidated;
}

/** Undefined: ask for the whole, which also says what is wrong. */
async function ask(
  dagId: string,
  grid: LiveGrid,
  runId: readonly string[],
): Promise<LiveGrid | undefined> {
  try {
    const query = { runId, order: grid.order ?? undefined };
    const answer = await get<GridRuns>(at`/dags/${dagId}/grid/runs`, query);
    return mergeGrid(grid, answer, runId);
  } catch {
    return undefined;
  }
}
