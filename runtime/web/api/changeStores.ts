/** Pools and variables made, changed and deleted. */
import type { FastifyInstance } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import type { Json } from '../../../src/plan/plan.ts';
import { deletePool, setPool } from '../../commands/pools.ts';
import { deleteVariable, setVariables } from '../../commands/variables.ts';
import { type ApiContext, route } from './route.ts';
import * as schema from './schema/actions.ts';

const tag = 'Actions';

export function serveStoreChanges(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'PUT',
    path: '/pools/:name',
    id: 'setPool',
    summary: 'Make a pool, or change its slots',
    tag,
    right: 'edit',
    params: schema.PoolPath,
    body: schema.PoolChange,
    answer: schema.PoolChanged,
    async handle({ params: { name }, body, identity }) {
      const { slots, description } = body;
      const pool = { name, slots, description: description ?? undefined };
      return { made: await setPool(database, pool, identity.name) };
    },
  });

  route(api, context, {
    method: 'DELETE',
    path: '/pools/:name',
    id: 'deletePool',
    summary: 'Delete a pool that nothing uses',
    tag,
    right: 'edit',
    params: schema.PoolPath,
    async handle({ params: { name }, identity }) {
      const isDone = await deletePool(database, name, identity.name);
      if (!isDone) throw new PodlineError('not_found.pool', { pool: name });
      return undefined;
    },
  });

  route(api, context, {
    method: 'PUT',
    path: '/variables/:key',
    id: 'setVariable',
    summary: 'Set a variable',
    tag,
    right: 'edit',
    params: schema.VariablePath,
    body: schema.VariableChange,
    async handle({ params: { key }, body: { value, description }, identity }) {
      const variable = { key, value: value as Json, description: description ?? undefined };
      await setVariables(database, [variable], 'variable.set', identity.name);
      return undefined;
    },
  });

  route(api, context, {
    method: 'DELETE',
    path: '/variables/:key',
    id: 'deleteVariable',
    summary: 'Delete a variable',
    tag,
    right: 'edit',
    params: schema.VariablePath,
    async handle({ params: { key }, identity }) {
      const isDone = await deleteVariable(database, key, identity.name);
      if (!isDone) throw new PodlineError('not_found.variable', { variable: key });
      return undefined;
    },
  });
}
