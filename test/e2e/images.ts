/**
 * Images that stacks of the end-to-end tests use. The runtime image has a name of its own for each state of the
 * sources, so that another test run on the same cluster does not change it, and a second name to update to.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { run } from '../cluster/command.ts';
import type { TestCluster } from '../cluster/harness.ts';
import { cached } from '../cluster/images/build.ts';
import { podlineArchive } from '../cluster/images/podline.ts';
import {
  PGBOUNCER_IMAGE,
  pgbouncerArchive,
  POSTGRES_IMAGE,
  postgresArchive,
} from '../cluster/images/servers.ts';

export interface StackImages {
  podline: string;
  /** The same under another name: an update that changes nothing but the image. */
  next: string;
  postgres: string;
  pgbouncer: string;
}

/** One state of the sources for a whole run. */
let runtime: Promise<[string, string]> | undefined;

/** Makes and loads them. PODLINE_E2E_IMAGE is a runtime image that is in the cluster already. */
export async function stackImages(cluster: TestCluster): Promise<StackImages> {
  const [podline, next] = await (runtime ??= runtimeImages(cluster));
  await cluster.provide([
    [POSTGRES_IMAGE, postgresArchive],
    [PGBOUNCER_IMAGE, pgbouncerArchive],
  ]);
  return { podline, next, postgres: POSTGRES_IMAGE, pgbouncer: PGBOUNCER_IMAGE };
}

async function runtimeImages(cluster: TestCluster): Promise<[string, string]> {
  const given = process.env.PODLINE_E2E_IMAGE;
  if (given !== undefined) return [given, process.env.PODLINE_E2E_NEXT_IMAGE ?? given];
  const archive = await podlineArchive();
  const version = /podline-([0-9a-f]+)\.tar$/.exec(archive)?.[1];
  if (version === undefined) throw new Error(`${archive} has no hash in its name`);
  const image = `docker.io/local/podline:e2e-${version}`;
  const names = [image, `${image}-next`];
  await cluster.provide([[image, () => renamed(archive, names)]]);
  return names as [string, string];
}

/** The archive under other names, which cost a node nothing more. */
function renamed(archive: string, names: string[]): Promise<string> {
  return cached(`renamed-${path.basename(archive, '.tar')}`, names, async (file) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-renamed-'));
    try {
      await run('tar', ['-xf', archive, '-C', folder]);
      const manifest = path.join(folder, 'manifest.json');
      const [entry] = JSON.parse(await fs.readFile(manifest, 'utf8')) as [object];
      await fs.writeFile(manifest, JSON.stringify([{ ...entry, RepoTags: names }]));
      await run('tar', ['-cf', file, '-C', folder, ...(await fs.readdir(folder))]);
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });
}
