/**
 * What every pod of a task starts from, before the template of the cluster and what its author says are laid over
 * it: the most careful settings that still run a program. Pure; used by the builders of pods and by the check of templates.
 */
import {
  type Container,
  type ContainerSecurity,
  MAIN_CONTAINER,
  type PodManifest,
  type PodTemplate,
} from './manifest.ts';

/** Enough to be more than a pod without requests, which a full node evicts first; little enough for small nodes. */
const REQUESTS = { cpu: '10m', memory: '64Mi' };

const NO_RIGHTS: ContainerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
};

export function startPod(name: string, main: Partial<Container>): PodManifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: MAIN_CONTAINER,
          resources: { requests: REQUESTS },
          securityContext: NO_RIGHTS,
          ...main,
        },
      ],
    },
  };
}

/** The pod with all layers on it: containers that say nothing about rights have none, and nothing starts again. */
export function hardened<Pod extends PodTemplate>(pod: Pod): Pod {
  const harden = (container: Container): Container => ({
    ...container,
    securityContext: { ...NO_RIGHTS, ...container.securityContext },
  });
  const { containers, initContainers } = pod.spec;
  const spec = { ...pod.spec, restartPolicy: 'Never', containers: containers.map(harden) };
  if (initContainers) spec.initContainers = initContainers.map(harden);
  return { ...pod, spec };
}
