/**
 * Makes the pods of attempts: builds the manifest, waits for its turn in the queue of the cluster, and takes a pod of
 * that name that is there already for its own when its labels say so. Used by tending.ts.
 */
import { crashPoint } from '../../observe/crashPoint.ts';
import type { PodManifest } from '../../../src/pods/manifest.ts';
import { ApiError } from '../../pods/apiError.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import type { PodLaunch } from '../../pods/podLaunch.ts';
import type { Charge, Delay } from './charge.ts';
import type { ClusterLink } from './clusterLink.ts';
import type { PodMaker } from './podMaker.ts';
import { failed, type PodVerdict } from './podVerdict.ts';

export interface CreationOptions {
  maker: PodMaker;
  installation: string;
  /** This process was known to be in charge a moment ago. */
  mayLaunch(): boolean;
  onMade(pod: PodFacts): void;
  /** Is on its way: the queue has taken it. */
  onManifest(launch: PodLaunch, manifest: PodManifest): void;
  /** Its delay, or whether it is being made. */
  onChange(charge: Charge): void;
  /** For good. */
  onRefused(charge: Charge, verdict: PodVerdict): void;
}

export class Creation {
  readonly #options: CreationOptions;

  constructor(options: CreationOptions) {
    this.#options = options;
  }

  begin(charge: Charge, link: ClusterLink): void {
    if (charge.creating || charge.launch === null) return;
    const { namespace } = charge.place;
    // Somebody else may have made it: first all pods must be known. A foreign namespace is refused below.
    if (charge.adopted && link.watches(namespace) && !link.isSynced(namespace)) return;
    charge.creating = true;
    void this.#begin(charge, link);
  }

  async #begin(charge: Charge, link: ClusterLink): Promise<void> {
    const { launch, place, name } = charge;
    if (launch === null) return;
    const made = await this.#options.maker.manifest(link.config, launch);
    if ('problem' in made) {
      charge.creating = false;
      this.#options.onRefused(charge, made.problem);
      return;
    }
    const isTaken = link.queue.add({
      key: `create ${name}`,
      kind: 'create',
      namespace: place.namespace,
      wanted: () => {
        // Where it does not go on, the next sweep begins anew.
        charge.creating &&= charge.state === 'launching' && this.#options.mayLaunch();
        return charge.creating;
      },
      run: async () => {
        const pod = await this.#createOrFind(charge, link, made.pod);
        charge.creating = false;
        charge.created += 1;
        if (pod) this.#options.onMade(pod);
        // It goes just now: it is made again when it is gone.
        else this.#options.onChange(charge);
      },
      onDelayed: (error) => {
        charge.delay = delayOf(error, charge.delay);
        this.#options.onChange(charge);
      },
      onFailed: (error) => {
        charge.creating = false;
        this.#options.onRefused(charge, refusal(error));
      },
    });
    if (isTaken) this.#options.onManifest(launch, made.pod);
    // The queue is full: the next sweep asks again.
    else charge.creating = false;
  }

  async #createOrFind(
    { name, place, attemptId, look }: Charge,
    { client }: ClusterLink,
    manifest: object,
  ): Promise<PodFacts | null> {
    try {
      crashPoint('pods.before_create');
      const pod = await client.create(place.namespace, manifest);
      crashPoint('pods.after_create');
      return pod;
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== 'exists') throw error;
      const found = await client.get(place.namespace, name);
      if (found === null) return null;
      const { installation } = this.#options;
      const isOurs =
        found.installation === installation && found.attemptId === attemptId && found.look === look;
      if (isOurs) return found;
      const message = `A pod named ${name} is in namespace ${place.namespace} and is not of this attempt (uid ${found.uid}).`;
      throw new Stranger(message, { cause: error });
    }
  }
}

/** Somebody else's pod has the name. */
class Stranger extends Error {}

function refusal(error: unknown): PodVerdict {
  if (error instanceof Stranger) return failed('launch_failed', error.message);
  const words = error instanceof Error ? error.message : String(error);
  return failed('admission', `The cluster refused the pod: ${words}`);
}

function delayOf(error: unknown, known: Delay | null): Delay {
  const kind = error instanceof ApiError ? error.kind : 'network';
  const reason = kind === 'quota' ? 'quota' : kind === 'network' ? 'unreachable' : 'throttled';
  const since = known?.reason === reason ? known.since : new Date().toISOString();
  return { reason, message: error instanceof Error ? error.message : String(error), since };
}
