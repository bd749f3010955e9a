/** Inputs of resources as tests read them: secrets opened and noted by path, unknown values by a text of their own. */
import * as pulumi from '@pulumi/pulumi';

/** Stands where a value is not known yet. */
export const UNKNOWN = '(unknown)';

export type Fields = Record<string, unknown>;

/** A value by its path, `spec.template.spec.containers[0].image`; undefined when there is none. */
export function at(value: unknown, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .reduce<unknown>(
      (here, part) =>
        typeof here === 'object' && here !== null
          ? (here as Record<string, unknown>)[part]
          : undefined,
      value,
    );
}

/** Opens secrets and outputs of `value`; the paths of the secrets are added to `secrets`. */
export function open(value: unknown, path: string, secrets: string[]): unknown {
  if (pulumi.isUnknown(value) || value === pulumi.runtime.unknownValue) return UNKNOWN;
  if (Array.isArray(value)) {
    return value.map((item, index) => open(item, `${path}[${index}]`, secrets));
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[pulumi.runtime.specialSigKey] === pulumi.runtime.specialSecretSig) {
    secrets.push(path);
    return open(fields.value, path, []);
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      open(field, path === '' ? name : `${path}.${name}`, secrets),
    ]),
  );
}
