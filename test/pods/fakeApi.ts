/**
 * A small API server over real HTTP for faults that a real one does not give on demand: each request is answered
 * by the test's own function.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readClusters } from '../../runtime/pods/clusterConfig.ts';
import { openPodClient, type PodClient } from '../../runtime/pods/podClient.ts';

export interface FakeRequest {
  method: string;
  url: URL;
  body: string;
}

export interface FakeApi {
  client: PodClient;
  requests: FakeRequest[];
  close(): Promise<void>;
}

type Answer = (request: FakeRequest, response: http.ServerResponse) => void;

export async function openFakeApi(answer: Answer): Promise<FakeApi> {
  const requests: FakeRequest[] = [];
  const server = http.createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '', 'http://fake');
      const request = { method: incoming.method ?? '', url, body };
      requests.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'podline-fake-api-'));
  const kubeconfig = path.join(folder, 'config');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'u', user: { token: 'secret' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace: 'tasks' } }],
      'current-context': 'x',
    }),
  );
  const clusters = await readClusters({ PODLINE_KUBECONFIG: kubeconfig });
  const cluster = clusters?.clusters.default;
  if (!cluster) throw new Error('the configuration has no cluster');
  const client = await openPodClient(cluster);
  return {
    client,
    requests,
    async close() {
      client.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function podJson(name: string, version: number, more: object = {}): object {
  return {
    metadata: { name, namespace: 'tasks', uid: `uid-${name}`, resourceVersion: String(version) },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main' }] },
    status: { phase: 'Pending' },
    ...more,
  };
}

export function send(response: http.ServerResponse, status: number, body: object, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function podList(version: number, pods: object[], next?: string): object {
  return {
    kind: 'PodList',
    metadata: { resourceVersion: String(version), ...(next ? { continue: next } : {}) },
    items: pods,
  };
}
