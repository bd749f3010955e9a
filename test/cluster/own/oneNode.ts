/**
 * A real Kubernetes of one node on this machine: kubelet, containerd, a bridge for pods, DNS and services. It shares the
 * machine with other clusters: own ports, addresses, cgroup, logs and nftables. Called by cluster.ts.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Api } from '../api.ts';
import { makeCertificate, writeKubeconfig } from '../certificates.ts';
import { run } from '../command.ts';
import { linkProgram, pidOf, startDaemon, stopDaemon, waitFor } from '../daemons.ts';
import { archiveOf } from '../images/archive.ts';
import { clusterPackages } from '../packages.ts';
import { program } from '../programs/build.ts';
import { CONTROL_PLANE, startControlPlane } from './controlPlane.ts';
import { containerdConfig, coreDnsConfig, kubeletConfig, networkConfig } from './nodeConfig.ts';

export const API = 26443;
/** The bridge: pods reach this machine here. */
export const HOST_ADDRESS = '10.250.0.1';
const PODS = '10.250.0.0/16';
const SERVICES = '10.251.0.0/16';
const BRIDGE = 'podline0';
const BRIDGE_MAC = '02:50:6f:64:00:01';
const CGROUP = '/podline-test';
const PAUSE = 'docker.io/local/pause:1';
const NODE = 'node1';

