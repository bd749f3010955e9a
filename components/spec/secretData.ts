/** Contents of Secrets. In `data`, as base64: what is given as `stringData` shows a difference at every preview. */
import * as pulumi from '@pulumi/pulumi';

export function secretData(
  texts: pulumi.Input<Record<string, pulumi.Input<string>>>,
): pulumi.Output<Record<string, string>> {
  return pulumi.secret(
    pulumi
      .output(texts)
      .apply((all) =>
        Object.fromEntries(
          Object.entries(all).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
        ),
      ),
  );
}
