/** Every pod that was ever made in a namespace, told by a watch of its own on the API server: no proxy, no executor. */
import { once } from 'node:events';
import type { TestCluster } from '../harness.ts';

export class PodCount {
  /** Uids by attempt. */
  readonly #uids = new Map<string, Set<string>>();
  readonly #stop = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  static async open(cluster: TestCluster, namespace: string): Promise<PodCount> {
    const count = new PodCount();
    const began = new EventTarget();
    const first = once(began, 'began');
    const path = `/api/v1/namespaces/${namespace}/pods?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`;
    count.#watching = (async () => {
      for await (const { type, object } of cluster.api.watch(path, count.#stop.signal)) {
        if (type === 'BOOKMARK') began.dispatchEvent(new Event('began'));
        const attempt = object.metadata.labels?.['podline.dev/attempt'];
        if (type !== 'ADDED' || attempt === undefined) continue;
        const uids = count.#uids.get(attempt) ?? new Set();
        count.#uids.set(attempt, uids.add(object.metadata.uid));
      }
    })();
    await first;
    return count;
  }

  of(attempt: { id: number }): number {
    return this.#uids.get(String(attempt.id))?.size ?? 0;
  }

  get all(): number {
    return [...this.#uids.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }
}
