/**
 * Finds what an author would take from the template of a cluster that goes beyond the restricted profile: its
 * containers with rights over the node keep their image and command, its volumes of the node stay where it
 * mounts them. Pure; asked for every finished pod of such a cluster.
 */
import type { PodProblem } from './checkPod.ts';
import type { Container, PodTemplate } from './manifest.ts';
import { hasRights, isRefused } from './restricted.ts';

const OWNER = 'belongs to the template of the cluster';

/** `alone`: the pod of the template before an author said anything. */
export function borrowedRights(pod: PodTemplate, alone: PodTemplate): PodProblem[] {
  const problems: PodProblem[] = [];
  const refused = new Set((pod.spec.volumes ?? []).filter(isRefused).map(({ name }) => name));
  for (const list of ['initContainers', 'containers'] as const) {
    const known = new Map((alone.spec[list] ?? []).map((item) => [item.name, item]));
    for (const container of pod.spec[list] ?? []) {
      const path = `spec.${list}[${container.name}]`;
      const own = known.get(container.name);
      const isChanged = own !== undefined && JSON.stringify(own) !== JSON.stringify(container);
      if (list === 'initContainers' && isChanged && hasRights(own)) {
        problems.push({ path, problem: `it has rights over its node and ${OWNER}` });
      }
      const allowed = new Set(mountsOf(own).map((mount) => JSON.stringify(mount)));
      for (const mount of mountsOf(container)) {
        if (!refused.has(mount.name) || allowed.has(JSON.stringify(mount))) continue;
        const problem = `the volume "${mount.name}" ${OWNER}, and no task mounts it`;
        problems.push({ path: `${path}.volumeMounts[${mount.mountPath}]`, problem });
      }
    }
  }
  return problems;
}

function mountsOf(container: Container | undefined) {
  return container?.volumeMounts ?? [];
}
