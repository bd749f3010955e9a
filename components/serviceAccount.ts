/** The service account of a component: one of its own, or one that is there. No pod gets its token by itself. */
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { ObjectArgs, ServiceAccountArgs } from './args.ts';
import { metadataOf, type Part } from './spec/labels.ts';
import { type Add, dnsName, needed } from './spec/validate.ts';

/** Name of the account. */
export function createServiceAccount(
  name: string,
  part: Part,
  args: ObjectArgs & { namespace: pulumi.Input<string>; serviceAccount?: ServiceAccountArgs },
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { create = true, name: given, annotations } = args.serviceAccount ?? {};
  if (!create) return pulumi.output(given ?? '');
  const account = new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: metadataOf(part, args, { namespace: args.namespace, name: given, annotations }),
      automountServiceAccountToken: false,
    },
    options,
  );
  return account.metadata.name;
}

export function serviceAccountProblems(args: ServiceAccountArgs | undefined, add: Add): void {
  add('name', dnsName(args?.name));
  if (args?.create === false) {
    add('name', needed(args.name));
    if (args.annotations !== undefined) {
      add('annotations', 'they belong to an account that is made here, and create is false');
    }
  }
}
