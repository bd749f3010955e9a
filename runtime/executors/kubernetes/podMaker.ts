/**
 * Where the pod of a launch goes, what it is called, and its manifest; templates of direct pods are rendered
 * on the way. Two processes make the very same pod. Used by tending.ts.
 */
import type { PodManifest } from '../../../src/pods/manifest.ts';
import type { PodOverrides } from '../../../src/pods/podOverrides.ts';
import type { PodAttempt } from '../../database/queries/pods/readPodLaunches.ts';
import { launchToken } from '../../database/roles.ts';
import type { ClusterConfig, ClustersConfig } from '../../pods/clusterConfig.ts';
import { directPod } from '../../pods/directPod.ts';
import type { PodLaunch } from '../../pods/podLaunch.ts';
import { renderInSandbox } from '../../pods/render.ts';
import { podName } from '../../pods/podIdentity.ts';
import { taskPod } from '../../pods/taskPod.ts';
import { type Charge, newCharge, type PodPlace } from './charge.ts';
import { failed, type PodVerdict } from './podVerdict.ts';

export interface PodMakerOptions {
  installation: string;
  clusters: ClustersConfig;
  launchKey: Buffer;
}

export class PodMaker {
  readonly #options: PodMakerOptions;

  constructor(options: PodMakerOptions) {
    this.#options = options;
  }

  /** The names that it was given before count: the configuration may have changed since. */
  charge(row: PodAttempt, now: number): Charge {
    const { facts, launch } = row;
    const place = this.#placeOf(launch);
    if (typeof facts.cluster === 'string') place.cluster = facts.cluster;
    if (typeof facts.namespace === 'string') place.namespace = facts.namespace;
    const known = typeof facts.pod === 'string' ? facts.pod : '';
    return newCharge(
      row,
      {
        place,
        name: launch ? podName(this.#options.installation, launch) : known,
        look: row.look,
        task: launch?.task ?? null,
        direct: launch !== null && isDirect(launch),
      },
      now,
    );
  }

  async manifest(
    cluster: ClusterConfig,
    launch: PodLaunch,
  ): Promise<{ pod: PodManifest } | { problem: PodVerdict }> {
    const { installation, launchKey } = this.#options;
    const token = launchToken(launchKey, launch.nonce);
    const input = { cluster, installation, launch, token };
    try {
      if (!isDirect(launch)) return { pod: taskPod(input) };
      if (launch.assignment === null) {
        return { problem: failed('launch_lost', 'There is nothing to render its templates from.') };
      }
      const rendered = await renderInSandbox(launch.assignment);
      if ('failure' in rendered) {
        return { problem: failed(rendered.failure.cause, rendered.failure.message) };
      }
      return { pod: directPod({ ...input, rendered }) };
    } catch (error) {
      // What the author or the template of the cluster says makes no pod: trying again does not mend it.
      return {
        problem: failed('admission', error instanceof Error ? error.message : String(error)),
      };
    }
  }

  #placeOf(launch: PodLaunch | null): PodPlace {
    const { clusters } = this.#options;
    const { pod, config } = launch?.task ?? {};
    const inner = config?.pod as PodOverrides | undefined;
    const cluster = pod?.cluster ?? inner?.cluster ?? clusters.default;
    const first = clusters.clusters[cluster]?.namespaces[0] ?? '';
    return { cluster, namespace: pod?.namespace ?? inner?.namespace ?? first };
  }
}

/** The pod is the task itself: nobody in it claims and reports. As in readPodLaunches. */
export function isDirect({ task }: PodLaunch): boolean {
  return task.operator === 'pod' && (task.config.launch ?? 'direct') === 'direct';
}
