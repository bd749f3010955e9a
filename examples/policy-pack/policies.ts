/**
 * Rules for stacks with Podline in them. Each is a function of what the engine shows, so that the tests run them on
 * good and bad resources without an engine. Copy what fits, and set the rest with `--policy-pack-config`.
 */
import type { Policies, ReportViolation, ResourceValidationPolicy } from '@pulumi/policy';
import { at, type Fields, fields, imageParts, kindOf, podOf, texts } from './objects.ts';

/** What a rule looks at. */
interface Resource {
  type: string;
  props: unknown;
  urn: string;
  /** What `--policy-pack-config`, or the default, says. */
  settings: Fields;
}

/** A rule that looks at one resource and returns what is wrong with it. */
function rule(
  given: Omit<ResourceValidationPolicy, 'validateResource'> & {
    look: (resource: Resource) => string[];
  },
): ResourceValidationPolicy {
  const { look, ...policy } = given;
  return {
    ...policy,
    validateResource: (args, report: ReportViolation) => {
      const { type, props, urn } = args;
      for (const problem of look({ type, props, urn, settings: args.getConfig() })) report(problem);
    },
  };
}

const restrictedPods = rule({
  name: 'restricted-pods',
  description: 'Pods keep to the restricted Pod Security Standard and have no token of Kubernetes.',
  look({ type, props }) {
    const pod = podOf(type, props);
    if (!pod) return [];
    const { spec, security, containers } = pod;
    const problems: string[] = [];
    if (security.runAsNonRoot !== true) problems.push('the pod may run as root');
    if (at(security, 'seccompProfile.type') !== 'RuntimeDefault') {
      problems.push('the pod has no seccomp profile RuntimeDefault');
    }
    for (const name of ['hostNetwork', 'hostPID', 'hostIPC']) {
      if (spec[name] === true) problems.push(`the pod has ${name}`);
    }
    const volumes = Array.isArray(spec.volumes) ? (spec.volumes as unknown[]) : [];
    if (volumes.some((volume) => 'hostPath' in fields(volume))) {
      problems.push('the pod mounts files of its node');
    }
    for (const { name, security: own } of containers) {
      if (own.allowPrivilegeEscalation !== false)
        problems.push(`container ${name} may gain rights`);
      if (own.privileged === true) problems.push(`container ${name} is privileged`);
      const dropped = at(own, 'capabilities.drop');
      if (!Array.isArray(dropped) || !dropped.includes('ALL')) {
        problems.push(`container ${name} keeps capabilities`);
      }
    }
    return problems;
  },
});

const tokensForSchedulers = rule({
  name: 'tokens-for-schedulers',
  description: 'Only schedulers get a token of Kubernetes: they launch pods, nobody else does.',
  look({ type, props }) {
    const pod = podOf(type, props);
    if (!pod || pod.spec.automountServiceAccountToken === false) return [];
    const labels = fields(at(props, 'spec.template.metadata.labels'));
    if (labels['app.kubernetes.io/component'] === 'scheduler') return [];
    return ['the pod gets a token of Kubernetes; set automountServiceAccountToken: false'];
  },
});

const resources = rule({
  name: 'requests-and-limits',
  description: 'Containers ask for processor time and memory, and have a limit of memory.',
  look({ type, props }) {
    return (podOf(type, props)?.containers ?? []).flatMap(({ name, requests, limits }) => [
      ...(requests.cpu === undefined ? [`container ${name} asks for no cpu`] : []),
      ...(requests.memory === undefined ? [`container ${name} asks for no memory`] : []),
      ...(limits.memory === undefined ? [`container ${name} has no limit of memory`] : []),
    ]);
  },
});

const noClusterRoles = rule({
  name: 'no-cluster-roles',
  description: 'Rights end at a namespace.',
  look({ type }) {
    const kind = kindOf(type);
    return kind?.startsWith('ClusterRole')
      ? [`it is a ${kind}; take a Role in each namespace`]
      : [];
  },
});

const fixedImages = rule({
  name: 'fixed-images',
  description: 'Images have a version: a tag that is not "latest", or a digest.',
  look({ type, props }) {
    return (podOf(type, props)?.containers ?? []).flatMap(({ name, image }) => {
      const { tag, digest } = imageParts(image);
      const isFixed = digest !== undefined || (tag !== undefined && tag !== 'latest');
      return isFixed ? [] : [`container ${name} has the image "${image}", which has no version`];
    });
  },
});

const allowedRegistries = rule({
  name: 'allowed-registries',
  description: 'Images come from registries of the company.',
  configSchema: {
    properties: {
      registries: {
        type: 'array',
        items: { type: 'string' },
        default: ['registry.example.com'],
      },
    },
  },
  look({ type, props, settings }) {
    const registries = texts(settings.registries);
    return (podOf(type, props)?.containers ?? []).flatMap(({ name, image }) => {
      const { registry } = imageParts(image);
      if (registries.includes(registry)) return [];
      return [
        `container ${name} has an image of ${registry}; allowed are ${registries.join(', ')}`,
      ];
    });
  },
});

/** The part of the URN that says which stack it is in. */
function stackOf(urn: string): string {
  return urn.split(':')[2] ?? '';
}

const databaseForEvaluation = rule({
  name: 'embedded-database-in-dev-only',
  description:
    'The database inside the cluster has no copies and no backup: it is for development.',
  configSchema: {
    properties: {
      stacks: { type: 'array', items: { type: 'string' }, default: ['dev', 'test'] },
    },
  },
  look({ type, props, urn, settings }) {
    const stacks = texts(settings.stacks);
    if (type !== 'podline:index:MetadataDatabase' || at(props, 'mode') !== 'Embedded') return [];
    const stack = stackOf(urn);
    if (stacks.includes(stack)) return [];
    return [
      `stack ${stack} has an Embedded database; take External or CloudNativePg (allowed in ${stacks.join(', ')})`,
    ];
  },
});

const connectionsByReference = rule({
  name: 'connections-by-reference',
  description: 'Connections come from a vault or a Secret that is there, not from the program.',
  look({ type, props }) {
    if (type !== 'podline:index:Connection') return [];
    const given = ['uri', 'password', 'extra'].filter((name) => at(props, name) !== undefined);
    const isReference =
      at(props, 'externalSecret') !== undefined || at(props, 'existingSecret') !== undefined;
    if (isReference && !given.includes('uri') && !given.includes('password')) return [];
    return ['the connection is in the program; take externalSecret or existingSecret'];
  },
});

export const policies: Policies = [
  restrictedPods,
  tokensForSchedulers,
  resources,
  noClusterRoles,
  fixedImages,
  allowedRegistries,
  databaseForEvaluation,
  connectionsByReference,
];
