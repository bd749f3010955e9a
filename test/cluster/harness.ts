/**
 * What cluster tests stand on: a real cluster, a fresh namespace, images, limited identities, a proxy that fails on
 * demand and a second cluster. Brought up once; `npm run test:cluster` closes it (rootHooks.ts), benchmarks by themselves.
 */
import crypto from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Api, type KubeObject } from './api.ts';
import { type AccessRule, SCHEDULER_RULES } from '../../src/pods/access.ts';
import { kubeconfig } from './certificates.ts';
import { type ClusterKind, stateOf, up } from './cluster.ts';
import { CACHE, run, say } from './command.ts';
import { linkProgram } from './daemons.ts';
import { FaultProxy } from './faultProxy.ts';
import {
  IMAGES,
  type Images,
  type ImageSource,
  provideImages,
  STANDARD,
} from './images/provide.ts';
import { HOST_ADDRESS, importImage } from './own/oneNode.ts';
import { program } from './programs/build.ts';

export interface TestCluster {
  /** Of an administrator. */
  kubeconfig: string;
  api: Api;
  kubectl(...args: string[]): Promise<string>;
  /** A new one, deleted at the end. `restricted`: the cluster refuses pods that ask for more than they need. */
  namespace(options?: { restricted?: boolean }): Promise<string>;
  images: Images;
  /** Makes further images usable in its pods. */
  provide(images: readonly ImageSource[]): Promise<void>;
  /** At which pods reach this machine. */
  hostAddress: string;
  /** Of a service account that may do what a scheduler needs in these namespaces, and nothing else anywhere. */
  schedulerKubeconfig(...namespaces: string[]): Promise<string>;
  accountKubeconfig(
    account: string,
    rules: readonly AccessRule[],
    namespaces: string[],
  ): Promise<string>;
  /** In front of this API server, with the identity of the kubeconfig (the administrator's when none is given). */
  proxy(options?: { kubeconfig?: string; random?: () => number }): Promise<FaultProxy>;
}

const opened = new Map<ClusterKind, Promise<Opened>>();

/** The cluster of PODLINE_TEST_KUBECONFIG, or the one-node cluster of this machine, with the images that pods can use at once. */
export async function openCluster(images: readonly ImageSource[] = STANDARD): Promise<TestCluster> {
  const cluster = await open('one-node');
  await cluster.provide(images);
  return cluster;
}

/** Another cluster with its own API server; its nodes and pods are simulated (own/stages.yaml says how pods end). */
export function secondCluster(): Promise<TestCluster> {
  return open('simulated');
}

/** Deletes what this process made in the clusters; they stay up. */
export async function closeClusters(): Promise<void> {
  const clusters = await Promise.allSettled(opened.values());
  opened.clear();
  for (const each of clusters) if (each.status === 'fulfilled') await each.value.close();
}

function open(kind: ClusterKind): Promise<TestCluster> {
  const known = opened.get(kind) ?? Opened.open(kind);
  opened.set(kind, known);
  return known;
}

class Opened implements TestCluster {
  readonly kubeconfig: string;
  readonly api: Api;
  readonly images = IMAGES;
  readonly hostAddress = process.env.PODLINE_TEST_HOST_ADDRESS ?? addressOfThisMachine();
  readonly #kubectl: string;
  readonly #folder: string;
  readonly #namespaces: string[] = [];
  readonly #proxies: FaultProxy[] = [];
  readonly #provided = new Set<string>();

  private constructor(file: string, api: Api, kubectl: string, folder: string) {
    this.kubeconfig = file;
    this.api = api;
    this.#kubectl = kubectl;
    this.#folder = folder;
  }

  static async open(kind: ClusterKind): Promise<Opened> {
    const other = kind === 'one-node' ? process.env.PODLINE_TEST_KUBECONFIG : undefined;
    const file = other ?? path.join(await up(kind), 'admin.kubeconfig');
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-cluster-'));
    const api = await Api.open(file);
    const version = await api
      .call<{ gitVersion: string }>('GET', '/version')
      .catch((error: unknown) => {
        throw new Error(`the cluster of ${file} does not answer: ${String(error)}`);
      });
    if (other !== undefined)
      say(`using ${api.server} (Kubernetes ${version.gitVersion}) of ${file}`);
    return new Opened(file, api, await kubectlProgram(), folder);
  }

