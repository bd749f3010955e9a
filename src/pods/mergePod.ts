/**
 * Lays what a cluster and an author say over a base pod, by rules that docs/pods.md lists. Pure; used by the
 * builders of pods, and by the compiler for the defaults of DAGs and groups.
 */
import type { JsonObject } from '../plan/plan.ts';
import { type EnvVar, MAIN_CONTAINER, type PodTemplate } from './manifest.ts';
import type { EnvSource, PodOverrides } from './podOverrides.ts';

type Item = Record<string, unknown>;

/** Lists whose members are matched; all others are replaced as a whole. `deep` merges two that match. */
const LISTS: Record<string, { by?: readonly string[]; deep?: true }> = {
  containers: { by: ['name'], deep: true },
  initContainers: { by: ['name'], deep: true },
  sidecars: { by: ['name'], deep: true },
  env: { by: ['name'] },
  volumes: { by: ['name'] },
  imagePullSecrets: { by: ['name'] },
  volumeMounts: { by: ['mountPath'] },
  ports: { by: ['containerPort', 'protocol'] },
  tolerations: { by: ['key', 'effect'] },
  topologySpreadConstraints: { by: ['topologyKey'] },
  hostAliases: { by: ['ip'] },
  envFrom: {},
};

/** Objects that mean something only as a whole. */
const WHOLE = new Set(['dnsConfig', 'nodeAffinity', 'podAffinity', 'podAntiAffinity', 'lifecycle']);

/** The base with the cluster's template (a partial pod) over it. */
export function mergeTemplate<Base extends PodTemplate>(base: Base, template: JsonObject): Base {
  return mergeObjects(base as unknown as Item, template) as unknown as Base;
}

/** The pod with the overrides of an author over it. `cluster`, `namespace` and `startupTimeout` are not in a pod. */
export function mergePod<Base extends PodTemplate>(base: Base, overrides: PodOverrides): Base {
  return mergeObjects(base as unknown as Item, partialPod(overrides)) as unknown as Base;
}

/** Overrides of a DAG or group with those of something inside it over them. */
export function mergeOverrides(lower: PodOverrides, upper: PodOverrides): PodOverrides {
  return mergeObjects(normal(lower) as Item, normal(upper) as Item);
}

/** `{ NAME: 'text', OTHER: { secret, key } }` in Kubernetes' form. */
export function envList(given: PodOverrides['env']): EnvVar[] {
  if (Array.isArray(given)) return given;
  return Object.entries(given ?? {}).map(([name, value]) => ({ name, ...envValue(value) }));
}

function envValue(value: string | EnvSource): Omit<EnvVar, 'name'> {
  if (typeof value === 'string') return { value };
  return 'secret' in value
    ? { valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
    : { valueFrom: { configMapKeyRef: { name: value.configMap, key: value.key } } };
}

function normal(overrides: PodOverrides): PodOverrides {
  return overrides.env ? { ...overrides, env: envList(overrides.env) } : overrides;
}

/** Overrides as a pod with only the fields that they name. */
function partialPod(overrides: PodOverrides): Item {
  const { labels, annotations, sidecars = [], initContainers = [], imagePullSecrets } = overrides;
  const { image, imagePullPolicy, resources, envFrom, volumeMounts, ports, workingDir } = overrides;
  const { cluster: _c, namespace: _n, startupTimeout: _s, env, ...rest } = overrides;
  const { readOnlyRootFilesystem, ...security } = overrides.securityContext ?? {};
  const inits = [
    ...initContainers.map((container) => withEnv(container)),
    ...sidecars.map((container) => ({ ...withEnv(container), restartPolicy: 'Always' })),
  ];
  const spec: Item = { ...rest };
  for (const name of IN_CONTAINER) delete spec[name];
  return {
    metadata: { labels, annotations },
    spec: {
      ...spec,
      imagePullSecrets: imagePullSecrets?.map((name) => ({ name })),
      initContainers: inits.length > 0 ? inits : undefined,
      securityContext: Object.keys(security).length > 0 ? security : undefined,
      containers: [
        {
          name: MAIN_CONTAINER,
          image,
          imagePullPolicy,
          resources,
          env: env && envList(env),
          envFrom,
          volumeMounts,
          ports,
          workingDir,
          securityContext:
            readOnlyRootFilesystem === undefined ? undefined : { readOnlyRootFilesystem },
        },
      ],
    },
  };
}

const IN_CONTAINER = [
  ...['image', 'imagePullPolicy', 'resources', 'env', 'envFrom', 'volumeMounts', 'ports'],
  ...['workingDir', 'securityContext', 'labels', 'annotations', 'sidecars', 'initContainers'],
  'imagePullSecrets',
];

function withEnv(container: JsonObject): Item {
  return container.env === undefined
    ? container
    : { ...container, env: envList(container.env as PodOverrides['env']) };
}

function mergeObjects(base: Item, over: Item): Item {
  const merged: Item = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = merged[key];
    if (Array.isArray(value)) merged[key] = mergeLists(key, below, value as unknown[]);
    else if (isObject(value)) {
      merged[key] = mergeObjects(isObject(below) && !WHOLE.has(key) ? below : {}, value);
    } else merged[key] = value;
  }
  return merged;
}

function mergeLists(key: string, below: unknown, over: readonly unknown[]): unknown[] {
  const rule = Object.hasOwn(LISTS, key) ? LISTS[key] : undefined;
  if (!rule || !Array.isArray(below)) return [...over];
  const merged: unknown[] = [...(below as unknown[])];
  if (!rule.by) return [...merged, ...over];
  const { by, deep } = rule;
  for (const item of over) {
    const at = merged.findIndex((other) => isObject(other) && same(other, item, by));
    if (at === -1) merged.push(item);
    else merged[at] = deep ? mergeObjects(merged[at] as Item, item as Item) : item;
  }
  return merged;
}

function same(a: Item, b: unknown, by: readonly string[]): boolean {
  return isObject(b) && by.every((field) => (a[field] ?? null) === (b[field] ?? null));
}

function isObject(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
