/** The harness itself: the cluster runs pods that reach this machine, identities are limited, the proxy fails as it says. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, type KubeObject } from './api.ts';
import type { FaultProxy } from './faultProxy.ts';
import { openCluster, secondCluster, type TestCluster } from './harness.ts';

interface Pod extends KubeObject {
  status: { phase: string };
}

function pod(name: string, image: string, command: string[]): object {
  const container = { name: 'main', image, command, imagePullPolicy: 'IfNotPresent' };
  const spec = {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    containers: [container],
  };
  return { metadata: { name }, spec };
}

let cluster: TestCluster;
let namespace: string;
before(async () => {
  cluster = await openCluster();
  namespace = await cluster.namespace();
});

describe('the cluster', () => {
  it('runs a pod that finds services by name and reaches this machine', async () => {
    const server = http.createServer((request, response) => {
      void request.resume();
      response.end();
    });
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const asked = once(server, 'request') as Promise<[http.IncomingMessage]>;
    const { port } = server.address() as AddressInfo;
    const code = `require('dns').promises.lookup('kubernetes.default').then(
      ({ address }) => fetch('http://${cluster.hostAddress}:${port}/' + address))`;
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    await cluster.api.call('POST', pods, pod('asks', cluster.images.node, ['node', '-e', code]));
    const [request] = await asked;
    const service = await cluster.api.call<{ spec: { clusterIP: string } }>(
      'GET',
      '/api/v1/namespaces/default/services/kubernetes',
    );
    assert.equal(request.url, `/${service.spec.clusterIP}`);
    server.close();
  });

  it('lets the identity of a scheduler do its work in its namespace only', async () => {
    const api = await Api.open(await cluster.schedulerKubeconfig(namespace));
    const at = `/api/v1/namespaces/${namespace}`;
    const status = async (method: string, path: string, body?: object) =>
      (await api.ask(method, path, body)).status;
    assert.equal(
      await status('POST', `${at}/pods`, pod('mine', cluster.images.busybox, ['true'])),
      201,
    );
    assert.equal(await status('GET', `${at}/pods/mine`), 200);
    assert.equal(await status('GET', `${at}/pods`), 200);
    assert.equal(await status('GET', `${at}/events`), 200);
    assert.equal(await status('DELETE', `${at}/pods/mine`), 200);
    for (const [method, path] of [
      ['GET', '/api/v1/pods'],
      ['GET', '/api/v1/nodes'],
      ['GET', '/api/v1/namespaces/default/pods'],
      ['GET', `${at}/secrets`],
      ['GET', `${at}/configmaps`],
      ['DELETE', `${at}/pods`],
      ['PATCH', `${at}/pods/mine`],
      ['POST', `${at}/pods/mine/exec?command=sh`],
      ['POST', `${at}/pods/mine/eviction`],
      ['POST', `${at}/serviceaccounts/podline-scheduler/token`],
    ] as const) {
      assert.equal(await status(method, path, method === 'GET' ? undefined : {}), 403, path);
    }
    api.close();
  });

  it('gives a second cluster whose simulated pods run and end', async () => {
    const other = await secondCluster();
    assert.notEqual(other.api.server, cluster.api.server);
    const pods = `/api/v1/namespaces/${await other.namespace()}/pods`;
    const annotations = { 'podline.test/ends-after': '1s', 'podline.test/exit-code': '3' };
    const base = pod('fails', 'any', ['any']) as { metadata: object };
    await other.api.call('POST', pods, { ...base, metadata: { name: 'fails', annotations } });
    const phases: string[] = [];
    const signal = AbortSignal.timeout(30_000);
    for await (const { object } of other.api.watch<Pod>(`${pods}?watch=true`, signal)) {
      // A watch that begins late has not seen it pending.
      const { phase } = object.status;
      if (phase !== 'Pending' && phases.at(-1) !== phase) phases.push(phase);
      if (object.status.phase === 'Failed') break;
    }
    assert.deepEqual(phases, ['Running', 'Failed']);
  });
});

describe('the fault proxy', () => {
  let proxy: FaultProxy;
  let through: Api;
  let pods: string;
  beforeEach(async () => {
    pods = `/api/v1/namespaces/${namespace}/pods`;
    proxy = await cluster.proxy({ kubeconfig: await cluster.schedulerKubeconfig(namespace) });
    through = await Api.open(proxy.kubeconfig);
  });
  afterEach(() => through.close());

  it('has the identity of its kubeconfig and counts calls', async () => {
    assert.equal((await through.ask('GET', pods)).status, 200);
    assert.equal((await through.ask('GET', '/api/v1/nodes')).status, 403);
    assert.deepEqual(
      proxy.calls.map(({ method, path, status }) => [method, path, status]),
      [
        ['GET', pods, 200],
        ['GET', '/api/v1/nodes', 403],
      ],
    );
  });

  it('answers with an error, as often as said, with Retry-After', async () => {
    proxy.when({ method: 'GET', path: /pods/, times: 1, does: { status: 429, retryAfter: 7 } });
    const response = await through.open('GET', pods);
    response.resume();
    assert.deepEqual([response.statusCode, response.headers['retry-after']], [429, '7']);
    assert.equal((await through.ask('GET', pods)).status, 200);
  });

  it('answers with an error with a probability', async () => {
    const chances = [0.1, 0.9, 0.1, 0.9];
    const unlucky = await cluster.proxy({ random: () => chances.shift() ?? 1 });
    const api = await Api.open(unlucky.kubeconfig);
    unlucky.when({ probability: 0.5, does: { status: 500 } });
    const seen: number[] = [];
    for (let i = 0; i < 4; i++) seen.push((await api.ask('GET', pods)).status);
    assert.deepEqual(seen, [500, 200, 500, 200]);
    api.close();
  });

  it('loses the response of a create that the server did', async () => {
    proxy.when({ method: 'POST', times: 1, does: 'loseResponse' });
    const body = pod('twin', cluster.images.busybox, ['true']);
    await assert.rejects(through.ask('POST', pods, body));
    assert.equal((await through.ask('POST', pods, body)).status, 409);
  });

  it('delays a call', async () => {
    proxy.when({ does: { delay: 300 } });
    const started = performance.now();
    await through.ask('GET', pods);
    assert.ok(performance.now() - started >= 300);
  });

  it('cuts a watch', async () => {
    const watch = await through.open('GET', `${pods}?watch=true`);
    const failed = once(watch.resume(), 'error');
    assert.equal(proxy.cut({ reset: true }), 1);
    await failed;
    assert.equal((await through.ask('GET', pods)).status, 200);
  });

  it('expires a watch with 410', async () => {
    const stop = AbortSignal.timeout(10_000);
    const types: string[] = [];
    const path = `${pods}?watch=true&fieldSelector=metadata.name%3Dnone`;
    const watching = (async () => {
      for await (const { type } of through.watch(path, stop)) types.push(type);
    })();
    await until(() => proxy.calls[0]?.status === 200);
    assert.equal(proxy.expireWatches(), 1);
    await watching;
    assert.deepEqual(types, ['ERROR']);
  });

  it('goes silent without ending a connection, and gives what it held back when healed', async () => {
    await through.ask('GET', pods);
    proxy.silence();
    let answered = false;
    const asked = through.ask('GET', pods).finally(() => (answered = true));
    // Nothing to wait for: the point is that nothing happens.
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(answered, false);
    assert.equal(proxy.calls.length, 1);
    proxy.heal();
    assert.equal((await asked).status, 200);
  });

  it('refuses connections until healed', async () => {
    proxy.refuse();
    await assert.rejects(through.ask('GET', pods));
    proxy.heal();
    assert.equal((await through.ask('GET', pods)).status, 200);
  });
});

async function until(asked: () => boolean): Promise<void> {
  while (!asked()) await new Promise((resolve) => setTimeout(resolve, 10));
}
