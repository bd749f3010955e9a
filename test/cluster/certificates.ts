/** Certificates of a test cluster by openssl, and kubeconfigs that hold them. Called by the bring-up and the fault proxy. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from './command.ts';

const DAYS = '365';
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A new authority (ca.crt, ca.key) and the key that signs tokens of service accounts (sa.key). */
export async function makeAuthority(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const files = ['-keyout', 'ca.key', '-out', 'ca.crt'];
  await run(
    'openssl',
    ['req', '-x509', ...KEY, ...files, '-days', DAYS, '-subj', '/CN=podline-test'],
    {
      cwd: folder,
    },
  );
  await run('openssl', ['genrsa', '-out', 'sa.key', '2048'], { cwd: folder });
}

/** NAME.crt and NAME.key, signed by the authority of the folder. */
export async function makeCertificate(
  folder: string,
  name: string,
  subject: string,
  names: string[] = [],
): Promise<void> {
  const request = [...KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject];
  await run('openssl', ['req', ...request], { cwd: folder });
  const sign = ['-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const alternatives = names.length > 0 ? `subjectAltName=${names.join(',')}` : '';
  await run(
    'openssl',
    ['x509', '-req', ...sign, '-days', DAYS, '-out', `${name}.crt`, '-extfile', '-'],
    {
      cwd: folder,
      input: alternatives,
    },
  );
}

export interface Credentials {
  server: string;
  /** PEM. */
  authority: string;
  user?: { certificate: string; key: string } | { token: string };
}

/** A kubeconfig; JSON is YAML. */
export function kubeconfig({ server, authority, user }: Credentials): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const credentials =
    user === undefined
      ? {}
      : 'token' in user
        ? { token: user.token }
        : {
            'client-certificate-data': base64(user.certificate),
            'client-key-data': base64(user.key),
          };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': base64(authority) } },
    ],
    users: [{ name: 'test', user: credentials }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

/** Writes NAME.kubeconfig beside the folder of certificates, for the certificate NAME. */
export async function writeKubeconfig(
  state: string,
  name: string,
  server: string,
): Promise<string> {
  const read = (file: string) => fs.readFile(path.join(state, 'pki', file), 'utf8');
  const [authority, certificate, key] = await Promise.all([
    read('ca.crt'),
    read(`${name}.crt`),
    read(`${name}.key`),
  ]);
  const file = path.join(state, `${name}.kubeconfig`);
  await fs.writeFile(file, kubeconfig({ server, authority, user: { certificate, key } }), {
    mode: 0o600,
  });
  return file;
}
