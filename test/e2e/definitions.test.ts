/**
 * Every object that components can make, as the API server of a real cluster takes it: no field that it does not know, none
 * that is missing, and no warning. Also objects of other projects, by their own definitions.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { installDefinitions, type Manifest } from '../cluster/definitions.ts';
import { ROOT } from './tools.ts';
import { Fixture } from './fixture.ts';
import { type Child, type Fields, record } from '../components/mocks.ts';
import {
  Autoscaler,
  Backup,
  BackupMode,
  DatabaseMode,
  Exposure,
  MetadataDatabase,
  MonitorKind,
  Orchestrator,
  type OrchestratorArgs,
} from '../../src/index.ts';

const IMAGE = 'registry.example.com/podline:0.1.0';
const URL = 'postgresql://podline:secret@db.example.com:5432/podline';
const GATEWAY = [{ name: 'public', namespace: 'gateways', sectionName: 'https' }];

const everything: OrchestratorArgs = {
  image: IMAGE,
  database: { mode: DatabaseMode.Embedded, pooler: { image: 'registry.example.com/pgbouncer:1' } },
  dagFolders: [path.join(ROOT, 'examples/quickstart/dags')],
  scheduler: { replicas: 3 },
  webserver: {
    exposure: { type: Exposure.HTTPRoute, host: 'podline.example.com', gateways: GATEWAY },
  },
  pods: {
    nodeSelector: { pool: 'system' },
    tolerations: [{ key: 'system', operator: 'Exists', effect: 'NoSchedule' }],
    imagePullSecrets: ['registry'],
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    env: { TZ: 'UTC' },
  },
  taskNamespaces: [
    {
      name: 'etl',
      launcher: true,
      egress: [
        { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'], ports: [443] },
        { namespace: 'lake' },
      ],
      limits: { defaultLimit: { memory: '1Gi' }, max: { memory: '8Gi' } },
      serviceAccounts: [{ name: 'reader', annotations: { 'example.com/role': 'reader' } }],
    },
  ],
  connections: [
    { connectionId: 'warehouse', uri: 'postgresql://a:b@db.example.com/w' },
    { connectionId: 'lake', externalSecret: { store: 'vault', key: 'lake' } },
    {
      connectionId: 'shop',
      type: 'postgres',
      externalSecret: {
        store: 'vault',
        key: 'shop',
        fields: { login: 'user', password: 'password' },
      },
    },
  ],
  workerPools: [
    { pool: 'fast', autoscaling: { kind: Autoscaler.Keda } },
    { pool: 'cpu', autoscaling: { kind: Autoscaler.Cpu } },
  ],
  monitoring: { monitor: { prometheusNamespace: 'monitoring' } },
};

describe('objects of components', () => {
  const fixture = new Fixture();
  let namespace: string;

  before(async () => {
    await fixture.open();
    const { cluster } = fixture;
    fixture.atEnd(
      await installDefinitions(
        ...([
          cluster,
          'gateway',
          'monitoring',
          'cloudNativePg',
          'externalSecrets',
          'keda',
        ] as const),
      ),
    );
    namespace = await cluster.namespace({ restricted: true });
    const warn = 'pod-security.kubernetes.io/warn=restricted';
    await cluster.kubectl('label', 'namespace', namespace, warn);
  });
  after(() => fixture.close());

  /** Kinds that were taken. */
  async function taken(build: () => unknown): Promise<string[]> {
    const { children } = await record('update', build);
    const items = children.filter(isObject).map((child) => manifestOf(child, namespace));
    assert.equal((await create(items)).length, items.length);
    return [...new Set(items.map(({ kind }) => kind))].sort();
  }

  async function create(items: Manifest[]): Promise<string[]> {
    const file = path.join(fixture.folder, 'objects.json');
    await fs.writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const strict = ['--dry-run=server', '--validate=strict', '--warnings-as-errors'];
    const said = await fixture.cluster.kubectl('create', ...strict, '-o', 'name', '-f', file);
    return said.trim().split('\n');
  }

  it('of an orchestrator with all that it can have', async () => {
    const kinds = await taken(() => new Orchestrator('etl', everything));
    for (const kind of [
      'HTTPRoute',
      'ExternalSecret',
      'ScaledObject',
      'PodMonitor',
      'PrometheusRule',
    ]) {
      assert.ok(kinds.includes(kind), `${kind} is not among ${kinds.join(', ')}`);
    }
  });

  it('of an orchestrator with an ingress, on a server of others, scraped by its Services', async () => {
    const exposure = { type: Exposure.Ingress, host: 'podline.example.com', tlsSecret: 'tls' };
    const kinds = await taken(
      () =>
        new Orchestrator('etl', {
          image: IMAGE,
          database: { mode: DatabaseMode.External, external: { url: URL } },
          webserver: { replicas: 2, exposure },
          monitoring: { monitor: { kind: MonitorKind.ServiceMonitor } },
        }),
    );
    assert.ok(kinds.includes('Ingress') && kinds.includes('ServiceMonitor'));
  });

  it('of a cluster of CloudNativePG, and its backups', async () => {
    const kinds = await taken(() => {
      new MetadataDatabase('db', {
        namespace: 'podline',
        mode: DatabaseMode.CloudNativePg,
        cloudNativePg: {
          storage: { size: '20Gi', storageClass: 'fast' },
          walStorage: { size: '5Gi' },
          parameters: { max_connections: '200' },
        },
      });
      return new Backup('backup', {
        namespace: 'podline',
        mode: BackupMode.CloudNativePg,
        cloudNativePg: { cluster: 'db' },
      });
    });
    assert.ok(kinds.includes('Cluster') && kinds.includes('ScheduledBackup'));
  });

  it('of backups on a volume', async () => {
    const kinds = await taken(
      () =>
        new Backup('backup', {
          namespace: 'podline',
          mode: BackupMode.Dump,
          timeZone: 'Europe/Berlin',
          dump: { database: { secretName: 'database' } },
        }),
    );
    assert.ok(kinds.includes('CronJob') && kinds.includes('PersistentVolumeClaim'));
  });

  it('would be refused otherwise', async () => {
    const object = (kind: string, apiVersion: string, more: object): Manifest => ({
      ...{ kind, apiVersion, metadata: { name: 'wrong', namespace } },
      ...more,
    });
    const scaled = { scaleTargetRef: { name: 'x' }, triggers: [], cooldown: 5 };
    const pod = { containers: [{ name: 'main', image: 'x' }], hostNetwork: true };
    const template = { metadata: { labels: { a: 'b' } }, spec: pod };
    const wrong: [Manifest, RegExp][] = [
      [object('ScaledObject', 'keda.sh/v1alpha1', { spec: scaled }), /unknown field .*cooldown/],
      [
        object('HTTPRoute', 'gateway.networking.k8s.io/v1', { spec: { hostnames: 'a' } }),
        /hostnames/,
      ],
      [
        object('Deployment', 'apps/v1', {
          spec: { selector: { matchLabels: { a: 'b' } }, template },
        }),
        /would violate PodSecurity/,
      ],
    ];
    for (const [item, reason] of wrong) await assert.rejects(create([item]), reason);
  });
});

function isObject({ type, custom }: Child): boolean {
  return custom && type.startsWith('kubernetes:');
}

/** In one namespace that is there, since those of the program are not. */
function manifestOf({ name, type, inputs }: Child, namespace: string): Manifest {
  const metadata = (inputs.metadata ?? {}) as Fields;
  const isNamespace = type.endsWith(':Namespace');
  const place = isNamespace ? {} : { namespace };
  return {
    ...(inputs as unknown as Manifest),
    metadata: { name: `${name}-1a2b3c4d`, ...metadata, ...place },
  };
}
