/** GET /events: what changed, to who may see it, at most four times a second. The pages ask again for what they show. */
import type { FastifyInstance } from 'fastify';
import {
  allows,
  allowsSomewhere,
  type DagFacts,
  type Identity,
} from '../../../src/model/access.ts';
import { ChangeReader } from '../changeReader.ts';
import { type ApiContext, route } from './route.ts';
import type { Change } from './schema/events.ts';
import { Sse } from './sse.ts';

export function serveEvents(api: FastifyInstance, context: ApiContext, streams: Set<Sse>): void {
  const reader = new ChangeReader(context.database);
  route(api, context, {
    method: 'GET',
    path: '/events',
    id: 'followChanges',
    summary: 'What changed, as it changes',
    tag: 'Platform',
    right: 'signedIn',
    raw: { type: 'text/event-stream' },
    handle({ identity, request, reply }) {
      const stream = new Sse(request, reply, streams);
      const stop = reader.listen({
        begin: () => stream.send('hello', {}),
        tell(change, dags) {
          const seen = seenBy(identity, change, dags);
          if (seen) stream.send('change', seen);
        },
      });
      stream.signal.addEventListener('abort', stop);
      return Promise.resolve(undefined);
    },
  });
}

/** Undefined: nothing of it. */
export function seenBy(
  identity: Identity,
  change: Change,
  dags: ReadonlyMap<string, DagFacts>,
): Change | undefined {
  const may = (dagId: string) => allows(identity, 'view', dags.get(dagId) ?? { dagId, tags: [] });
  const runs = change.runs.filter(({ dagId }) => may(dagId));
  const names = change.dags.filter(may);
  // Of the installation those are told who may look at some DAG: not a token that only deploys.
  const maySee = allowsSomewhere(identity, 'view');
  const [workers, pools, buildErrors] = [change.workers, change.pools, change.buildErrors].map(
    (isChanged) => isChanged && maySee,
  ) as [boolean, boolean, boolean];
  if (runs.length + names.length === 0 && !workers && !pools && !buildErrors) return undefined;
  return { runs, dags: names, workers, pools, buildErrors };
}
