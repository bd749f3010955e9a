/**
 * What every pod of a component is held to: the `restricted` Pod Security Standard, and beyond it a root that
 * cannot be written and no token of Kubernetes unless the component asks for one.
 */
import type * as pulumi from '@pulumi/pulumi';
import { POD_SECURITY } from '../../src/pods/access.ts';

/** Security of the pod; `user` is a number, because a name cannot be told from root. */
export function podSecurity(user: pulumi.Input<number>) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** Security of each container. */
export function containerSecurity() {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
}

/** Labels of a namespace that refuses what is not restricted, and says so at once. */
export const NAMESPACE_SECURITY: Readonly<Record<string, string>> = {
  ...POD_SECURITY,
  'pod-security.kubernetes.io/warn': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
};
