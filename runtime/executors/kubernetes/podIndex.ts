/**
 * The pods of this installation by cluster, namespace, attempt, look and name: what the watches and our own creates
 * told. The labels alone are no proof: a copy of a pod under another name has them, too. Kept by tending.ts.
 */
import type { PodFacts } from '../../pods/podFacts.ts';

interface Owner {
  readonly attemptId: number;
  readonly look: number;
  readonly place: { cluster: string; namespace: string };
  /** Empty: it is not known, and the labels must do. */
  readonly name: string;
}

export class PodIndex {
  readonly #pods = new Map<string, PodFacts>();

  get(owner: Owner): PodFacts | undefined {
    if (owner.name !== '') return this.#pods.get(keyOfOwner(owner));
    for (const pod of this.#pods.values()) if (this.isOf(owner, pod)) return pod;
    return undefined;
  }

  /** False: something newer is known already. The answer to a create may come after the first events. */
  set(pod: PodFacts): boolean {
    const key = keyOfPod(pod);
    const known = this.#pods.get(key);
    const isOlder = Number(pod.resourceVersion) < Number(known?.resourceVersion);
    if (known?.uid === pod.uid && isOlder) return false;
    this.#pods.set(key, pod);
    return true;
  }

  /** Only this very pod: its name may have been given to the next. */
  delete(pod: PodFacts): void {
    const key = keyOfPod(pod);
    if (this.#pods.get(key)?.uid === pod.uid) this.#pods.delete(key);
  }

  isOf(owner: Owner, pod: PodFacts): boolean {
    const name = owner.name === '' ? pod.name : owner.name;
    return keyOfOwner({ ...owner, name }) === keyOfPod(pod);
  }

  values(): Iterable<PodFacts> {
    return this.#pods.values();
  }

  get size(): number {
    return this.#pods.size;
  }
}

function keyOfOwner({ attemptId, look, place, name }: Owner): string {
  return `${place.cluster}/${place.namespace}/${attemptId}/${look}/${name}`;
}

function keyOfPod({ cluster, namespace, attemptId, look, name }: PodFacts): string {
  return `${cluster}/${namespace}/${attemptId}/${look}/${name}`;
}
