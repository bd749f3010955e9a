/**
 * Labels of everything that components make. Selectors hold the part that never changes: a Deployment whose
 * selector changes is replaced, and its pods with it.
 */
import * as pulumi from '@pulumi/pulumi';
import type { ObjectArgs } from '../args.ts';

type Texts = pulumi.Input<Record<string, pulumi.Input<string>>>;

/** Which part of which installation an object belongs to. */
export interface Part {
  /** Name of the component. */
  instance: string;
  /** `scheduler`, `webserver`, ... */
  component: string;
  /** Image whose tag is the version. */
  image?: pulumi.Input<string>;
}

/** What finds the pods of a part: name, instance and component, and never a version. */
export function selectorOf({ instance, component }: Part): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'podline',
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/component': component,
  };
}

/** Labels of an object; those of Podline win over the ones given. */
export function labelsOf(
  part: Part,
  ...given: (Texts | undefined)[]
): pulumi.Output<Record<string, string>> {
  const own = pulumi.output(part.image).apply((image) => ({
    ...selectorOf(part),
    'app.kubernetes.io/part-of': 'podline',
    'app.kubernetes.io/managed-by': 'pulumi',
    ...versionLabel(image),
  }));
  return mergeTexts(...given, own);
}

/** Several maps as one, the later ones over the earlier ones, in the order of their keys. */
export function mergeTexts(...maps: (Texts | undefined)[]): pulumi.Output<Record<string, string>> {
  return pulumi
    .all(maps)
    .apply((all) => sorted(Object.assign({}, ...all) as Record<string, string>));
}

/** Metadata of an object of a part. Without `name` the engine chooses one. */
export function metadataOf(
  part: Part,
  given: ObjectArgs,
  rest: { namespace?: pulumi.Input<string>; name?: pulumi.Input<string>; annotations?: Texts } = {},
) {
  const { annotations, ...others } = rest;
  return {
    ...others,
    labels: labelsOf(part, given.labels),
    ...((given.annotations ?? annotations) && {
      annotations: mergeTexts(given.annotations, annotations),
    }),
  };
}

/** Tag of an image, or nothing when it is named by digest alone. */
export function tagOf(image: string): string | undefined {
  const [named = ''] = image.split('@');
  return /:([\w][\w.-]*)$/.exec(named.slice(named.lastIndexOf('/') + 1))?.[1];
}

function versionLabel(image: string | undefined): Record<string, string> {
  const tag = image === undefined ? undefined : tagOf(image);
  const version = tag?.slice(0, 63).replace(/[^A-Za-z0-9]+$/, '');
  return version ? { 'app.kubernetes.io/version': version } : {};
}

function sorted(map: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
