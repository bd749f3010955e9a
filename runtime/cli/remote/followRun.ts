/** Tells who follows a run when to look again: from the events of the webserver, and now and then without. Used by runs.ts. */
import type { Schemas } from '../../web/client/client.ts';
import type { Following, RunKey } from '../installation.ts';
import type { Connection } from './connection.ts';
import { eventStream } from './eventStream.ts';

/** Words such as "waits: no scheduler is running" change without an event of the run. */
const LOOK_MS = 5_000;

export function followRun(
  connection: Connection,
  { dagId, runId }: RunKey,
  signal: AbortSignal,
): Following {
  connection.bePatient();
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
      if (event === 'hello' || concerns(data as Schemas['Change'], { dagId, runId })) ring();
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
          const timer = setTimeout(resolve, LOOK_MS);
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

function concerns({ runs, dags, workers }: Schemas['Change'], { dagId, runId }: RunKey): boolean {
  return (
    workers ||
    dags.includes(dagId) ||
    runs.some((run) => run.dagId === dagId && run.runId === runId)
  );
}
