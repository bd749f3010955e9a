/**
 * Every pod of Podline that a namespace has had since `open`, as the API server tells it and nobody else: whether an
 * attempt got a second one, and how containers ended whose pods are gone by now. Used by tests of this folder.
 */
import type { TestCluster } from '../harness.ts';

interface WatchedPod {
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  status?: {
    containerStatuses?: { state?: { terminated?: { exitCode: number; message?: string } } }[];
  };
}

export interface PastPod {
  name: string;
  attemptId: number;
  exitCode: number | null;
  message: string | null;
  /** As last seen. */
  json: string;
}

export class PodHistory {
  readonly pods = new Map<string, PastPod>();
  readonly #stop = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  static async open(cluster: TestCluster, namespace: string): Promise<PodHistory> {
    const history = new PodHistory();
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const { metadata } = await cluster.api.call<{ metadata: { resourceVersion: string } }>(
      'GET',
      path,
    );
    const selector = 'labelSelector=podline.dev%2Fattempt';
    const query = `watch=true&${selector}&resourceVersion=${metadata.resourceVersion}`;
    history.#watching = history.#watch(cluster, `${path}?${query}`);
    return history;
  }

  of(attempt: { id: number }): PastPod[] {
    return [...this.pods.values()].filter(({ attemptId }) => attemptId === attempt.id);
  }

  /** Attempts that had more than one pod. */
  get twins(): number[] {
    const counts = new Map<number, number>();
    for (const { attemptId } of this.pods.values()) {
      counts.set(attemptId, (counts.get(attemptId) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count > 1).map(([attemptId]) => attemptId);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(cluster: TestCluster, path: string): Promise<void> {
    for await (const { object } of cluster.api.watch<WatchedPod>(path, this.#stop.signal)) {
      const { name, uid, labels } = object.metadata;
      const end = object.status?.containerStatuses?.[0]?.state?.terminated;
      const known = this.pods.get(uid);
      this.pods.set(uid, {
        name,
        attemptId: Number(labels?.['podline.dev/attempt']),
        exitCode: end?.exitCode ?? known?.exitCode ?? null,
        message: end?.message ?? known?.message ?? null,
        json: JSON.stringify(object),
      });
    }
  }
}
