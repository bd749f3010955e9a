/** An output of a task instance as a file, however long: the pages and lists tell values up to 64 KB. */
import type { FastifyInstance } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { readXComText } from '../../database/queries/readXCom.ts';
import { asFile } from './attachment.ts';
import { runAt } from './find.ts';
import { type ApiContext, route } from './route.ts';
import { TaskPath } from './schema/ids.ts';
import { XComDownloadQuery } from './schema/taskInstance.ts';

export function serveXComs(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/runs/:runId/tasks/:taskId/:mapIndex/xcom/download',
    id: 'downloadXCom',
    summary: 'One output of a task instance, whole, as a file',
    tag: 'Tasks',
    right: 'view',
    params: TaskPath,
    query: XComDownloadQuery,
    raw: { type: 'application/json' },
    async handle({ params, query: { key }, reply }) {
      const { dagId, taskId, mapIndex } = params;
      const { id, runId } = await runAt(database, params);
      const text = await readXComText(database, id, { taskId, mapIndex, key });
      if (text === undefined) {
        throw new PodlineError('not_found.xcom', { key, task: taskId, dag: dagId, run: runId });
      }
      const names = [dagId, runId, taskId, mapIndex, key];
      // As bytes: text would be taken for a value that is still to be made JSON.
      void asFile(reply, 'application/json', names, 'json').send(Buffer.from(text));
      return undefined;
    },
  });
}
