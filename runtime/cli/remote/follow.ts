/**
 * Tells who follows something when to look again: from the events of the webserver, and now and then without. Used by runs.ts
 * and dags.ts.
 */
import type { Schemas } from '../../web/client/client.ts';
import type { Following } from '../installation.ts';
import type { Connection } from './connection.ts';
import { eventStream } from './eventStream.ts';

type Change = Schemas['Change'];

export function follow(
  connection: Connection,
  {
    concerns,
    lookMs,
    signal,
  }: { concerns: (change: Change) => boolean; lookMs: number; signal: AbortSignal },
): Following {
  connection.bePatient(signal);
  const end = new AbortController();
  const all = AbortSignal.any([signal, end.signal]);
  let isDue = false;
  let wake: () => void = () => undefined;
  let failure: Error | undefined;
  const ring = () => {
    isDue = true;
    wake();
  };
  const listen = async () => {
    for await (const { event, data } of eventStream(connection, () => '/api/v1/events', all)) {
      // What changed before `hello` was not told.
      if (event === 'hello' || concerns(data as Change)) ring();
    }
  };
  listen().catch((error: unknown) => {
    failure = error instanceof Error ? error : new Error(String(error));
    ring();
  });
  all.addEventListener('abort', ring);
  return {
    async change() {
      if (!isDue && !all.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lookMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isDue = false;
      if (failure) throw failure;
    },
    end: () => end.abort(),
  };
}
