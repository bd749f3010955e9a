/** The part that the real cluster and the simulated one share: certificates, etcd, API server, controllers, scheduler. */
import path from 'node:path';
import { Api } from '../api.ts';
import { makeAuthority, makeCertificate, writeKubeconfig } from '../certificates.ts';
import { startDaemon, waitFor } from '../daemons.ts';
import { program } from '../programs/build.ts';

export interface ControlPlane {
  /** Folder of everything. */
  state: string;
  api: number;
  etcd: number;
  services: string;
  /** More addresses under which the API server is reached. */
  names: string[];
  apiArgs: string[];
  /** Requests per second that controllers and scheduler allow themselves. */
  rate: number;
}

/** In the order in which they can be stopped: an API server without its etcd does not end by itself. */
export const CONTROL_PLANE = [
  'kube-scheduler',
  'kube-controller-manager',
  'kube-apiserver',
  'etcd',
];

export async function startControlPlane(plane: ControlPlane): Promise<void> {
  const { state, etcd, api, rate } = plane;
  const pki = (file: string) => path.join(state, 'pki', file);
  const server = `https://127.0.0.1:${api}`;
  await makeAuthority(path.join(state, 'pki'));
  const certificates: [string, string, string[]?][] = [
    ['apiserver', '/CN=kube-apiserver', ['IP:127.0.0.1', 'DNS:localhost', ...plane.names]],
    ['admin', '/O=system:masters/CN=admin'],
    ['kcm', '/CN=system:kube-controller-manager'],
    ['sched', '/CN=system:kube-scheduler'],
  ];
  for (const each of certificates) await makeCertificate(path.join(state, 'pki'), ...each);
  const admin = await writeKubeconfig(state, 'admin', server);
  const [store, kubernetes] = await Promise.all([program('etcd'), program('kubernetes')]);

  const urls = (port: number) => `http://127.0.0.1:${port}`;
  // A test cluster need not survive a power cut.
  const quick = [
    '--unsafe-no-fsync',
    '--log-level',
    'warn',
    '--data-dir',
    path.join(state, 'etcd'),
  ];
  const peers = [
    '--listen-peer-urls',
    urls(etcd + 1),
    '--initial-advertise-peer-urls',
    urls(etcd + 1),
  ];
  const clients = ['--listen-client-urls', urls(etcd), '--advertise-client-urls', urls(etcd)];
  const member = ['--initial-cluster', `default=${urls(etcd + 1)}`];
  await startDaemon(state, 'etcd', store, [...quick, ...peers, ...clients, ...member]);

  await startDaemon(state, 'kube-apiserver', kubernetes, [
    `--etcd-servers=${urls(etcd)}`,
    `--secure-port=${api}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--service-account-key-file=${pki('sa.key')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-cluster-ip-range=${plane.services}`,
    '--authorization-mode=Node,RBAC',
    ...plane.apiArgs,
  ]);
  const client = await Api.open(admin);
  await waitFor(
    state,
    'kube-apiserver',
    async () => (await client.ask('GET', '/readyz')).status === 200,
  );
  client.close();

  const common = [
    '--leader-elect=false',
    '--secure-port=0',
    `--kube-api-qps=${rate}`,
    `--kube-api-burst=${rate}`,
  ];
  await startDaemon(state, 'kube-controller-manager', kubernetes, [
    ...common,
    `--kubeconfig=${await writeKubeconfig(state, 'kcm', server)}`,
    `--service-account-private-key-file=${pki('sa.key')}`,
    `--root-ca-file=${pki('ca.crt')}`,
    '--use-service-account-credentials=true',
  ]);
  await startDaemon(state, 'kube-scheduler', kubernetes, [
    ...common,
    `--kubeconfig=${await writeKubeconfig(state, 'sched', server)}`,
  ]);
}
