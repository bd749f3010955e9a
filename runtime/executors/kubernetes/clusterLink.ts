/**
 * One cluster as the executor sees it: its client, its queue of calls, and a watch for each namespace. A cluster that
 * does not answer holds up its own attempts and no others. Opened by kubernetesExecutor.ts.
 */
import type { Log } from '../../observe/log.ts';
import { ApiQueue } from '../../pods/apiQueue.ts';
import type { ClusterConfig } from '../../pods/clusterConfig.ts';
import { openPodClient, type PodClient } from '../../pods/podClient.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import { PodWatch } from '../../pods/podWatch.ts';

export interface LinkEvents {
  onChange(pod: PodFacts): void;
  onGone(pod: PodFacts): void;
  onSynced(cluster: string, namespace: string, pods: ReadonlyMap<string, PodFacts>): void;
}

export class ClusterLink {
  readonly config: ClusterConfig;
  readonly client: PodClient;
  readonly queue: ApiQueue;
  readonly #watches: Map<string, PodWatch>;

  private constructor(client: PodClient, installation: string, events: LinkEvents, log: Log) {
    this.config = client.cluster;
    this.client = client;
    this.queue = new ApiQueue({ log });
    this.#watches = new Map(
      this.config.namespaces.map((namespace) => [
        namespace,
        new PodWatch({
          client,
          namespace,
          selector: `podline.dev/installation=${installation}`,
          log,
          onChange: events.onChange,
          onGone: events.onGone,
          onSynced: (pods) => {
            events.onSynced(this.config.name, namespace, pods);
          },
        }),
      ]),
    );
  }

  static async open(
    config: ClusterConfig,
    installation: string,
    events: LinkEvents,
    log: Log,
  ): Promise<ClusterLink> {
    return new ClusterLink(await openPodClient(config), installation, events, log);
  }

  start(): void {
    for (const watch of this.#watches.values()) watch.start();
  }

  /** The namespace is one of the configuration: others are never seen. */
  watches(namespace: string): boolean {
    return this.#watches.has(namespace);
  }

  /** All pods of this namespace are known. */
  isSynced(namespace: string): boolean {
    return (this.#watches.get(namespace)?.syncedAt ?? null) !== null;
  }

  /** Pods of this installation, whoever is in charge of them. */
  *pods(): Iterable<PodFacts> {
    for (const watch of this.#watches.values()) yield* watch.pods.values();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.stop()));
    await this.queue.close();
    this.client.close();
  }
}
