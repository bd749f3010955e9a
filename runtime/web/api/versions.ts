/** Versions of a DAG: their plans and code, and what is different between two of them. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { PodlineError } from '../../../src/errors.ts';
import type { Database } from '../../database/pool.ts';
import {
  readVersion,
  readVersionKeys,
  readVersions,
  type VersionRow,
} from '../../database/queries/web/readVersions.ts';
import { pageOfRows } from './cursors.ts';
import { type ApiContext, route } from './route.ts';
import {
  Diff,
  DiffPath,
  FileQuery,
  Version,
  VersionFile,
  VersionListQuery,
  VersionPage,
  VersionPath,
} from './schema/history.ts';
import { DagPath } from './schema/ids.ts';
import { readCursor } from './schema/page.ts';
import { utc } from './times.ts';
import { filesOf, readVersionFile } from './versionFiles.ts';
import { versionDiff } from './versionDiff.ts';

const Place = z.object({ before: z.int() });

export function serveVersions(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/versions',
    id: 'listVersions',
    summary: 'Versions of a DAG, newest first',
    tag: 'DAGs',
    right: 'view',
    params: DagPath,
    query: VersionListQuery,
    answer: VersionPage,
    async handle({ params: { dagId }, query: { cursor, limit } }) {
      const before = readCursor(cursor, Place)?.before;
      const rows = await readVersions(database, { dagId, before, limit: limit + 1 });
      return pageOfRows(rows, limit, summaryOf, ({ version }) => ({ before: version }));
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/versions/:version',
    id: 'getVersion',
    summary: 'One version: plan, tasks, names of its files',
    tag: 'DAGs',
    right: 'view',
    params: VersionPath,
    answer: Version,
    async handle({ params }) {
      const found = await versionAt(database, params);
      const files = await filesOf(database, found);
      const { plan, taskList } = found;
      return {
        ...summaryOf({ ...found, tasks: taskList.length }),
        plan,
        taskList,
        files: files.map(({ path, bytes, origin }) => ({ path, bytes, origin })),
      };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/versions/:version/file',
    id: 'getVersionFile',
    summary: 'One file of a version',
    tag: 'DAGs',
    right: 'view',
    params: VersionPath,
    query: FileQuery,
    answer: VersionFile,
    async handle({ params: { dagId, version }, query }) {
      const keys = await readVersionKeys(database, dagId, version);
      if (!keys) throw new PodlineError('not_found.version', { dag: dagId, version });
      const tasks = async () => (await versionAt(database, { dagId, version })).taskList;
      const file = await readVersionFile(database, keys, query, tasks);
      if (!file)
        throw new PodlineError('not_found.file', { file: query.path, dag: dagId, version });
      return { path: query.path, ...file };
    },
  });

  route(api, context, {
    method: 'GET',
    path: '/dags/:dagId/versions/:from/diff/:to',
    id: 'diffVersions',
    summary: 'What is different between two versions',
    tag: 'DAGs',
    right: 'view',
    params: DiffPath,
    answer: Diff,
    async handle({ params: { dagId, from, to } }) {
      const [before, after] = await Promise.all(
        [from, to].map(async (version) => {
          const found = await versionAt(database, { dagId, version });
          return { ...found, files: await filesOf(database, found) };
        }),
      );
      if (!before || !after) throw new Error('two versions were asked for');
      return versionDiff(before, after);
    },
  });
}

async function versionAt(
  database: Database,
  { dagId, version }: { dagId: string; version: number },
) {
  const found = await readVersion(database, dagId, version);
  if (!found) throw new PodlineError('not_found.version', { dag: dagId, version });
  return found;
}

function summaryOf({ version, hash, createdAt, isCurrent, tasks }: Omit<VersionRow, 'versionId'>) {
  return { version, hash, createdAt: utc(createdAt), isCurrent, tasks };
}
