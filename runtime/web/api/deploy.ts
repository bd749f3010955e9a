/**
 * POST /deploy: a build as `podline build --out` makes it, as tar.gz. No code of it runs here: plans are read, checked
 * against their hash and stored.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { readBuild, unreadable } from '../../build/readBuild.ts';
import type { BuildResult } from '../../build/types.ts';
import { unpackBuild } from '../../build/unpackBuild.ts';
import { deployBuild } from '../../commands/deploy.ts';
import { folderOf } from '../../register/registerBuild.ts';
import { allows, allowsSomewhere } from '../../../src/model/access.ts';
import { type ApiContext, route } from './route.ts';
import { Archive, Deployed, DeployQuery } from './schema/deploy.ts';

export const BUILD_TYPE = 'application/gzip';
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
    upload: { type: BUILD_TYPE, most: MOST_BYTES },
    query: DeployQuery,
    body: Archive,
    answer: Deployed,
    async handle({ query: { name, dryRun }, body, identity }) {
      if (!allowsSomewhere(identity, 'edit')) {
        throw new PodlineError('auth.forbidden', { right: 'edit' });
      }
      const owner = `api:${name}`;
      const dags = await withBuild(body, owner, (build) => {
        if (build.dags.length === 0) throw unreadable('the build', 'it has no DAGs');
        return deployBuild(database, build, {
          owner,
          actor: identity.name,
          dryRun,
          mayEdit: (dag) => allows(identity, 'edit', dag),
        });
      });
      return { managedBy: owner, dryRun, dags };
    },
  });
}

async function withBuild<T>(
  archive: Buffer,
  owner: string,
  work: (build: BuildResult) => Promise<T>,
): Promise<T> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-deploy-'));
  try {
    const file = path.join(folder, 'build.tar.gz');
    await fs.writeFile(file, archive);
    const unpacked = await unpackBuild(file);
    try {
      return await work(await readBuild(unpacked.folder, folderOf(owner)));
    } finally {
      await unpacked.dispose();
    }
  } catch (error) {
    // What podline itself builds has all parts of a plan.
    if (error instanceof TypeError) throw unreadable('the build', 'a plan in it lacks parts');
    throw error;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}
