/** When a watch of one namespace first showed its pods, and on their node: finer than the seconds of their status. Used by chain.ts. */
import type { KubeObject } from '../../cluster/api.ts';
import type { TestCluster } from '../../cluster/harness.ts';

interface Pod extends KubeObject {
  spec: { nodeName?: string };
}

export interface Times {
  created: number;
  scheduled: number;
}

export class PodTimes {
  readonly #pods = new Map<string, Times>();
  readonly #stop = new AbortController();

  constructor(cluster: TestCluster, namespace: string) {
    void this.#follow(cluster, namespace).catch(() => {});
  }

  /** Of the last pods, in the order of their creation. */
  of(count: number): Times[] {
    return [...this.#pods.values()].slice(-count);
  }

  forget(): void {
    this.#pods.clear();
  }

  close(): void {
    this.#stop.abort();
  }

  async #follow({ api }: TestCluster, namespace: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/pods?watch=true`;
    for await (const { object } of api.watch<Pod>(path, this.#stop.signal)) {
      const now = Date.now();
      const { uid } = object.metadata;
      const known = this.#pods.get(uid) ?? { created: now, scheduled: NaN };
      if (object.spec.nodeName !== undefined && Number.isNaN(known.scheduled))
        known.scheduled = now;
      this.#pods.set(uid, known);
    }
  }
}
