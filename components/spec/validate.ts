/**
 * Checks of arguments before anything is created: all problems at once, each by the path of its property. Only
 * values that are known when the program runs can be looked at; outputs of other resources pass. The words for
 * what Kubernetes takes are those of src/pods/names.ts.
 */
import * as pulumi from '@pulumi/pulumi';
import {
  dnsLabelProblem,
  dnsNameProblem,
  imageProblem,
  quantityProblem,
} from '../../src/pods/names.ts';

/** Adds a problem; one without a reason is none. */
export type Add = (propertyPath: string, reason: string | undefined) => void;

/** Throws what `look` adds, all of it in one error. Does nothing when there is nothing to say. */
export function validate(
  component: string,
  name: string,
  look: (add: Add) => void,
  longestName?: number,
): void {
  const errors: { propertyPath: string; reason: string }[] = [];
  const add: Add = (propertyPath, reason) => {
    if (reason !== undefined) errors.push({ propertyPath, reason });
  };
  add('name', componentName(name, longestName));
  look(add);
  if (errors.length === 0) return;
  const lines = errors.map(({ propertyPath, reason }) => `  ${propertyPath}: ${reason}`);
  throw new pulumi.InputPropertiesError({
    message: [`${component} "${name}" has arguments that cannot be used:`, ...lines].join('\n'),
    errors,
  });
}

/** An adder for what lies under a property: `under(add, 'embedded')('image', ...)` adds `embedded.image`. */
export function under(add: Add, path: string): Add {
  return (property, reason) => add(property === '' ? path : `${path}.${property}`, reason);
}

/** The value when it is known now: text, number, list; undefined for outputs and promises. */
export function known<T>(value: pulumi.Input<T> | undefined): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return undefined;
  return value;
}

/** What `problem` says about a value that is known now. */
export function check<T>(
  value: pulumi.Input<T> | undefined,
  problem: (value: T) => string | undefined,
): string | undefined {
  const now = known(value);
  return now === undefined ? undefined : problem(now);
}

/** A value that must be there. */
export function needed(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? 'it is missing' : undefined;
}

/** Fields that decide which children there are: an output comes too late for them. */
export function plainFields<T extends object>(
  given: T,
  fields: readonly (keyof T & string)[],
  add: Add,
): void {
  for (const field of fields) {
    if (!pulumi.Output.isInstance(given[field])) continue;
    add(
      field,
      'it decides what is made, so it must be known when the program runs; it is an output',
    );
  }
}

/** Fields of which exactly one must be given. */
export function exactlyOne(given: object, names: readonly string[]): string | undefined {
  const there = names.filter((name) => (given as Record<string, unknown>)[name] !== undefined);
  if (there.length === 1) return undefined;
  const list = names.join(', ');
  return there.length === 0
    ? `it says nothing; give one of ${list}`
    : `it says ${there.join(' and ')}; give only one of ${list}`;
}

/** A name of Kubernetes in one part, of a namespace or Service. */
export const dnsLabel = (value: pulumi.Input<string> | undefined) => check(value, dnsLabelProblem);

/** A name of Kubernetes in parts, of a Secret or service account. */
export const dnsName = (value: pulumi.Input<string> | undefined) => check(value, dnsNameProblem);

/** An image by its address. */
export const imageName = (value: pulumi.Input<string> | undefined) => check(value, imageProblem);

/** A quantity of Kubernetes: 100m, 256Mi, 2. */
export const quantity = (value: pulumi.Input<string> | undefined) => check(value, quantityProblem);

/** Names of objects are made from the name of a component, with two endings; those of Services have 63 characters. */
function componentName(name: string, longest = 40): string | undefined {
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longest) return undefined;
  return `"${name}" is no name of a component: use at most ${longest} lower-case letters, digits and "-", a letter first`;
}

/** A whole number between two bounds. */
export function whole(
  value: pulumi.Input<number> | undefined,
  least: number,
  most: number,
): string | undefined {
  return check(value, (number) =>
    Number.isInteger(number) && number >= least && number <= most
      ? undefined
      : `${number} is not usable; give a whole number from ${least} to ${most}`,
  );
}

/** One of the values of an enum. */
export function oneOf(
  value: pulumi.Input<string> | undefined,
  values: Readonly<Record<string, string>>,
): string | undefined {
  const all = Object.values(values);
  return check(value, (text) =>
    all.includes(text) ? undefined : `"${text}" is not known; choose one of ${all.join(', ')}`,
  );
}
