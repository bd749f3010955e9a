/**
 * The restricted profile of Kubernetes' Pod Security Standards, as far as a pod of Linux can break it. A
 * namespace that enforces it refuses these pods anyway; here the words and places are better. Pure.
 */
import type { PodProblem } from './checkPod.ts';
import type { Container, PodTemplate, Volume } from './manifest.ts';

const VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
];

export function securityProblems({ metadata, spec }: PodTemplate): PodProblem[] {
  const problems: PodProblem[] = [];
  const add = (path: string, problem: string) => problems.push({ path, problem });
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[name]) add(`spec.${name}`, 'it must not be true');
  }
  for (const volume of spec.volumes ?? []) {
    if (isRefused(volume))
      add(`spec.volumes[${volume.name}]`, `volumes of kind ${kindOf(volume)} are refused`);
  }
  if (spec.securityContext?.runAsUser === 0)
    add('spec.securityContext.runAsUser', 'it must not be 0, which is root');
  if (spec.securityContext?.sysctls?.length)
    add('spec.securityContext.sysctls', 'tasks set no kernel parameters');
  for (const key of Object.keys(metadata?.annotations ?? {})) {
    if (key.startsWith('container.apparmor.security.'))
      add(`metadata.annotations.${key}`, 'tasks choose no AppArmor profile');
  }
  for (const list of ['initContainers', 'containers'] as const) {
    for (const container of spec[list] ?? []) {
      const where = `spec.${list}[${container.name}].securityContext`;
      for (const [field, problem] of containerProblems(container, spec.securityContext))
        add(`${where}.${field}`, problem);
    }
  }
  return problems;
}

function containerProblems(
  { securityContext: own = {}, ports = [] }: Container,
  pod: PodTemplate['spec']['securityContext'] = {},
): [string, string][] {
  const found: [string, string][] = [];
  if (own.privileged) found.push(['privileged', 'it must not be true']);
  if (own.allowPrivilegeEscalation !== false)
    found.push(['allowPrivilegeEscalation', 'it must be false']);
  if (!own.capabilities?.drop?.includes('ALL'))
    found.push(['capabilities.drop', 'it must name ALL']);
  if ((own.capabilities?.add ?? []).some((name) => name !== 'NET_BIND_SERVICE'))
    found.push(['capabilities.add', 'only NET_BIND_SERVICE may be added']);
  if ((own.runAsNonRoot ?? pod.runAsNonRoot) !== true)
    found.push(['runAsNonRoot', 'it must be true']);
  if (own.runAsUser === 0) found.push(['runAsUser', 'it must not be 0, which is root']);
  if (own.procMount !== undefined && own.procMount !== 'Default')
    found.push(['procMount', 'it must be Default']);
  const seccomp = (own.seccompProfile ?? pod.seccompProfile)?.type;
  if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost')
    found.push(['seccompProfile', 'its type must be RuntimeDefault or Localhost']);
  if (ports.some((port) => typeof port.hostPort === 'number' && port.hostPort !== 0))
    found.push(['hostPort', 'tasks take no ports of their node']);
  return found;
}

/** Rights of its own, whatever the pod says about all containers. */
export function hasRights(container: Container): boolean {
  const careful = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  return containerProblems(container, careful).length > 0;
}

/** Of a kind that a task may not have, above all files of the node. */
export function isRefused(volume: Volume): boolean {
  const kind = kindOf(volume);
  return kind !== undefined && !VOLUMES.includes(kind);
}

/** The API server makes an emptyDir of a volume that names no source. */
function kindOf(volume: Volume): string | undefined {
  return Object.keys(volume).find((key) => key !== 'name');
}
