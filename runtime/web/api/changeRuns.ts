/** What people do to a run and its tasks: cancel, clear with a preview, mark, priority and pool. */
import type { FastifyInstance } from 'fastify';
import { changeTask } from '../../commands/changeTask.ts';
import { commandRun } from '../../commands/commandRun.ts';
import { previewClear } from '../../commands/previewClear.ts';
import type { RunDetails } from '../../database/queries/readRun.ts';
import type { Command } from '../../scheduler/decision.ts';
import type { Identity } from '../../../src/model/access.ts';
import { runAt } from './find.ts';
import { type ApiContext, route } from './route.ts';
import * as schema from './schema/actions.ts';
import { RunPath, TaskPath } from './schema/ids.ts';

const MOST_INSTANCES = 1_000;
const tag = 'Actions';

export function serveRunChanges(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;

  async function perform({ dagId, runId }: RunDetails, command: Command, { name }: Identity) {
    await commandRun(database, { dagId, runId }, command, name);
    return (await runAt(database, { dagId, runId })).state;
  }

  route(api, context, {
    method: 'POST',
    path: '/dags/:dagId/runs/:runId/cancel',
    id: 'cancelRun',
    summary: 'Stop a run and its tasks',
    tag,
    right: 'operate',
    params: RunPath,
    answer: schema.RunChanged,
    async handle({ params, identity }) {
      const run = await runAt(database, params);
      return { state: await perform(run, { kind: 'cancel' }, identity) };
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/dags/:dagId/runs/:runId/clear',
    id: 'clearRun',
    summary: 'Run tasks again, or say which ones that would be',
    tag,
    right: 'operate',
    params: RunPath,
    body: schema.Clear,
    answer: schema.Cleared,
    async handle({ params, body: { dryRun, latest, ...chosen }, identity }) {
      const run = await runAt(database, params);
      const command = { kind: 'clear' as const, ...chosen, latestVersion: latest };
      const instances = await previewClear(database, run, command);
      const state = dryRun ? run.state : await perform(run, command, identity);
      return { state, count: instances.length, tasks: instances.slice(0, MOST_INSTANCES) };
    },
  });

  route(api, context, {
    method: 'POST',
    path: '/dags/:dagId/runs/:runId/mark',
    id: 'markRun',
    summary: 'Set the state of a run or of tasks by hand',
    tag,
    right: 'operate',
    params: RunPath,
    body: schema.Mark,
    answer: schema.RunChanged,
    async handle({ params, body, identity }) {
      const run = await runAt(database, params);
      return { state: await perform(run, { kind: 'mark', ...body }, identity) };
    },
  });

  route(api, context, {
    method: 'PATCH',
    path: '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex',
    id: 'changeTask',
    summary:
      'Another priority or pool for a task that waits; in another pool it waits for its turn',
    tag,
    right: 'operate',
    params: TaskPath,
    body: schema.TaskChange,
    async handle({ params: { dagId, taskId, mapIndex, runId }, body, identity }) {
      const run = await runAt(database, { dagId, runId });
      await changeTask(database, run, { taskId, mapIndex }, body, identity.name);
      return undefined;
    },
  });
}
