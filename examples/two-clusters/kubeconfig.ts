/** The kubeconfig of a service account, from the Secret with its token. JSON is YAML. */
import * as pulumi from '@pulumi/pulumi';

export interface Account {
  /** Where pods of the other cluster reach its API server. */
  server: string;
  /** Name in the certificate, when it is not that of the address. */
  serverName?: string;
  /** Of the Secret: `ca.crt` and `token`. */
  data: pulumi.Output<Record<string, string>>;
}

export function kubeconfigOf({ server, serverName, data }: Account): pulumi.Output<string> {
  const text = data.apply(({ 'ca.crt': authority = '', token = '' }) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'batch',
          cluster: {
            server,
            'certificate-authority-data': authority,
            ...(serverName && { 'tls-server-name': serverName }),
          },
        },
      ],
      users: [{ name: 'scheduler', user: { token: Buffer.from(token, 'base64').toString() } }],
      contexts: [{ name: 'batch', context: { cluster: 'batch', user: 'scheduler' } }],
      'current-context': 'batch',
    }),
  );
  return pulumi.secret(text);
}
