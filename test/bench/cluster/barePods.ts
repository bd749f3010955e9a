/**
 * The floor that Podline is measured against: bare pods through the plain API of the same cluster, with nothing of
 * Podline in between. Each function gives raw measurements in milliseconds or pods per second.
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
    const request = once(server, 'request').then(() => performance.now() - started);
    await this.#batch(1, { image, command: ['node', '-e', code] });
    server.close();
    return await request;
  }

  /** Create -> the watch says Succeeded. */
  untilSucceeded(program: Program): Promise<number> {
    return this.#batch(1, program);
  }

  /** Pods per second, from the first create to the last Succeeded. */
  async rate(count: number, program: Program): Promise<number> {
    return (count * 1000) / (await this.#batch(count, program));
  }

  /** Makes pods at once, waits until a watch has seen all succeed, then until they are gone. */
  async #batch(count: number, program: Program): Promise<number> {
    const group = `bare-${++this.#count}`;
    const selector = `labelSelector=group%3D${group}`;
    const stop = new AbortController();
    const succeeded = new Set<string>();
    const gone = new Set<string>();
    let ended = NaN;
    const all = (async () => {
      const path = `${this.#pods}?watch=true&${selector}`;
      for await (const { type, object } of this.#cluster.api.watch<Pod>(path, stop.signal)) {
        const { name } = object.metadata;
        if (object.status.phase === 'Failed')
          throw new Error(`pod ${name}: ${object.status.message}`);
        if (type === 'DELETED' && gone.add(name).size === count) return;
        if (object.status.phase !== 'Succeeded' || succeeded.has(name)) continue;
        succeeded.add(name);
        if (succeeded.size < count) continue;
        ended = performance.now();
        await this.#cluster.api.call('DELETE', `${this.#pods}?${selector}`, {
          gracePeriodSeconds: 0,
        });
      }
    })();
    const started = performance.now();
    try {
      const creates = Array.from({ length: count }, (_, index) =>
        this.#cluster.api.call('POST', this.#pods, bare(`${group}-${index}`, group, program)),
      );
      await Promise.all([all, ...creates]);
    } finally {
      stop.abort();
    }
    return ended - started;
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