export async function startOneNode(state: string): Promise<void> {
  await clusterPackages();
  const [kubernetes, coredns] = [await program('kubernetes'), await program('coredns')];
  const write = async (name: string, text: string) => {
    await fs.mkdir(path.dirname(path.join(state, name)), { recursive: true });
    await fs.writeFile(path.join(state, name), text);
    return path.join(state, name);
  };
  await bridge();
  await cgroups('make');

  const containerd = await write('containerd.toml', containerdConfig(state, PAUSE));
  await write('cni/10-podline.conflist', networkConfig(state, BRIDGE, PODS));
  await startDaemon(state, 'containerd', '/usr/bin/containerd', ['-c', containerd]);

  await startControlPlane({
    state,
    api: API,
    etcd: 22379,
    services: SERVICES,
    names: ['IP:10.251.0.1', `IP:${HOST_ADDRESS}`, ...kubernetesNames()],
    apiArgs: [
      `--advertise-address=${HOST_ADDRESS}`,
      '--allow-privileged=true',
      `--kubelet-client-certificate=${path.join(state, 'pki/admin.crt')}`,
      `--kubelet-client-key=${path.join(state, 'pki/admin.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
    ],
    rate: 200,
  });
  await linkProgram(state, 'kubectl', kubernetes);

  const server = `https://127.0.0.1:${API}`;
  const pki = path.join(state, 'pki');
  const nodeNames = ['IP:127.0.0.1', `IP:${HOST_ADDRESS}`, `DNS:${NODE}`];
  await makeCertificate(pki, 'kubelet', `/O=system:nodes/CN=system:node:${NODE}`, nodeNames);
  await write('resolv.conf', `nameserver ${HOST_ADDRESS}\n`);
  await startDaemon(state, 'kubelet', kubernetes, [
    `--config=${await write('kubelet.json', kubeletConfig(state, HOST_ADDRESS, CGROUP))}`,
    `--kubeconfig=${await writeKubeconfig(state, 'kubelet', server)}`,
    `--hostname-override=${NODE}`,
    `--node-ip=${HOST_ADDRESS}`,
    `--root-dir=${path.join(state, 'kubelet')}`,
    `--cert-dir=${pki}`,
  ]);
  await startDaemon(state, 'kube-proxy', kubernetes, [
    `--kubeconfig=${path.join(state, 'admin.kubeconfig')}`,
    `--hostname-override=${NODE}`,
    '--proxy-mode=nftables',
    `--cluster-cidr=${PODS}`,
    '--conntrack-max-per-core=0',
    '--healthz-bind-address=127.0.0.1:20256',
    '--metrics-bind-address=127.0.0.1:20249',
  ]);
  const dns = await write(
    'Corefile',
    coreDnsConfig(HOST_ADDRESS, path.join(state, 'admin.kubeconfig')),
  );
  await startDaemon(state, 'coredns', coredns, ['-conf', dns]);
  await importImage(state, await pauseArchive(state));
  await waitFor(state, 'kubelet', () => nodeIsReady(state));
}

export async function stopOneNode(state: string): Promise<void> {
  for (const name of ['coredns', 'kube-proxy', 'kubelet', ...CONTROL_PLANE]) {
    await stopDaemon(state, name);
  }
  // ctr waits ten seconds for a containerd that is not there.
  const running = (await pidOf(state, 'containerd')) !== null;
  const tasks = running ? await containers(state, 'tasks', 'ls', '-q') : '';
  for (const id of tasks.split('\n').filter(Boolean)) {
    await containers(state, 'tasks', 'kill', '-s', 'KILL', id).catch(() => '');
    await containers(state, 'tasks', 'rm', '-f', id).catch(() => '');
  }
  await stopDaemon(state, 'containerd');
  const mounts = (await fs.readFile('/proc/mounts', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const point of mounts.reverse()) {
    if (point.startsWith(`${state}/`)) await run('umount', ['-l', point]);
  }
  await run('nft', ['delete', 'table', 'ip', 'kube-proxy']).catch(() => '');
  await run('nft', ['delete', 'table', 'ip6', 'kube-proxy']).catch(() => '');
  await run('ip', ['link', 'delete', BRIDGE]).catch(() => '');
  await cgroups('remove');
}

/** Loads an archive of images where the kubelet finds them. */
export async function importImage(state: string, file: string): Promise<void> {
  await containers(state, 'images', 'import', file);
}

interface Node {
  status: { conditions: { type: string; status: string }[] };
}

export async function nodeIsReady(state: string): Promise<boolean> {
  const api = await Api.open(path.join(state, 'admin.kubeconfig'));
  try {
    const node = await api.call<Node>('GET', `/api/v1/nodes/${NODE}`);
    return node.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  } finally {
    api.close();
  }
}

function containers(state: string, ...args: string[]): Promise<string> {
  return run('ctr', ['-a', path.join(state, 'run/containerd.sock'), '-n', 'k8s.io', ...args]);
}

async function pauseArchive(state: string): Promise<string> {
  const root = path.join(state, 'pause');
  await fs.mkdir(root, { recursive: true });
  await fs.copyFile(await program('pause'), path.join(root, 'pause'));
  await archiveOf(PAUSE, root, path.join(state, 'pause.tar'), { Entrypoint: ['/pause'] });
  return path.join(state, 'pause.tar');
}

/**
 * Made before the first pod, since DNS and the API server listen on it. With an address of its own: else it has the lowest
 * one of its ports, a new one whenever that pod ends, and what other pods send is lost for up to a minute.
 */
async function bridge(): Promise<void> {
  await run('ip', ['link', 'add', BRIDGE, 'type', 'bridge']).catch(() => '');
  await run('ip', ['link', 'set', BRIDGE, 'address', BRIDGE_MAC]);
  await run('ip', ['address', 'replace', `${HOST_ADDRESS}/16`, 'dev', BRIDGE]);
  await run('ip', ['link', 'set', BRIDGE, 'up']);
  await run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
}

/** The kubelet's own root in every hierarchy: two kubelets under one root end each other's pods. */
async function cgroups(action: 'make' | 'remove'): Promise<void> {
  const root = '/sys/fs/cgroup';
  const unified = (await fs.readdir(root)).includes('cgroup.controllers');
  const folders = unified ? [root] : (await fs.readdir(root)).map((name) => path.join(root, name));
  for (const folder of folders) {
    if (!(await fs.stat(folder)).isDirectory()) continue;
    const own = path.join(folder, CGROUP);
    if (action === 'make') await fs.mkdir(own, { recursive: true });
    else
      await run('find', [own, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']).catch(() => '');
  }
}

function kubernetesNames(): string[] {
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc'];
  return [...names, os.hostname()].map((name) => `DNS:${name}`);
}
