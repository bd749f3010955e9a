/**
 * Options of the children of a component. `dependsOn` of a component does not reach its children by itself, and
 * who says that schedulers depend on a migration means their pods.
 */
import * as pulumi from '@pulumi/pulumi';

type Options = pulumi.CustomResourceOptions;

export function childOptions(
  parent: pulumi.Resource,
  opts: pulumi.ComponentResourceOptions | undefined,
): Options {
  return { parent, ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }) };
}

/** The same options for a child that comes after others, too. */
export function after(options: Options, others: readonly pulumi.Resource[]): Options {
  const given = options.dependsOn;
  if (given === undefined) return { ...options, dependsOn: [...others] };
  if (Array.isArray(given)) return { ...options, dependsOn: [...given, ...others] };
  if (pulumi.Resource.isInstance(given)) return { ...options, dependsOn: [given, ...others] };
  const list = pulumi
    .output(given as pulumi.Input<pulumi.Resource[] | pulumi.Resource>)
    .apply((now) => [now, ...others].flat());
  return { ...options, dependsOn: list };
}
