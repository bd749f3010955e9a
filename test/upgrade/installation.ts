/**
 * A saved installation: the program of a user and the state that the package had made of it when a version was
 * released, with the present package put under it. The engine is the real one; Kubernetes is a folder of YAML, so no
 * cluster is asked. What a preview says then is what an upgrade would do. Used by record.ts and the test.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PulumiStack } from '../e2e/pulumiStack.ts';
import { writeProject } from '../e2e/project.ts';
import { ROOT } from '../e2e/tools.ts';

export const SAVED = path.join(import.meta.dirname, 'saved');
export const PROGRAM = path.join(import.meta.dirname, 'program');

/** They are part of what is saved: URNs begin with them. */
const [PROJECT, STACK] = ['saved', 'dev'];
export const IMAGE = 'registry.example.com/podline:old';
export const NEXT_IMAGE = 'registry.example.com/podline:new';

const CONFIG = {
  image: IMAGE,
  volumeSize: '10Gi',
  // Relative: providers are in the state, too.
  'kubernetes:renderYamlToDirectory': 'rendered',
};

/** Made up, and encrypted by the passphrase of the tests. */
const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'away', cluster: { server: 'https://cluster.example.com:6443' } }],
  users: [{ name: 'away', user: { token: 'made-up' } }],
  contexts: [{ name: 'away', context: { cluster: 'away', user: 'away' } }],
  'current-context': 'away',
});
const SECRETS = {
  databaseUrl: 'postgresql://podline:made-up@db.example.com:5432/podline',
  warehouse: 'postgresql://loader:made-up@warehouse.example.com:5432/sales',
  kubeconfig: KUBECONFIG,
};

export interface Installation extends AsyncDisposable {
  stack: PulumiStack;
}

/** A stack of the program in `folder`, with nothing in its state. */
export async function install(folder: string): Promise<Installation> {
  const place = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-upgrade-'));
  const project = path.join(place, 'program');
  await writeProject(project, PROJECT);
  await fs.cp(folder, project, { recursive: true });
  const stack = await PulumiStack.create({
    project,
    stack: STACK,
    folder: place,
    // Nobody may find a cluster by accident.
    kubeconfig: path.join(place, 'none'),
    config: CONFIG,
    secrets: SECRETS,
  });
  return { stack, [Symbol.asyncDispose]: () => fs.rm(place, { recursive: true }) };
}

/** The same as it was saved. */
export async function restore(version: string): Promise<Installation> {
  const installation = await install(path.join(SAVED, version));
  const state = path.join(SAVED, version, 'state.json');
  await installation.stack.run('stack', 'import', '--stack', STACK, '--file', state);
  return installation;
}

interface Exported {
  deployment: { manifest: { time?: string }; resources: Record<string, unknown>[] };
}

/** What a file of it holds: a resource a line, without times and without where files were on the machine. */
export async function exported(stack: PulumiStack): Promise<string> {
  const file = path.join(stack.options.folder, 'exported.json');
  await stack.run('stack', 'export', '--stack', STACK, '--file', file);
  const state = JSON.parse(await fs.readFile(file, 'utf8')) as Exported;
  const { resources } = state.deployment;
  for (const resource of resources) {
    for (const key of ['created', 'modified', 'sourcePosition', 'stackTrace']) {
      delete resource[key];
    }
  }
  state.deployment.manifest.time = '2026-01-01T00:00:00Z';
  state.deployment.resources = [];
  const lines = resources.map((resource) => JSON.stringify(resource)).join(',\n');
  return `${JSON.stringify(state).replace('"resources":[]', () => `"resources":[\n${lines}\n]`)}\n`;
}

export async function savedVersions(): Promise<string[]> {
  return (await fs.readdir(SAVED).catch(() => [])).sort();
}

/** That of the package now. */
export async function presentVersion(): Promise<string> {
  const text = await fs.readFile(path.join(ROOT, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
