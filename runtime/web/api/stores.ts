/** Pools, variables and connections. Values of connections are never here; those of variables are for who may edit. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readPools } from '../../database/queries/readPools.ts';
import { readVariable, readVariables } from '../../database/queries/readVariables.ts';
import { readDeclaredConnections, readWaiting } from '../../database/queries/web/readPlatform.ts';
import { remember } from '../../observe/remember.ts';
import { allows } from '../../../src/model/access.ts';
import { pageOfRows } from './cursors.ts';
import { type ApiContext, route } from './route.ts';
import { readCursor } from './schema/page.ts';
import { ConnectionList, PoolList, VariableListQuery, VariablePage } from './schema/platform.ts';
import { utc } from './times.ts';

const Place = z.object({ after: z.string() });
const REMEMBER_MS = 10_000;
const MOST_DAGS = 20;

export function serveStores(api: FastifyInstance, context: ApiContext): void {
  const { database, connections } = context;
  route(api, context, {
    method: 'GET',
    path: '/pools',
    id: 'listPools',
    summary: 'Pools and how full they are',
    tag: 'Platform',
    right: 'signedIn',
    somewhere: 'view',
    answer: PoolList,
    async handle() {
      const [pools, waiting] = await Promise.all([readPools(database), readWaiting(database)]);
      return { items: pools.map((pool) => ({ ...pool, waiting: waiting.get(pool.name) ?? 0 })) };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/variables',
    id: 'listVariables',
    summary: 'Variables, by key',
    tag: 'Platform',
    right: 'view',
    query: VariableListQuery,
    answer: VariablePage,
    async handle({ query: { cursor, limit, key, ...query }, identity }) {
      const after = readCursor(cursor, Place)?.after ?? query.after;
      const rows =
        key === undefined
          ? await readVariables(database, { after, limit: limit + 1 })
          : [(await readVariable(database, key)) ?? []].flat();
      const mayRead = allows(identity, 'edit');
      return pageOfRows(
        rows,
        limit,
        ({ key, description, updatedAt, value }) => ({
          ...{ key, description },
          updatedAt: utc(updatedAt),
          ...(mayRead && { value }),
        }),
        ({ key }) => ({ after: key }),
      );
    },
  });

  const declared = remember(REMEMBER_MS, () => readDeclaredConnections(database));
  route(api, context, {
    method: 'GET',
    path: '/connections',
    id: 'listConnections',
    summary: 'Names of connections and where they come from',
    tag: 'Platform',
    right: 'view',
    answer: ConnectionList,
    async handle() {
      const [own, used] = await Promise.all([connections?.list() ?? [], declared()]);
      const from = new Map(own.map(({ id, source }) => [id, source]));
      const dags = new Map(used.map((one) => [one.id, one.dags]));
      const ids = [...new Set([...from.keys(), ...dags.keys()])].sort();
      return {
        items: ids.map((id) => ({
          id,
          from: from.get(id) ?? ('tasks' as const),
          dags: (dags.get(id) ?? []).slice(0, MOST_DAGS),
          dagCount: dags.get(id)?.length ?? 0,
        })),
      };
    },
  });
}
