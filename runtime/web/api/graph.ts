/** The graph of a DAG or of the version that a run is on: nodes, edges, groups. States come from /states. */
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import type { PlanGroup, PlanTask } from '../../../src/plan/plan.ts';
import { readGraph } from '../../database/queries/web/readGraph.ts';
import { runAt } from './find.ts';
import { type ApiContext, route } from './route.ts';
import { Graph, GraphQuery } from './schema/graph.ts';
import { DagPath, RunPath } from './schema/ids.ts';

export function serveGraph(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const answer = async (dagId: string, version?: number) => {
    const found = await readGraph(database, dagId, version);
    if (!found) throw new PodlineError('not_found.version', { dag: dagId, version });
    return graphOf(found.version, found.tasks, found.groups);
  };
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/graph',
    id: 'getGraph',
    summary: 'Tasks, edges and groups of a version',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: GraphQuery,
    answer: Graph,
    handle: ({ params, query }) => answer(params.dagId, query.version),
  });
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/graph',
    id: 'getRunGraph',
    summary: 'Tasks, edges and groups of the version that a run is on',
    tag: 'Runs',
    right: 'view',
    params: RunPath,
    answer: Graph,
    async handle({ params }) {
      const { version } = await runAt(database, params);
      return answer(params.dagId, version);
    },
  });
}

export function graphOf(
  version: number,
  tasks: readonly PlanTask[],
  groups: readonly PlanGroup[],
): z.input<typeof Graph> {
  const places = new Map(tasks.map(({ id }, place) => [id, place]));
  return {
    version,
    nodes: tasks.map((task) => ({
      taskId: task.id,
      group: task.group ?? null,
      operator: task.operator,
      description: task.description ?? null,
      triggerRule: task.triggerRule,
      isMapped: task.map != null,
      isSensor: task.sensor != null,
      isBranch: task.flow != null,
      isSetup: task.setup,
      isTeardown: task.teardownOf != null,
    })),
    edges: tasks.flatMap(({ upstream }, to) =>
      upstream.flatMap((id): [number, number][] => {
        const from = places.get(id);
        return from === undefined ? [] : [[from, to]];
      }),
    ),
    groups: groups.map(({ id, label }) => ({
      id,
      label: label ?? null,
      parent: id.includes('.') ? id.slice(0, id.lastIndexOf('.')) : null,
    })),
  };
}
