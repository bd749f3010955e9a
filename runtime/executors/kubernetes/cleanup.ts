/**
 * Takes pods away: those that must go, and those that have told everything. Deletion names the uid, so that it never
 * meets the next pod of that name. Called by tending.ts and strangers.ts.
 */
import type { Log } from '../../observe/log.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import type { PodLogs } from '../../pods/podLogs.ts';
import type { ClusterLink } from './clusterLink.ts';

export interface CleanupOptions {
  logs: PodLogs;
  log: Log;
  onVanished(pod: PodFacts): void;
}

export class Cleanup {
  readonly #options: CleanupOptions;
  /** Uids of pods that are read to the end, deleted, or kept. */
  readonly #taken = new Set<string>();

  constructor(options: CleanupOptions) {
    this.#options = options;
  }

  has(pod: PodFacts): boolean {
    return this.#taken.has(pod.uid);
  }

  forget(pod: PodFacts): void {
    this.#taken.delete(pod.uid);
    this.#options.logs.forget(pod);
  }

  /** A terminal pod whose end is recorded: its logs are read to the end, then it is deleted or kept, as the task (`keep`) or the cluster says. */
  async clean(link: ClusterLink, pod: PodFacts, keep?: string): Promise<void> {
    if (this.has(pod)) return;
    this.#taken.add(pod.uid);
    await this.#options.logs.finish(pod);
    // One that was told to go is going: telling it again is a call for nothing.
    if (pod.deleting || isKept(keep ?? link.config.keepPods, pod)) return;
    this.#delete(link, pod, { kind: 'cleanup' });
  }

  /** A pod that must go. `force`: without waiting for a node that does not answer. */
  remove(link: ClusterLink, pod: PodFacts, options: { force: boolean }): void {
    this.#delete(link, pod, { kind: 'kill', force: options.force });
  }

  #delete(
    link: ClusterLink,
    pod: PodFacts,
    { kind, force = false }: { kind: 'kill' | 'cleanup'; force?: boolean },
  ): void {
    const { namespace, name, uid } = pod;
    const isTaken = link.queue.add({
      key: `${force ? 'force' : 'delete'} ${uid}`,
      kind,
      namespace,
      run: async () => {
        const grace = force ? { graceSeconds: 0 } : {};
        const isThere = await link.client.remove(namespace, name, { uid, ...grace });
        if (!isThere) this.#options.onVanished(pod);
      },
      onFailed: (error) => {
        this.#taken.delete(uid);
        const facts = { pod: name, namespace, error: String(error) };
        this.#options.log.warn(facts, 'pod could not be deleted');
      },
    });
    if (!isTaken) this.#taken.delete(uid);
  }
}

function isKept(keepPods: string, pod: PodFacts): boolean {
  if (keepPods === 'failed') return pod.phase === 'Failed' || pod.failure !== null;
  return keepPods === 'always';
}
