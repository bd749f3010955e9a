/**
 * The network of a namespace of tasks: nobody connects to its pods, and they connect to what is allowed. The
 * metadata service of a cloud hands out the rights of the node to whoever asks, so it is closed by default.
 */
import * as pulumi from '@pulumi/pulumi';
import type * as k8s from '@pulumi/kubernetes';
import type { EgressArgs, TaskBoundsArgs } from '../taskNamespaceArgs.ts';
import { POOLER_PORT } from './poolerFiles.ts';

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Rule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/** Of most clouds; IPv6 of AWS. */
const METADATA_V4 = '169.254.169.254/32';
const METADATA_V6 = 'fd00:ec2::254/128';

/** `control`: namespace of the control plane, when it is in the same cluster. */
export function networkSpec(args: TaskBoundsArgs, control: pulumi.Input<string> | undefined): Spec {
  const egress = egressRules(args, control);
  return {
    podSelector: {},
    policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'],
    ingress: [],
    ...(egress && { egress }),
  };
}

function egressRules(
  { egress, metadataService = false }: TaskBoundsArgs,
  control: pulumi.Input<string> | undefined,
): Rule[] | undefined {
  if (egress) return [DNS, ...databaseRule(control), ...egress.map(ruleOf)];
  if (metadataService) return undefined;
  return [
    {
      to: [
        { ipBlock: { cidr: '0.0.0.0/0', except: [METADATA_V4] } },
        { ipBlock: { cidr: '::/0', except: [METADATA_V6] } },
        // Some networks do not count pods among addresses.
        { namespaceSelector: {} },
      ],
    },
  ];
}

const DNS: Rule = {
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** A database or pooler beside the control plane. One elsewhere is among the places that the user names. */
function databaseRule(control: pulumi.Input<string> | undefined): Rule[] {
  if (control === undefined) return [];
  const ports = [5432, POOLER_PORT].map((port) => ({ protocol: 'TCP', port }));
  return [{ to: [{ namespaceSelector: byName(control) }], ports }];
}

function ruleOf({ cidr, except, namespace, ports }: EgressArgs): Rule {
  const to =
    cidr !== undefined
      ? { ipBlock: { cidr, ...(except !== undefined && { except }) } }
      : { namespaceSelector: byName(namespace ?? '') };
  if (ports === undefined) return { to: [to] };
  const list = pulumi.output(ports).apply((all) => all.map((port) => ({ protocol: 'TCP', port })));
  return { to: [to], ports: list };
}

function byName(namespace: pulumi.Input<string>) {
  return { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}
