/**
 * POST /deploy: a build as `podline build --out` makes it, as tar.gz. No code of it runs here: plans are read, checked
 * against their hash and stored.
 */
import type { FastifyInstance } from 'fastify';
import { readBuild, unreadable } from '../../build/readBuild.ts';
import type { BuildResult } from '../../build/types.ts';
import { unpackArchive } from '../../build/unpackBuild.ts';
import { deployBuild } from '../../commands/deploy.ts';
import { folderOf } from '../../register/registerBuild.ts';
import { allows } from '../../../src/model/access.ts';
import { type ApiContext, route } from './route.ts';
import { Archive, Deployed, DeployQuery } from './schema/deploy.ts';

export const BUILD_TYPE = 'application/gzip';
const WHAT = 'the build';
const MOST_BYTES = 32 * 2 ** 20;

export function serveDeploy(api: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  api.addContentTypeParser(BUILD_TYPE, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  route(api, context, {
    method: 'POST',
    path: '/deploy',
    id: 'deploy',
    summary: 'Take a build: its DAGs become those of the name; those that it lacks are set aside',
    tag: 'Actions',
    right: 'signedIn',
    somewhere: 'deploy',
    upload: { type: BUILD_TYPE, most: MOST_BYTES },
    query: DeployQuery,
    body: Archive,
    answer: Deployed,
    async handle({ query: { name, dryRun }, body, identity }) {
      const owner = `api:${name}`;
      const dags = await withBuild(body, owner, (build) => {
        if (build.dags.length === 0) throw unreadable(WHAT, 'it has no DAGs');
        return deployBuild(database, build, {
          owner,
          actor: identity.name,
          dryRun,
          mayDeploy: (dag) => allows(identity, 'deploy', dag),
        });
      });
      return { managedBy: owner, dryRun, dags };
    },
  });
}

/** Nothing of it stays; its errors speak of the build, and not of a folder of ours. */
async function withBuild<T>(
  archive: Buffer,
  owner: string,
  work: (build: BuildResult) => Promise<T>,
): Promise<T> {
  const unpacked = await unpackArchive(WHAT, archive);
  try {
    return await work(await readBuild(unpacked.folder, folderOf(owner)));
  } finally {
    await unpacked.dispose();
  }
}
