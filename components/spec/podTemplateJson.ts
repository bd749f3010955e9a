/**
 * The template of a cluster as JSON, a partial pod, and what a cluster would refuse about the pods made from it.
 * Pure: arguments come with all their values known. Used by podTemplate.ts.
 */
import type * as pulumi from '@pulumi/pulumi';
import { checkPod, type PodProblem } from '../../src/pods/checkPod.ts';
import { MAIN_CONTAINER } from '../../src/pods/manifest.ts';
import { mergeTemplate } from '../../src/pods/mergePod.ts';
import { reservedEnvProblem } from '../../src/pods/names.ts';
import { hardened, startPod } from '../../src/pods/startPod.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import type { PodTemplateArgs } from '../podTemplateArgs.ts';

/** The arguments with all values in hand. */
export type KnownTemplate = pulumi.Unwrap<Omit<PodTemplateArgs, 'restricted'>>;
type Container = NonNullable<KnownTemplate['initContainers']>[number];
type Environment = Pick<Container, 'env' | 'envSecrets' | 'envFromSecrets' | 'envFromConfigMaps'>;
type Volume = NonNullable<KnownTemplate['volumes']>[number];

/** Of the pod, by the same names. */
const OF_POD = [
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'runtimeClassName',
  'schedulerName',
  'serviceAccountName',
  'hostAliases',
  'dnsPolicy',
  'dnsConfig',
  'terminationGracePeriodSeconds',
] as const;

export function podTemplateJson(args: KnownTemplate): JsonObject {
  const { runAsUser, runAsGroup, runAsNonRoot, fsGroup, fsGroupChangePolicy, ...security } =
    args.securityContext ?? {};
  const { supplementalGroups, seccompProfileType, readOnlyRootFilesystem, addCapabilities } =
    security;
  const main = defined({
    resources: args.resources,
    imagePullPolicy: args.imagePullPolicy,
    ...environment(args),
    volumeMounts: args.volumeMounts,
    securityContext: orNothing({
      readOnlyRootFilesystem,
      capabilities: addCapabilities && { drop: ['ALL'], add: addCapabilities },
    }),
  });
  const inits = [
    ...(args.initContainers ?? []).map((container) => beside(container)),
    ...(args.sidecars ?? []).map((container) => ({
      ...beside(container),
      restartPolicy: 'Always',
    })),
  ];
  const template = defined({
    metadata: orNothing({ labels: args.labels, annotations: args.annotations }),
    spec: orNothing({
      ...Object.fromEntries(OF_POD.map((name) => [name, args[name]])),
      imagePullSecrets: args.imagePullSecrets?.map((name) => ({ name })),
      securityContext: orNothing({
        ...{
          runAsUser,
          runAsGroup,
          runAsNonRoot,
          fsGroup,
          fsGroupChangePolicy,
          supplementalGroups,
        },
        seccompProfile: seccompProfileType && { type: seccompProfileType },
      }),
      volumes: args.volumes?.map((volume) => volumeJson(volume)),
      initContainers: inits.length > 0 ? inits : undefined,
      containers: Object.keys(main).length > 0 ? [{ name: MAIN_CONTAINER, ...main }] : undefined,
    }),
  });
  const over = args.pod;
  if (over === undefined) return template;
  // The rules of the runtime, with an empty pod below: lists of one name are matched.
  const merged = mergeTemplate(
    { spec: { containers: [] }, ...template },
    over,
  ) as unknown as JsonObject;
  const { containers = [], ...spec } = merged.spec as JsonObject;
  const isEmpty = Array.isArray(containers) && containers.length === 0;
  return { ...merged, spec: isEmpty ? spec : { ...spec, containers } };
}

/** What is wrong with every pod that would be made, by the arguments that say it. */
export function templateProblems(
  args: KnownTemplate,
  { restricted }: { restricted: boolean },
): PodProblem[] {
  const template = podTemplateJson(args);
  // An image, which each task or cluster brings.
  const start = startPod('template', { image: 'registry.example/task:1' });
  const pod = hardened(mergeTemplate(start, template));
  const { serviceAccountName } = pod.spec;
  const serviceAccounts = serviceAccountName === undefined ? [] : [serviceAccountName];
  const found = checkPod(pod, { restricted, serviceAccounts });
  for (const name of Object.keys({ ...args.env, ...args.envSecrets })) {
    const problem = reservedEnvProblem(name);
    if (problem !== undefined) found.push({ path: `env.${name}`, problem });
  }
  for (const [index, volume] of (args.volumes ?? []).entries()) {
    if (Object.keys(volumeJson(volume)).length === 2) continue;
    found.push({
      path: `volumes[${index}]`,
      problem: 'give a name and exactly one kind of volume',
    });
  }
  return found.map(({ path, problem }) => ({ path: argumentOf(path), problem }));
}

/** `spec.containers[main].resources.limits.cpu` is said by `resources.limits.cpu`. */
function argumentOf(path: string): string {
  return path.replace(/^(spec\.containers\[main\]|spec|metadata)\.?/, '');
}

function beside(container: Container): JsonObject {
  const { name, image, imagePullPolicy, command, args, resources, volumeMounts, more } = container;
  return defined({
    ...{ name, image, imagePullPolicy, command, args, resources },
    ...environment(container),
    volumeMounts,
    ...more,
  });
}

function environment({ env, envSecrets, envFromSecrets, envFromConfigMaps }: Environment) {
  const variables = [
    ...Object.entries(env ?? {}).map(([name, value]) => ({ name, value })),
    ...Object.entries(envSecrets ?? {}).map(([name, ref]) => ({
      name,
      valueFrom: {
        secretKeyRef: defined({ name: ref.name, key: ref.key, optional: ref.optional }),
      },
    })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const sources = [
    ...(envFromSecrets ?? []).map((name) => ({ secretRef: { name } })),
    ...(envFromConfigMaps ?? []).map((name) => ({ configMapRef: { name } })),
  ];
  return {
    env: variables.length > 0 ? variables : undefined,
    envFrom: sources.length > 0 ? sources : undefined,
  };
}

function volumeJson({ name, emptyDir, secret, configMap, persistentVolumeClaim, source }: Volume) {
  return defined({
    name,
    emptyDir,
    secret: secret === undefined ? undefined : { secretName: secret },
    configMap: configMap === undefined ? undefined : { name: configMap },
    persistentVolumeClaim:
      persistentVolumeClaim === undefined ? undefined : { claimName: persistentVolumeClaim },
    ...source,
  });
}

/** Without what is undefined, all the way down: the file of clusters is JSON. */
function defined(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function orNothing(value: object): JsonObject | undefined {
  const kept = defined(value);
  return Object.keys(kept).length > 0 ? kept : undefined;
}
