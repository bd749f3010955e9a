/** Reads what a policy is shown: pods of any kind of workload, images, values by path. Pure; used by policies.ts. */

export type Fields = Record<string, unknown>;

export interface Container {
  name: string;
  image: string;
  requests: Fields;
  limits: Fields;
  security: Fields;
}

export interface Pod {
  spec: Fields;
  security: Fields;
  containers: Container[];
}

/** Where the template of a pod is, by the kind of the object. */
const POD_SPECS: Record<string, string> = {
  Pod: 'spec',
  Deployment: 'spec.template.spec',
  StatefulSet: 'spec.template.spec',
  DaemonSet: 'spec.template.spec',
  Job: 'spec.template.spec',
  CronJob: 'spec.jobTemplate.spec.template.spec',
};

export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (place, name) =>
        typeof place === 'object' && place !== null ? (place as Fields)[name] : undefined,
      value,
    );
}

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** `kubernetes:apps/v1:Deployment` is a Deployment; undefined for what is not of Kubernetes. */
export function kindOf(type: string): string | undefined {
  return type.startsWith('kubernetes:') ? type.split(':').pop() : undefined;
}

/** The pod that an object makes; undefined when it makes none. */
export function podOf(type: string, props: unknown): Pod | undefined {
  const path = POD_SPECS[kindOf(type) ?? ''];
  const found = path === undefined ? undefined : at(props, path);
  if (found === undefined) return undefined;
  const spec = fields(found);
  const lists = [spec.initContainers, spec.containers].filter((list) => Array.isArray(list));
  const containers = lists.flat().map((one: unknown) => ({
    name: text(at(one, 'name')),
    image: text(at(one, 'image')),
    requests: fields(at(one, 'resources.requests')),
    limits: fields(at(one, 'resources.limits')),
    security: fields(at(one, 'securityContext')),
  }));
  return { spec, security: fields(spec.securityContext), containers };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Registry, tag and digest of an image: `registry.example.com/team/app:1@sha256:...` */
export function imageParts(image: string): { registry: string; tag?: string; digest?: string } {
  const [named = '', digest] = image.split('@');
  const parts = named.split('/');
  const [first = ''] = parts;
  const isHost = parts.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  const tag = /:([^/:]+)$/.exec(parts.at(-1) ?? '')?.[1];
  return { registry: isHost ? first : 'docker.io', tag, digest };
}
