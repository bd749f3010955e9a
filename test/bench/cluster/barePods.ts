/**
 * The floor that Podline is measured against: bare pods through the plain API of the same cluster, with nothing of
 * Podline in between. Each function gives raw measurements in milliseconds or pods per second. Used by the suites.
 */
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { KubeObject } from '../../cluster/api.ts';
import type { TestCluster } from '../../cluster/harness.ts';

interface Pod extends KubeObject {
  status: { phase: string; message?: string };
}

export interface Program {
  image: string;
  command: string[];
}

interface Batch {
  ms: number;
  logs: string[];
}

const PATIENCE_MS = 90_000;

export class BarePods {
  readonly #cluster: TestCluster;
  readonly #pods: string;
  #count = 0;

  constructor(cluster: TestCluster, namespace: string) {
    this.#cluster = cluster;
    this.#pods = `/api/v1/namespaces/${namespace}/pods`;
  }

  /** Create -> code of the pod's process runs: it sends an HTTP request to this machine at once. */
  async untilRunning(image: string): Promise<number> {
    const server = http.createServer((_, response) => response.end());
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const code = `require('http').get('http://${this.#cluster.hostAddress}:${port}').on('response', (r) => r.resume())`;
    const started = performance.now();
    let at = NaN;
    server.once('request', () => (at = performance.now()));
    try {
      await this.#batch(1, { image, command: ['node', '-e', code] });
    } finally {
      server.close();
    }
    if (Number.isNaN(at)) {
      const { hostAddress } = this.#cluster;
      throw new Error(`a bare pod succeeded and did not reach this machine at ${hostAddress}`);
    }
    return at - started;
  }

  /** Create -> the watch says Succeeded. */
  async untilSucceeded(program: Program): Promise<number> {
    return (await this.#batch(1, program)).ms;
  }

  /** Pods per second, from the first create to the last Succeeded. */
  async rate(count: number, program: Program): Promise<number> {
    return (count * 1000) / (await this.#batch(count, program)).ms;
  }

  /** What each wrote. */
  async logs(count: number, program: Program): Promise<string[]> {
    return (await this.#batch(count, program, true)).logs;
  }

  /** Makes pods at once, waits until a watch has seen all succeed, then until they are gone. */
  async #batch(count: number, program: Program, wantsLogs = false): Promise<Batch> {
    const { api } = this.#cluster;
    const group = `bare-${++this.#count}`;
    const names = Array.from({ length: count }, (_, index) => `${group}-${index}`);
    const selector = `labelSelector=group%3D${group}`;
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const succeeded = new Set<string>();
    const gone = new Set<string>();
    const logs: string[] = [];
    let ended = NaN;
    const follow = async () => {
      for await (const { type, object } of api.watch<Pod>(
        `${this.#pods}?watch=true&${selector}`,
        signal,
      )) {
        const { name } = object.metadata;
        if (object.status.phase === 'Failed')
          throw new Error(`pod ${name}: ${object.status.message}`);
        if (type === 'DELETED' && gone.add(name).size === count) return;
        if (object.status.phase !== 'Succeeded' || succeeded.has(name)) continue;
        succeeded.add(name);
        if (succeeded.size < count) continue;
        ended = performance.now();
        if (wantsLogs) {
          for (const each of names) {
            logs.push(
              (await api.call<{ message: string }>('GET', `${this.#pods}/${each}/log`)).message,
            );
          }
        }
        await api.call('DELETE', `${this.#pods}?${selector}`, { gracePeriodSeconds: 0 });
      }
      const words = `${count} bare pods: ${succeeded.size} have succeeded, ${gone.size} are gone`;
      throw new Error(`${words} after ${PATIENCE_MS} ms`);
    };
    const started = performance.now();
    try {
      const creates = names.map((name) => api.call('POST', this.#pods, bare(name, group, program)));
      await Promise.all([follow(), ...creates]);
    } finally {
      over.abort();
    }
    return { ms: ended - started, logs };
  }
}

function bare(name: string, group: string, { image, command }: Program): object {
  return {
    metadata: { name, labels: { group } },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'main', image, command, imagePullPolicy: 'IfNotPresent' }],
    },
  };
}