  kubectl(...args: string[]): Promise<string> {
    return run(this.#kubectl, ['--kubeconfig', this.kubeconfig, ...args]);
  }

  async provide(images: readonly ImageSource[]): Promise<void> {
    const state = stateOf('one-node');
    const load = (file: string) => importImage(state, file);
    const own = process.env.PODLINE_TEST_KUBECONFIG === undefined ? { state, load } : null;
    const fresh = images.filter(([name]) => !this.#provided.has(name));
    if (fresh.length === 0) return;
    await provideImages(this.api, own, fresh);
    for (const [name] of fresh) this.#provided.add(name);
  }

  async namespace(options: { restricted?: boolean } = {}): Promise<string> {
    const name = `test-${crypto.randomBytes(5).toString('hex')}`;
    const labels: Record<string, string> = { 'podline.dev/test': 'true' };
    if (options.restricted) labels['pod-security.kubernetes.io/enforce'] = 'restricted';
    await this.api.call('POST', '/api/v1/namespaces', { metadata: { name, labels } });
    this.#namespaces.push(name);
    // Pods are refused until the controller has made their account.
    const accounts = `/api/v1/namespaces/${name}/serviceaccounts?watch=true&fieldSelector=metadata.name%3Ddefault`;
    const stop = AbortSignal.timeout(30_000);
    for await (const _event of this.api.watch(accounts, stop)) return name;
    throw new Error(`namespace ${name} got no default service account in 30 s`);
  }

  schedulerKubeconfig(...namespaces: string[]): Promise<string> {
    return this.accountKubeconfig('podline-scheduler', SCHEDULER_RULES, namespaces);
  }

  async accountKubeconfig(
    account: string,
    rules: readonly AccessRule[],
    namespaces: string[],
  ): Promise<string> {
    const home = namespaces[0];
    if (home === undefined) throw new Error('an account needs a namespace');
    const accounts = `/api/v1/namespaces/${home}/serviceaccounts`;
    await this.#make(accounts, { metadata: { name: account } });
    for (const namespace of namespaces) {
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      await this.#make(`${rbac}/roles`, { metadata: { name: account }, rules });
      await this.#make(`${rbac}/rolebindings`, {
        metadata: { name: account },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace: home }],
      });
    }
    const asked = { spec: { expirationSeconds: 24 * 3600 } };
    const { status } = await this.api.call<{ status: { token: string } }>(
      'POST',
      `${accounts}/${account}/token`,
      asked,
    );
    const authority = await this.#authority();
    const file = path.join(this.#folder, `${home}-${account}.kubeconfig`);
    const text = kubeconfig({ server: this.api.server, authority, user: { token: status.token } });
    await fs.writeFile(file, text, { mode: 0o600 });
    return file;
  }

  async proxy(options: { kubeconfig?: string; random?: () => number } = {}): Promise<FaultProxy> {
    const proxy = await FaultProxy.open(options.kubeconfig ?? this.kubeconfig, options.random);
    this.#proxies.push(proxy);
    return proxy;
  }

  async close(): Promise<void> {
    for (const proxy of this.#proxies) await proxy.close();
    for (const name of this.#namespaces) await this.api.ask('DELETE', `/api/v1/namespaces/${name}`);
    this.api.close();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }

  async #make(collection: string, object: object): Promise<void> {
    const { status, body } = await this.api.ask<KubeObject & { message?: string }>(
      'POST',
      collection,
      object,
    );
    if (status >= 400 && status !== 409) throw new Error(`POST ${collection}: ${body.message}`);
  }

  /** Every namespace holds the authority of its API server. */
  async #authority(): Promise<string> {
    const map = '/api/v1/namespaces/default/configmaps/kube-root-ca.crt';
    return (await this.api.call<{ data: Record<string, string> }>('GET', map)).data['ca.crt'] ?? '';
  }
}

/** Our bridge when it is there, else the bridge of another cluster on this machine, else the first address outside. */
function addressOfThisMachine(): string {
  const addresses = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  const usable = addresses.filter(({ family, internal }) => family === 'IPv4' && !internal);
  const bridge = process.env.PODLINE_TEST_KUBECONFIG === undefined ? HOST_ADDRESS : '10.244.0.1';
  return (usable.find(({ address }) => address === bridge) ?? usable[0])?.address ?? '127.0.0.1';
}

export async function kubectlProgram(): Promise<string> {
  const state = path.join(CACHE, 'tools');
  const link = path.join(state, 'bin/kubectl');
  return existsSync(link) ? link : linkProgram(state, 'kubectl', await program('kubernetes'));
}
