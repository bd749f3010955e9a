/**
 * A second Kubernetes: a real API server whose nodes and pods are simulated by kwok. "The other cluster" of tests, and
 * thousands of pods for the benchmark of scale. Called by cluster.ts.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { Api } from '../api.ts';
import { linkProgram, startDaemon, stopDaemon, waitFor } from '../daemons.ts';
import { program } from '../programs/build.ts';
import { CONTROL_PLANE, startControlPlane } from './controlPlane.ts';

export const SIMULATED_API = 26444;
const NODES = 20;
const STAGES = path.join(import.meta.dirname, 'stages.yaml');

export async function startSimulated(state: string): Promise<void> {
  const [kwok, kubernetes] = [await program('kwok'), await program('kubernetes')];
  await startControlPlane({
    state,
    api: SIMULATED_API,
    etcd: 22389,
    services: '10.252.0.0/16',
    names: [],
    apiArgs: ['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none'],
    rate: 2000,
  });
  await linkProgram(state, 'kubectl', kubernetes);
  await fs.copyFile(STAGES, path.join(state, 'stages.yaml'));
  await startDaemon(state, 'kwok', kwok, [
    `--kubeconfig=${path.join(state, 'admin.kubeconfig')}`,
    `--config=${path.join(state, 'stages.yaml')}`,
    '--manage-all-nodes=true',
    '--node-ip=127.0.0.1',
    '--node-lease-duration-seconds=40',
  ]);
  const api = await Api.open(path.join(state, 'admin.kubeconfig'));
  try {
    for (let i = 0; i < NODES; i++) await api.call('POST', '/api/v1/nodes', node(`simulated-${i}`));
    await waitFor(state, 'kwok', () => allReady(api));
  } finally {
    api.close();
  }
}

export async function stopSimulated(state: string): Promise<void> {
  for (const name of ['kwok', ...CONTROL_PLANE]) await stopDaemon(state, name);
}

interface Node {
  status: { conditions?: { type: string; status: string }[] };
}

async function allReady(api: Api): Promise<boolean> {
  const { items } = await api.call<{ items: Node[] }>('GET', '/api/v1/nodes');
  return items.every(({ status }) =>
    status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
  );
}

function node(name: string): object {
  const room = { cpu: '1000', memory: '1000Gi', pods: '1000' };
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, type: 'simulated' } },
    status: { allocatable: room, capacity: room },
  };
}
