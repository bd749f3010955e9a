/**
 * KEDA in the cluster of the tests, built from its Go module and installed from the manifests in that module, for tests
 * of pools that scale. Removed after them.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { loadAll } from 'js-yaml';
import { installObjects, type Manifest, moduleFolder } from './definitions.ts';
import type { TestCluster } from './harness.ts';
import { archiveOf } from './images/archive.ts';
import { cached } from './images/build.ts';
import { folderOf, program } from './programs/build.ts';

const IMAGE = 'docker.io/local/keda:2';
const MODULE = 'github.com/kedacore/keda/v2';
const NAMESPACE = 'keda';
const PUBLIC = 'podline-test-keda-metrics';
const READY_SECONDS = 120;

interface Deployment extends Manifest {
  spec: { template: { spec: { containers: Container[] } } };
}

interface Container {
  image: string;
  imagePullPolicy: string;
  readinessProbe: Record<string, unknown>;
}

/** Ready when this resolves. The function that comes back removes it. */
export async function installKeda(cluster: TestCluster): Promise<() => Promise<void>> {
  await cluster.provide([[IMAGE, kedaArchive]]);
  const source = await moduleFolder(MODULE, folderOf('keda-operator'));
  const text = await cluster.kubectl('kustomize', path.join(source, 'config/minimal'));
  const objects = (loadAll(text) as Manifest[]).map((object) =>
    isDeployment(object) ? adapted(object) : object,
  );
  const remove = await installObjects(cluster, [...objects, ...(await nameless(cluster))]);
  try {
    const wait = ['wait', '-n', NAMESPACE, `--timeout=${READY_SECONDS}s`];
    await cluster.kubectl(...wait, '--for=condition=Available', 'deployment', '--all');
    await cluster.kubectl(
      ...[...wait, '--for=condition=Available', 'apiservice/v1beta1.external.metrics.k8s.io'],
    );
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

interface Authentication {
  data: Record<string, string>;
}

/** An API server that has no certificate for its extensions asks them without a name: what is asked is public then. */
async function nameless(cluster: TestCluster): Promise<Manifest[]> {
  const { data } = await cluster.api.call<Authentication>(
    'GET',
    '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication',
  );
  if ('requestheader-client-ca-file' in data) return [];
  const common = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: PUBLIC } };
  const group = 'external.metrics.k8s.io';
  const rules = [
    { nonResourceURLs: [`/apis/${group}`, `/apis/${group}/*`, '/openapi/*'], verbs: ['get'] },
    { apiGroups: [group], resources: ['*'], verbs: ['get', 'list'] },
  ];
  const apiGroup = 'rbac.authorization.k8s.io';
  const binding = {
    roleRef: { apiGroup, kind: 'ClusterRole', name: PUBLIC },
    subjects: [{ apiGroup, kind: 'User', name: 'system:anonymous' }],
  };
  return [
    { ...common, kind: 'ClusterRole', ...{ rules } },
    { ...common, kind: 'ClusterRoleBinding', ...binding },
  ];
}

function isDeployment(object: Manifest): object is Deployment {
  return object.kind === 'Deployment';
}

/** Our image, and no 20 seconds before the first look at whether it is ready. */
function adapted(deployment: Deployment): Deployment {
  const { template } = deployment.spec;
  const containers = template.spec.containers.map((container) => ({
    ...container,
    image: IMAGE,
    imagePullPolicy: 'IfNotPresent',
    readinessProbe: { ...container.readinessProbe, initialDelaySeconds: 1, periodSeconds: 2 },
  }));
  const spec = { ...template.spec, containers };
  return { ...deployment, spec: { ...deployment.spec, template: { ...template, spec } } };
}

/** Both programs, under the names that the manifests start. They are static and need nothing beside them. */
async function kedaArchive(): Promise<string> {
  const operator = await program('keda-operator');
  const adapter = await program('keda-adapter');
  const parts = [operator, adapter].map((file) => path.basename(file));
  const source = crypto.createHash('sha256').update(await fs.readFile(import.meta.filename));
  return cached('keda', [...parts, source.digest('hex')], async (file, work) => {
    const root = path.join(work, 'image');
    await fs.mkdir(path.join(root, 'tmp'), { recursive: true });
    await fs.chmod(path.join(root, 'tmp'), 0o1777);
    await fs.copyFile(operator, path.join(root, 'keda'));
    await fs.copyFile(adapter, path.join(root, 'keda-adapter'));
    await archiveOf(IMAGE, root, file, { User: '65532:65532' });
  });
}
