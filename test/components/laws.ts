/**
 * What is true of every resource of every component: pods are restricted and ask for something, selectors never
 * change, rights end at a namespace, and no secret is plain. Each suite of a component calls componentLaws on what
 * it recorded.
 */
import assert from 'node:assert/strict';
import type { AccessRule } from '../../src/pods/access.ts';
import type { Container, PodSpec } from '../../src/pods/manifest.ts';
import { at, type Child, UNKNOWN } from './mocks.ts';

const SELECTOR = [
  'app.kubernetes.io/component',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/name',
];

export interface LawOptions {
  /** Texts that were given as secrets: none may stand in a plain input. */
  canaries?: string[];
}

/** Throws the first breach of each law, all of them together. */
export function componentLaws(children: readonly Child[], { canaries = [] }: LawOptions = {}) {
  const breaches = children.flatMap((child) => [
    ...labelBreaches(child),
    ...selectorBreaches(child),
    ...podBreaches(child),
    ...rightBreaches(child),
    ...secretBreaches(child, canaries),
    ...nameBreaches(child),
  ]);
  assert.deepEqual(breaches, []);
}

const say = (child: Child, problem: string) => `${child.type} ${child.name}: ${problem}`;

function isKubernetes({ type, custom }: Child): boolean {
  return custom && type.startsWith('kubernetes:');
}

function labelBreaches(child: Child): string[] {
  if (!isKubernetes(child)) return [];
  const labels = Object.keys(at(child.inputs, 'metadata.labels') ?? {});
  const wanted = [...SELECTOR, 'app.kubernetes.io/managed-by', 'app.kubernetes.io/part-of'];
  return wanted.filter((key) => !labels.includes(key)).map((key) => say(child, `no label ${key}`));
}

/** What finds pods stays the same for ever, and finds the pods of the template. */
function selectorBreaches(child: Child): string[] {
  const selector = at(child.inputs, 'spec.selector') as Record<string, unknown> | undefined;
  if (!isKubernetes(child) || selector === undefined) return [];
  // A monitor finds several parts on purpose.
  if (child.type.startsWith('kubernetes:monitoring.coreos.com/')) return [];
  const labels = (selector.matchLabels ?? selector) as Record<string, string>;
  const breaches: string[] = [];
  if (Object.keys(labels).sort().join() !== SELECTOR.join()) {
    breaches.push(say(child, `selects by ${Object.keys(labels).join(', ')}`));
  }
  const own = podLabels(child);
  for (const key of SELECTOR) {
    if (own && own[key] !== labels[key]) breaches.push(say(child, `does not find its own pods`));
  }
  return breaches;
}

function podLabels(child: Child): Record<string, string> | undefined {
  return at(child.inputs, 'spec.template.metadata.labels') as Record<string, string> | undefined;
}

function podBreaches(child: Child): string[] {
  const ofCronJob = at(child.inputs, 'spec.jobTemplate.spec.template.spec');
  const pod = (at(child.inputs, 'spec.template.spec') ?? ofCronJob) as PodSpec | undefined;
  if (!isKubernetes(child) || pod === undefined) return [];
  const breaches: string[] = [];
  const expect = (right: boolean, problem: string) => {
    if (!right) breaches.push(say(child, problem));
  };
  const security = pod.securityContext;
  expect(security?.runAsNonRoot === true, 'may run as root');
  expect(Number(security?.runAsUser) > 0, 'says no user');
  expect(security?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  expect(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, 'shares namespaces of its node');
  expect(pod.enableServiceLinks === false, 'learns all Services from its environment');
  expect(
    pod.automountServiceAccountToken === false ||
      podLabels(child)?.['app.kubernetes.io/component'] === 'scheduler',
    'gets a token of Kubernetes, which only schedulers need',
  );
  for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
    for (const problem of containerBreaches(container)) expect(false, problem);
  }
  for (const volume of pod.volumes ?? []) {
    expect(volume.hostPath === undefined, `mounts files of its node`);
  }
  return breaches;
}

function containerBreaches({ name, securityContext, resources }: Container): string[] {
  const right: Record<string, boolean> = {
    'may gain rights': securityContext?.allowPrivilegeEscalation === false,
    'may write to its root': securityContext?.readOnlyRootFilesystem === true,
    'keeps capabilities': securityContext?.capabilities?.drop?.[0] === 'ALL',
    'asks for nothing': Boolean(resources?.requests?.cpu && resources.requests.memory),
    'may take all memory': Boolean(resources?.limits?.memory),
  };
  return Object.entries(right).flatMap(([problem, is]) => (is ? [] : [`${name} ${problem}`]));
}

function rightBreaches(child: Child): string[] {
  if (!isKubernetes(child)) return [];
  const kind = child.type.split(':').pop() ?? '';
  if (kind.startsWith('ClusterRole')) return [say(child, 'has rights in the whole cluster')];
  if (kind === 'ServiceAccount' && child.inputs.automountServiceAccountToken !== false) {
    return [say(child, 'gives its token to every pod')];
  }
  const rules = kind === 'Role' ? (child.inputs.rules as AccessRule[]) : [];
  const refused = ['*', 'secrets', 'pods/exec', 'impersonate', 'escalate'];
  return rules
    .flatMap((rule) => [...rule.resources, ...rule.verbs])
    .filter((word) => refused.includes(word))
    .map((word) => say(child, `has a right to ${word}`));
}

function secretBreaches(child: Child, canaries: string[]): string[] {
  const breaches: string[] = [];
  const type = child.type.split('/').pop();
  if (type === 'v1:Secret' && child.inputs.stringData !== undefined) {
    breaches.push(say(child, 'has stringData, which differs at every preview'));
  }
  if (type === 'v1:Secret' && !child.secrets.includes('data')) {
    breaches.push(say(child, 'has plain data'));
  }
  const spellings = canaries.flatMap((text) => [text, Buffer.from(text).toString('base64')]);
  const plain = JSON.stringify(withoutSecrets(child.inputs, '', child.secrets));
  for (const text of spellings) {
    if (plain.includes(text)) breaches.push(say(child, `shows a secret in ${plain}`));
  }
  return breaches;
}

function withoutSecrets(value: unknown, path: string, secrets: string[]): unknown {
  if (secrets.includes(path)) return '[secret]';
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutSecrets(item, `${path}[${index}]`, secrets));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      withoutSecrets(field, path === '' ? name : `${path}.${name}`, secrets),
    ]),
  );
}

/** A preview says what things are called: no name, namespace, image or reference waits for the update. */
function nameBreaches(child: Child): string[] {
  if (!isKubernetes(child)) return [];
  const breaches: string[] = [];
  const look = (value: unknown, path: string) => {
    if (value === UNKNOWN && !/^(data|spec\.template\.metadata\.annotations)\b/.test(path)) {
      breaches.push(say(child, `${path} is not known in a preview`));
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => look(item, `${path}[${index}]`));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, field] of Object.entries(value)) {
        look(field, path === '' ? name : `${path}.${name}`);
      }
    }
  };
  look(child.inputs, '');
  return breaches;
}
