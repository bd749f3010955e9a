/**
 * Kinds of other projects that components make objects of, from the source of those projects in the cache of Go modules: the
 * API server then checks our objects against their real schema. Installed while a test wants them; what was there stays.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { run } from './command.ts';
import type { TestCluster } from './harness.ts';

/** What all objects have that are written down. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

interface Source {
  module: string;
  files: string[];
}

const MONITORING = 'example/prometheus-operator-crd/monitoring.coreos.com';
const SOURCES = {
  gateway: {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    files: ['gateways', 'httproutes'].map(
      (kind) => `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`,
    ),
  },
  monitoring: {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    files: ['podmonitors', 'servicemonitors', 'prometheusrules'].map(
      (kind) => `${MONITORING}_${kind}.yaml`,
    ),
  },
  cloudNativePg: {
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.27.0',
    files: ['clusters', 'poolers', 'scheduledbackups'].map(
      (kind) => `config/crd/bases/postgresql.cnpg.io_${kind}.yaml`,
    ),
  },
  externalSecrets: {
    module: 'github.com/external-secrets/external-secrets@v0.16.2',
    files: ['externalsecrets', 'secretstores', 'clustersecretstores'].map(
      (kind) => `config/crds/bases/external-secrets.io_${kind}.yaml`,
    ),
  },
  keda: {
    module: 'github.com/kedacore/keda/v2@v2.20.2',
    files: ['scaledobjects', 'triggerauthentications'].map(
      (kind) => `config/crd/bases/keda.sh_${kind}.yaml`,
    ),
  },
} satisfies Record<string, Source>;

export type Definitions = keyof typeof SOURCES;

/** Resolves when the API server serves them; the function that comes back removes what was not there before. */
export async function installDefinitions(
  cluster: TestCluster,
  ...names: Definitions[]
): Promise<() => Promise<void>> {
  const objects: Manifest[] = [];
  for (const name of names) {
    const { module, files } = SOURCES[name];
    const folder = await moduleFolder(module);
    for (const file of files) {
      const text = await fs.readFile(path.join(folder, file), 'utf8');
      objects.push(...(loadAll(text) as Manifest[]));
    }
  }
  return installObjects(cluster, objects);
}

/** Applies objects that are not there yet, waits for definitions among them, and hands on how to remove them again. */
export async function installObjects(
  cluster: TestCluster,
  objects: Manifest[],
): Promise<() => Promise<void>> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-objects-'));
  const file = path.join(folder, 'objects.json');
  const write = (items: Manifest[]) =>
    fs.writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await write(objects);
  const there = await cluster.kubectl('get', '-f', file, '-o', 'name', '--ignore-not-found');
  const present = new Set(there.split('\n'));
  const fresh = objects.filter((object) => !present.has(nameOf(object)));
  if (fresh.length > 0) {
    await write(fresh);
    // Some are too large for the annotation of a plain apply.
    await cluster.kubectl('apply', '--server-side', '-f', file);
    const established = ['wait', '--for=condition=Established', '--timeout=30s'];
    await cluster.kubectl(...established, 'customresourcedefinition', '--all');
  }
  return async () => {
    if (fresh.length > 0) {
      await cluster.kubectl('delete', '--ignore-not-found', '--timeout=60s', '-f', file);
    }
    await fs.rm(folder, { recursive: true, force: true });
  };
}

/** As `kubectl -o name` says it. */
function nameOf({ apiVersion, kind, metadata }: Manifest): string {
  const [group, version] = apiVersion.split('/');
  const type = kind.toLowerCase();
  return `${version === undefined ? type : `${type}.${group}`}/${metadata.name}`;
}

/** Folder of a module's source, fetched when it is not there. `module`: with its version, or of the go.mod in `cwd`. */
export async function moduleFolder(module: string, cwd = os.tmpdir()): Promise<string> {
  const answer = await run('go', ['mod', 'download', '-json', module], { cwd });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}
