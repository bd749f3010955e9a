/**
 * A random password that is made once and then kept in the state of the stack, as a secret. The stash keeps the
 * first value that it was given; every later run makes another one, which must not count.
 */
import { randomBytes } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';

export function stablePassword(
  name: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const random = pulumi.secret(randomBytes(24).toString('base64url'));
  const stash = new pulumi.Stash(
    name,
    { input: random },
    { ...options, ignoreChanges: ['input'], additionalSecretOutputs: ['output'] },
  );
  return pulumi.secret(stash.output as pulumi.Output<string>);
}
