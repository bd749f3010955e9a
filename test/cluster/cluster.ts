/**
 * The clusters of the tests on this machine: brought up when they are not healthy, left running for the next time.
 * `node test/cluster/cluster.ts up|down [one-node|simulated]`; the harness calls `up`.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Api } from './api.ts';
import { CACHE, step } from './command.ts';
import { locked } from './lock.ts';
import { nodeIsReady, startOneNode, stopOneNode } from './own/oneNode.ts';
import { startSimulated, stopSimulated } from './own/simulated.ts';

interface Kind {
  /** Sources that make it what it is: other ones mean a new cluster. */
  sources: string[];
  start(state: string): Promise<void>;
  stop(state: string): Promise<void>;
  ready(state: string): Promise<boolean>;
}

const KINDS = {
  'one-node': {
    sources: [
      'own/controlPlane.ts',
      'own/oneNode.ts',
      'own/nodeConfig.ts',
      'programs/kubernetes/go.mod',
    ],
    start: startOneNode,
    stop: stopOneNode,
    ready: nodeIsReady,
  },
  simulated: {
    sources: ['own/controlPlane.ts', 'own/simulated.ts', 'own/stages.yaml', 'programs/kwok/go.mod'],
    start: startSimulated,
    stop: stopSimulated,
    ready: answers,
  },
} satisfies Record<string, Kind>;

export type ClusterKind = keyof typeof KINDS;

export const stateOf = (kind: ClusterKind) => path.join(CACHE, kind);

/** Folder of the running cluster: admin.kubeconfig, bin/kubectl, logs. */
export async function up(kind: ClusterKind): Promise<string> {
  const state = stateOf(kind);
  if (await healthy(kind)) return state;
  return locked(`cluster ${kind}`, async () => {
    if (await healthy(kind)) return state;
    await KINDS[kind].stop(state);
    await fs.rm(state, { recursive: true, force: true });
    await fs.mkdir(state, { recursive: true });
    await step(`bringing up the cluster "${kind}" in ${state}`, () => KINDS[kind].start(state));
    await fs.writeFile(path.join(state, 'made-from'), await sourcesOf(kind));
    return state;
  });
}

export function down(kind: ClusterKind): Promise<void> {
  return locked(`cluster ${kind}`, () => KINDS[kind].stop(stateOf(kind)));
}

async function healthy(kind: ClusterKind): Promise<boolean> {
  const state = stateOf(kind);
  try {
    const made = await fs.readFile(path.join(state, 'made-from'), 'utf8');
    return made === (await sourcesOf(kind)) && (await KINDS[kind].ready(state));
  } catch {
    return false;
  }
}

async function answers(state: string): Promise<boolean> {
  const api = await Api.open(path.join(state, 'admin.kubeconfig'));
  try {
    return (await api.ask('GET', '/readyz')).status === 200;
  } finally {
    api.close();
  }
}

async function sourcesOf(kind: ClusterKind): Promise<string> {
  const hash = crypto.createHash('sha256');
  for (const source of KINDS[kind].sources) {
    hash.update(await fs.readFile(path.join(import.meta.dirname, source)));
  }
  return hash.digest('hex');
}

if (import.meta.main) {
  const [action, only] = process.argv.slice(2);
  const kinds = Object.keys(KINDS) as ClusterKind[];
  if (only !== undefined && !kinds.includes(only as ClusterKind))
    throw new Error(`no cluster ${only}`);
  for (const kind of only === undefined ? kinds : [only as ClusterKind]) {
    if (action === 'up') console.log(path.join(await up(kind), 'admin.kubeconfig'));
    else if (action === 'down') await down(kind);
    else throw new Error('say up or down');
  }
}
