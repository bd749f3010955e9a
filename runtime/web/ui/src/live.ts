/**
 * One stream of the webserver for the whole page says what changed, and the queries that show it are asked again: no
 * polling, no reload button. Keys are those of api/queries.ts. What is not on the screen is only marked as old.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Change } from './api/types.ts';

const EVENTS = '/api/v1/events';

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
  const source = new EventSource(EVENTS);
  const become = (next: Connection) => {
    connection = next;
    for (const tell of watchers) tell();
  };
  source.addEventListener('open', () => {
    // What happened while nobody listened is unknown.
    if (connection === 'lost') void client.invalidateQueries();
    become('live');
  });
  source.addEventListener('error', () => become('lost'));
  const take = (event: MessageEvent<string>) =>
    applyChange(client, JSON.parse(event.data) as Change);
  source.addEventListener('message', take);
  source.addEventListener('change', take);
  return () => source.close();
}

export function applyChange(client: QueryClient, change: Change): void {
  const old = (...queryKey: string[]) => void client.invalidateQueries({ queryKey });
  for (const dagId of new Set([...change.dags, ...change.runs.map((run) => run.dagId)])) {
    old('dag', dagId);
  }
  for (const { dagId, runId } of change.runs) old('run', dagId, runId);
  if (change.runs.length > 0) old('runs');
  if (change.runs.length > 0 || change.dags.length > 0) old('dags');
  if (change.workers) old('workers');
  if (change.pools) old('pools');
  if (change.buildErrors) old('buildErrors');
  old('overview');
}
