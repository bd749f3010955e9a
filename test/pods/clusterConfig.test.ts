/** Configurations of clusters, with the place of each mistake; logins that renew themselves. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { readClusters } from '../../runtime/pods/clusterConfig.ts';
import { openPodClient } from '../../runtime/pods/podClient.ts';
import { podList, send } from './fakeApi.ts';

describe('Configuration of clusters', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-clusters-'));
  });

  async function file(name: string, content: string | object): Promise<string> {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, typeof content === 'string' ? content : JSON.stringify(content));
    return target;
  }

  const kubeconfig = (user: object = {}, server = 'https://k.example.org') => ({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'jobs' } }],
    'current-context': 'x',
  });

  it('reads YAML, fills in defaults, finds kubeconfigs beside the file', async () => {
    await file('kube/config', kubeconfig());
    const clusters = await file(
      'clusters.yaml',
      'default: near\nclusters:\n  near:\n    kubeconfig: kube/config\n    maxPods: 20\n  far:\n    kubeconfig: kube/config\n    namespaces: [a, b]\n',
    );
    const read = await readClusters({ PODLINE_CLUSTERS: clusters });
    assert.equal(read?.default, 'near');
    assert.deepEqual(read.clusters.near, {
      name: 'near',
      kubeconfig: path.join(folder, 'kube/config'),
      namespaces: ['jobs'],
      workerDatabaseSecret: 'podline-worker-database',
      serviceAccounts: [],
      keepPods: 'never',
      maxPods: 20,
      startupTimeout: 600,
      imagePullGrace: 60,
    });
    assert.deepEqual(read.clusters.far?.namespaces, ['a', 'b']);
  });

  const wrong: [string, RegExp][] = [
    ['clusters: {a: {maxPods: lots}}', /clusters\.yaml clusters\.a\.maxPods .*number/],
    ['clusters: {a: {maxpods: 3}}', /clusters\.yaml clusters\.a .*maxpods/],
    [
      'clusters: {a: {namespaces: [Not_A_Name]}}',
      /clusters\.a\.namespaces\.0 must have small letters/,
    ],
    ['clusters: {a: {kubeconfig: none}}', /clusters\.a ENOENT/],
    [
      'clusters: {a: {kubeconfig: config, context: y}}',
      /clusters\.a it has no context "y" \(it has x\)/,
    ],
    ['default: b\nclusters: {a: {kubeconfig: config}}', /default is "b", which is none of a/],
    ['clusters: {}', /clusters must name a cluster/],
    ['clusters: [', /clusters\.yaml cannot be read/],
  ];
  for (const [text, words] of wrong) {
    it(`says where ${text.replace('\n', ' ')} is wrong`, async () => {
      await file('config', kubeconfig());
      const PODLINE_CLUSTERS = await file('clusters.yaml', text);
      await assert.rejects(readClusters({ PODLINE_CLUSTERS }), words);
    });
  }

  it('takes variables for one cluster, a service account, or nothing', async () => {
    const PODLINE_KUBECONFIG = await file('config', kubeconfig());
    const none = path.join(folder, 'none');
    const one = await readClusters({ PODLINE_KUBECONFIG, PODLINE_IMAGE: 'i:1' }, none);
    assert.deepEqual(one?.clusters.default?.namespaces, ['jobs']);
    assert.equal(one.clusters.default.image, 'i:1');
    // A kubeconfig that merely lies around does not make a cluster of tasks.
    assert.equal(await readClusters({ KUBECONFIG: PODLINE_KUBECONFIG }, none), null);

    await file('account/namespace', 'own\n');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const here = await readClusters(env, path.join(folder, 'account'));
    assert.equal(here?.clusters.default?.apiServer, 'https://[fd00::1]:443');
    assert.deepEqual(here.clusters.default.namespaces, ['own']);
  });

  describe('logins', () => {
    let server: http.Server;
    let seen: string[];
    let hosts: string[];
    let accepted: string;

    beforeEach(async () => {
      seen = [];
      hosts = [];
      server = http.createServer((request, response) => {
        seen.push(request.headers.authorization ?? '');
        const isIn = seen.at(-1) === accepted;
        send(response, isIn ? 200 : 401, isIn ? podList(1, []) : { message: 'Unauthorized' });
      });
      // As a proxy, too: whatever the tunnel is for, it leads here.
      server.on('connect', (request, outside) => {
        hosts.push(request.url ?? '');
        const inside = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
        outside.write('HTTP/1.1 200 OK\r\n\r\n');
        outside.pipe(inside).pipe(outside);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    async function open(user: object) {
      const { port } = server.address() as AddressInfo;
      const content = kubeconfig(user, `http://127.0.0.1:${port}`);
      const read = await readClusters({ PODLINE_KUBECONFIG: await file('config', content) });
      assert.ok(read?.clusters.default);
      return openPodClient(read.clusters.default);
    }

    it('reads a token file again when the token has been renewed', async () => {
      await file('token', 'first\n');
      accepted = 'Bearer first';
      const client = await open({ tokenFile: 'token' });
      await client.list('jobs', '');
      await file('token', 'second\n');
      accepted = 'Bearer second';
      await client.list('jobs', '');
      assert.deepEqual(seen, ['Bearer first', 'Bearer first', 'Bearer second']);
      client.close();
    });

    it('runs an exec plugin once, and again when its token is refused', async () => {
      const status = { status: { token: 'T' } };
      const script = `n=$(cat ${folder}/n 2>/dev/null || echo 0); echo $((n+1)) > ${folder}/n; echo '${JSON.stringify(status)}' | sed "s/T/T$n/"`;
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        args: ['-c', script],
      };
      const client = await open({ exec });
      accepted = 'Bearer T0';
      await client.list('jobs', '');
      await client.list('jobs', '');
      accepted = 'Bearer T1';
      await client.list('jobs', '');
      assert.deepEqual(seen, ['Bearer T0', 'Bearer T0', 'Bearer T0', 'Bearer T1']);
      client.close();
    });

    it('goes through the proxy that a kubeconfig names', async () => {
      const { port } = server.address() as AddressInfo;
      const content = kubeconfig({ token: 'T' }, 'http://far.example.org');
      Object.assign(content.clusters[0]!.cluster, { 'proxy-url': `http://127.0.0.1:${port}` });
      const read = await readClusters({ PODLINE_KUBECONFIG: await file('config', content) });
      assert.ok(read?.clusters.default);
      accepted = 'Bearer T';
      const client = await openPodClient(read.clusters.default);
      assert.deepEqual(await client.list('jobs', ''), { pods: [], resourceVersion: '1' });
      assert.deepEqual(hosts, ['far.example.org:80']);
      client.close();
    });

    it('tells a refusal that stays', async () => {
      accepted = 'Bearer other';
      const client = await open({ token: 'wrong' });
      await assert.rejects(client.list('jobs', ''), {
        kind: 'forbidden',
        status: 401,
        retryable: true,
      });
      client.close();
    });
  });
});
