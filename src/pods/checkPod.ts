/**
 * Finds what is wrong with a finished pod, before the API server or a kubelet does: it is looked at with the
 * cluster's template and with templates rendered, at every launch. Pure; all problems at once.
 */
import { type Container, MAIN_CONTAINER, type PodTemplate, type Resources } from './manifest.ts';
import {
  dnsLabelProblem,
  dnsNameProblem,
  envNameProblem,
  imageProblem,
  labelKeyProblem,
  labelValueProblem,
  mountPathProblem,
  quantityOf,
  quantityProblem,
} from './names.ts';
import { securityProblems } from './restricted.ts';

export interface PodProblem {
  /** Place: spec.containers[main].image. */
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

/** Kubernetes' own limit for the annotations of one object, and a safe part of etcd's for the whole. */
const MAX_ANNOTATIONS = 256 * 1024;
const MAX_POD = 1024 * 1024;

export function checkPod(pod: PodTemplate, policy: PodPolicy): PodProblem[] {
  const problems: PodProblem[] = [];
  const add = (path: string, problem: string | undefined) => {
    if (problem !== undefined) problems.push({ path, problem });
  };
  checkMetadata(pod, add);
  const { spec } = pod;
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  for (const name of repeated(volumes)) add(`spec.volumes[${name}]`, 'there are two of this name');
  for (const name of repeated(all.map((container) => container.name))) {
    add(`spec.containers[${name}]`, 'there are two containers of this name');
  }
  for (const { name } of spec.containers) {
    if (name === MAIN_CONTAINER) continue;
    const problem = 'it would keep the pod alive after the task; make it an initContainer with ';
    add(`spec.containers[${name}]`, `${problem}restartPolicy "Always"`);
  }
  for (const container of spec.containers)
    checkContainer(container, 'containers', new Set(volumes), add);
  for (const container of spec.initContainers ?? [])
    checkContainer(container, 'initContainers', new Set(volumes), add);
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {}))
    add(`spec.nodeSelector.${key}`, labelKeyProblem(key) ?? labelValueProblem(value));
  const account = spec.serviceAccountName;
  if (account !== undefined && !policy.serviceAccounts.includes(account)) {
    const known = policy.serviceAccounts.join(', ') || 'none';
    add('spec.serviceAccountName', `the cluster does not allow "${account}"; it allows ${known}`);
  }
  if (policy.restricted) problems.push(...securityProblems(pod));
  const size = JSON.stringify(pod).length;
  if (size > MAX_POD)
    add('', `it has ${Math.ceil(size / 1024)} KB; at most ${MAX_POD / 1024} KB are taken`);
  return problems;
}

type Add = (path: string, problem: string | undefined) => void;

function checkMetadata({ metadata = {} }: PodTemplate, add: Add): void {
  if (metadata.name !== undefined) add('metadata.name', dnsNameProblem(metadata.name));
  for (const [key, value] of Object.entries(metadata.labels ?? {}))
    add(`metadata.labels.${key}`, labelKeyProblem(key) ?? labelValueProblem(value));
  const annotations = Object.entries(metadata.annotations ?? {});
  for (const [key] of annotations) add(`metadata.annotations.${key}`, labelKeyProblem(key));
  const size = annotations.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (size > MAX_ANNOTATIONS)
    add('metadata.annotations', `they have ${Math.ceil(size / 1024)} KB; at most 256 KB are taken`);
}

function checkContainer(
  container: Container,
  list: string,
  volumes: ReadonlySet<string>,
  add: Add,
): void {
  const where = `spec.${list}[${container.name}]`;
  add(`${where}.name`, dnsLabelProblem(container.name));
  add(
    `${where}.image`,
    container.image === undefined
      ? 'none is given; set image of the task, or of the cluster'
      : imageProblem(container.image),
  );
  const names = (container.env ?? []).map(({ name }) => name);
  for (const name of names) add(`${where}.env[${name}]`, envNameProblem(name));
  for (const name of repeated(names)) add(`${where}.env[${name}]`, 'there are two of this name');
  const mounts = container.volumeMounts ?? [];
  for (const { name, mountPath } of mounts) {
    const place = `${where}.volumeMounts[${mountPath}]`;
    add(place, mountPathProblem(mountPath));
    if (!volumes.has(name)) add(place, `there is no volume "${name}"`);
  }
  for (const path of repeated(mounts.map(({ mountPath }) => mountPath)))
    add(`${where}.volumeMounts[${path}]`, 'there are two of this path');
  checkResources(container.resources, `${where}.resources`, add);
}

function checkResources(resources: Resources = {}, where: string, add: Add): void {
  const { requests = {}, limits = {} } = resources;
  for (const [kind, values] of Object.entries({ requests, limits })) {
    for (const [name, value] of Object.entries(values))
      add(`${where}.${kind}.${name}`, quantityProblem(value));
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit === undefined || !(quantityOf(request) > quantityOf(limit))) continue;
    add(`${where}.requests.${name}`, `${request} is more than the limit of ${limit}`);
  }
}

function repeated(names: readonly string[]): Set<string> {
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}
