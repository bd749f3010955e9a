/**
 * The allow-list of what an author may say about a pod, as a zod schema. In the config of pod and job strings may
 * be templates, which are looked at again once they are rendered. Used by checkOverrides.ts.
 */
import { z } from 'zod';
import {
  dnsLabelProblem,
  imageProblem,
  labelKeyProblem,
  labelValueProblem,
  mountPathProblem,
} from './names.ts';
import { type OverridesMode, ownNameProblem, schemaParts, unique } from './schemaParts.ts';

export function overridesSchema(mode: OverridesMode) {
  const {
    text,
    keyed,
    whole,
    dnsLabel,
    dnsName,
    anything,
    pullPolicy,
    texts,
    resources,
    env,
    envFrom,
    volumes,
    volumeMounts,
    security,
    ports,
  } = schemaParts(mode);
  // The kubelet asks, from the network of the node: no other host than the pod.
  const probe = anything.superRefine((given, context) => {
    for (const kind of ['httpGet', 'tcpSocket']) {
      const { host } = (given[kind] ?? {}) as { host?: unknown };
      if (host === undefined) continue;
      const message = 'it is refused: a probe asks its own pod';
      context.addIssue({ code: 'custom', message, path: [kind, 'host'] });
    }
  });
  const container = (more: z.ZodRawShape) =>
    z.strictObject({
      name: text((name) =>
        name === 'main' ? '"main" is the container of the task' : ownNameProblem(name),
      ),
      image: text(imageProblem),
      imagePullPolicy: pullPolicy.optional(),
      command: texts.optional(),
      args: texts.optional(),
      env,
      envFrom: envFrom.optional(),
      resources: resources.optional(),
      volumeMounts: volumeMounts.optional(),
      workingDir: text().optional(),
      securityContext: z.strictObject(security).optional(),
      ...more,
    });
  const labels = keyed(text(labelValueProblem), metadataKeyProblem);

  return z.strictObject({
    cluster: z.string().min(1).max(63).optional(),
    namespace: z
      .string()
      .refine((name) => dnsLabelProblem(name) === undefined, { error: 'it is no namespace' })
      .optional(),
    image: text(imageProblem).optional(),
    imagePullPolicy: pullPolicy.optional(),
    imagePullSecrets: z.array(dnsName).optional(),
    resources: resources.optional(),
    env,
    envFrom: envFrom.optional(),
    volumes: volumes.optional(),
    volumeMounts: volumeMounts.optional(),
    initContainers: unique(z.array(container({})), 'name').optional(),
    sidecars: unique(
      z.array(
        container({
          ports: ports.optional(),
          startupProbe: probe.optional(),
          readinessProbe: probe.optional(),
          livenessProbe: probe.optional(),
        }),
      ),
      'name',
    ).optional(),
    nodeSelector: keyed(text(labelValueProblem), labelKeyProblem).optional(),
    affinity: z
      .strictObject({
        nodeAffinity: anything.optional(),
        podAffinity: anything.optional(),
        podAntiAffinity: anything.optional(),
      })
      .optional(),
    tolerations: z
      .array(
        z.strictObject({
          key: text().optional(),
          operator: z.enum(['Exists', 'Equal']).optional(),
          value: text().optional(),
          effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
          tolerationSeconds: whole(0).optional(),
        }),
      )
      .optional(),
    topologySpreadConstraints: z.array(anything).optional(),
    runtimeClassName: dnsName.optional(),
    priorityClassName: dnsName.optional(),
    schedulerName: dnsName.optional(),
    serviceAccountName: dnsName.optional(),
    securityContext: z
      .strictObject({
        ...security,
        fsGroup: whole(0).optional(),
        fsGroupChangePolicy: z.enum(['Always', 'OnRootMismatch']).optional(),
        supplementalGroups: z.array(whole(0)).optional(),
      })
      .optional(),
    labels: labels.optional(),
    annotations: keyed(text(), metadataKeyProblem).optional(),
    hostAliases: z
      .array(z.strictObject({ ip: text(), hostnames: z.array(dnsName).min(1) }))
      .optional(),
    hostname: dnsLabel.optional(),
    subdomain: dnsLabel.optional(),
    dnsPolicy: z.enum(['ClusterFirst', 'Default', 'None']).optional(),
    dnsConfig: anything.optional(),
    ports: ports.optional(),
    workingDir: text(mountPathProblem).optional(),
    terminationGracePeriodSeconds: whole(0, 86400).optional(),
    startupTimeout: z.number().min(1).max(86400).optional(),
  });
}

function metadataKeyProblem(key: string): string | undefined {
  if (/^(.*\.)?podline\.dev\//.test(key) || key === 'app.kubernetes.io/managed-by') {
    return `"${key}" belongs to Podline`;
  }
  // The seccomp and AppArmor profiles of containers were once chosen by annotations.
  if (/^(container\.)?(apparmor|seccomp)\.security\./.test(key)) {
    return `"${key}" belongs to whoever runs the cluster`;
  }
  return labelKeyProblem(key);
}
