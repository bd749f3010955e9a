/** An installation behind a webserver: its REST API, with the rights of an API token. Opened by session.ts. */
import type { Json } from '../../../src/plan/plan.ts';
import type { Schemas } from '../../web/client/client.ts';
import type { VariableRow } from '../../database/queries/readVariables.ts';
import { PodlineError } from '../../../src/errors.ts';
import type { Installation, Pools, Variables } from '../installation.ts';
import { orNothing, pages, time, told } from './answers.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { remoteDags } from './dags.ts';
import { remoteRuns } from './runs.ts';
import { remoteTasks } from './tasks.ts';

export function remoteInstallation(options: ConnectionOptions): Installation {
  const connection = new Connection(options);
  return {
    dags: remoteDags(connection),
    runs: remoteRuns(connection),
    tasks: remoteTasks(connection),
    pools: poolsOf(connection),
    variables: variablesOf(connection),
  };
}

function poolsOf({ api }: Connection): Pools {
  return {
    async list() {
      const { items } = await told(api.GET('/api/v1/pools'));
      return items.map(({ name, slots, used, description }) => ({
        ...{ name, slots, used, description },
      }));
    },
    async set({ name, ...body }) {
      const params = { path: { name } };
      return (await told(api.PUT('/api/v1/pools/{name}', { params, body }))).made;
    },
    async delete(name) {
      return isDone(told(api.DELETE('/api/v1/pools/{name}', { params: { path: { name } } })));
    },
  };
}

function variablesOf({ api }: Connection): Variables {
  return {
    async list({ after, limit }) {
      const items = await pages(limit, (page) =>
        told(api.GET('/api/v1/variables', { params: { query: { after, ...page } } })),
      );
      return items.map(variable);
    },
    async find(key) {
      const { items } = await told(api.GET('/api/v1/variables', { params: { query: { key } } }));
      const [found] = items;
      if (!found) return undefined;
      // Values are for who may change them.
      if (!('value' in found)) throw new PodlineError('auth.forbidden', { right: 'edit' });
      return variable(found);
    },
    async set({ key, value, description }) {
      const params = { path: { key } };
      await told(api.PUT('/api/v1/variables/{key}', { params, body: { value, description } }));
    },
    async delete(key) {
      return isDone(told(api.DELETE('/api/v1/variables/{key}', { params: { path: { key } } })));
    },
  };
}

function variable(row: Schemas['VariableSummary']): VariableRow {
  const { key, description } = row;
  const value = 'value' in row ? (row.value as Json) : '***';
  return { key, value, description, updatedAt: time(row.updatedAt) };
}

/** False when there was nothing to do it with. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  return (await orNothing(work.then(() => true))) ?? false;
}
