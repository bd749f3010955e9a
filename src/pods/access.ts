/**
 * What each part of Podline may do in a namespace of tasks: the rules of its Kubernetes Role, and nothing
 * cluster-wide. Printed by `podline clusters manifest`, made by the components, tried one by one in the tests.
 */

export interface AccessRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** Launches pods, watches them, reads logs and events. No secrets, no exec, no patch. */
export const SCHEDULER_RULES: readonly AccessRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['create', 'get', 'list', 'watch', 'delete'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: [''], resources: ['events'], verbs: ['list'] },
];

/** For workers that launch pods and Jobs themselves (`launch: 'worker'`, the job operator). */
export const LAUNCHER_RULES: readonly AccessRule[] = [
  ...SCHEDULER_RULES,
  {
    apiGroups: ['batch'],
    resources: ['jobs'],
    verbs: ['create', 'get', 'list', 'watch', 'delete'],
  },
];

/** Label of namespaces of tasks: the cluster itself refuses pods that ask for more than they need. */
export const POD_SECURITY = { 'pod-security.kubernetes.io/enforce': 'restricted' } as const;
