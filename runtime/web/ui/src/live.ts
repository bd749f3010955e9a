/**
 * One stream of the webserver for the whole page says what changed, and the queries that show it are asked again: no
 * polling, no reload button. Keys are those of api/queries.ts. What is not on the screen is only marked as old.
 */
import type { QueryClient } from '@tanstack/react-query';
import { get } from './api/call.ts';
import { followGrids, isGridOf } from './api/gridChanges.ts';
import type { Change } from './api/types.ts';

const EVENTS = '/api/v1/events';
const AGAIN_MS = 3_000;

export type Connection = 'connecting' | 'live' | 'lost';

let connection: Connection = 'connecting';
const watchers = new Set<() => void>();

export function watchConnection(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function connectionState(): Connection {
  return connection;
}

export function openLive(client: QueryClient): () => void {
  let source = new EventSource(EVENTS);
  let again: ReturnType<typeof setTimeout> | undefined;
  const become = (next: Connection) => {
    connection = next;
    for (const tell of watchers) tell();
  };
  const take = (event: MessageEvent<string>) =>
    applyChange(client, JSON.parse(event.data) as Change);
  const listen = () => {
    // Not when it opens: only from its first word on does the webserver miss nothing.
    source.addEventListener('hello', () => {
      // What happened while nobody listened is unknown.
      if (connection === 'lost') void client.invalidateQueries();
      become('live');
    });
    source.addEventListener('error', () => {
      become('lost');
      // Browsers come again by themselves, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) again = setTimeout(reopen, AGAIN_MS);
    });
    source.addEventListener('message', take);
    source.addEventListener('change', take);
  };
  const reopen = () => {
    // A session that is over leads to the sign-in page.
    void get('/me').catch(() => undefined);
    source = new EventSource(EVENTS);
    listen();
  };
  listen();
  return () => {
    clearTimeout(again);
    source.close();
  };
}

export function applyChange(client: QueryClient, change: Change): void {
  const old = (...queryKey: string[]) => void client.invalidateQueries({ queryKey });
  const runs = Map.groupBy(change.runs, (run) => run.dagId);
  for (const dagId of new Set([...change.dags, ...runs.keys()])) {
    void client.invalidateQueries({
      queryKey: ['dag', dagId],
      predicate: ({ queryKey }) => !isGridOf(dagId, queryKey),
    });
    const runIds = runs.get(dagId)?.map(({ runId }) => runId) ?? [];
    followGrids(client, dagId, runIds);
  }
  for (const dagId of change.dags) old('versions', dagId);
  for (const { dagId, runId } of change.runs) old('run', dagId, runId);
  if (change.runs.length > 0) {
    old('runs');
    old('backfills');
  }
  if (change.runs.length > 0 || change.dags.length > 0) old('dags');
  if (change.workers) old('workers');
  if (change.pools) old('pools');
  if (change.buildErrors) old('buildErrors');
  old('overview');
}
