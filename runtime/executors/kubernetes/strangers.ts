/**
 * Finds pods of this installation that nobody wants: their attempt is over, or is not in the database at all.
 * Whoever is in charge takes them away at once; what a dead process left behind is taken by anybody after a
 * while. Pods of other installations are never seen: the watches select by label. Called by kubernetesExecutor.ts.
 */
import type { Database } from '../../database/pool.ts';
import { type PodOwner, readPodOwners } from '../../database/queries/pods/readPodOwners.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import type { Cleanup } from './cleanup.ts';
import type { ClusterLink } from './clusterLink.ts';
import type { Tending } from './tending.ts';

/** Seconds that the process in charge gets before anybody else takes its pods away. */
const PATIENCE = 60;
/** Rows read at a time. With more suspects than that each look goes on behind the last. */
const MOST = 1_000;

export type StrangerVerdict = 'leave' | 'remove' | 'clean';

/** Pure: what becomes of a pod that is not in our charge. */
export function judgeStranger(
  pod: PodFacts,
  owner: PodOwner | undefined,
  workerId: string,
): StrangerVerdict {
  if (pod.deleting) return 'leave';
  // No row: nobody will ever ask for it, its output or its log.
  if (!owner) return 'remove';
  const isOver = owner.look > pod.look || (!owner.live && owner.gone);
  if (!isOver) return 'leave';
  const isOthers = owner.workerId !== workerId && owner.attended && owner.look === pod.look;
  if (isOthers && owner.overSeconds < PATIENCE) return 'leave';
  return pod.terminal ? 'clean' : 'remove';
}

/** Pure: the next few of many, round and round, so that 1,000 pods of others do not hide one that nobody wants. */
export function nextFew<T>(all: readonly T[], from: number, most: number): T[] {
  if (all.length <= most) return [...all];
  const start = from % all.length;
  return [...all.slice(start), ...all.slice(0, start)].slice(0, most);
}

export interface StrangersOptions {
  database: Database;
  links: ReadonlyMap<string, ClusterLink>;
  tending: Tending;
  cleanup: Cleanup;
}

export class Strangers {
  readonly #options: StrangersOptions;
  /** Seen at the last look: a pod that was just made may be ahead of its row's reading. */
  #suspects = new Set<string>();
  #looked = 0;

  constructor(options: StrangersOptions) {
    this.#options = options;
  }

  async sweep(workerId: string): Promise<void> {
    const { database, links, tending, cleanup } = this.#options;
    const suspects = [...links.values()]
      .flatMap((link) => [...link.pods()])
      .filter((pod) => pod.attemptId !== null && !cleanup.has(pod) && !tending.isInCharge(pod));
    const again = suspects.filter(({ uid }) => this.#suspects.has(uid));
    this.#suspects = new Set(suspects.map(({ uid }) => uid));
    const known = nextFew(again, this.#looked, MOST);
    if (known.length === 0) return;
    this.#looked += known.length;
    const owners = await readPodOwners(
      database,
      known.map(({ attemptId }) => attemptId ?? 0),
    );
    for (const pod of known) {
      const link = links.get(pod.cluster);
      if (!link || tending.isInCharge(pod)) continue;
      const owner = owners.get(pod.attemptId ?? 0);
      const verdict = judgeStranger(pod, owner, workerId);
      if (verdict === 'clean') void cleanup.clean(link, pod, owner?.keepPod);
      else if (verdict === 'remove') cleanup.remove(link, pod, { force: false });
    }
  }
}
