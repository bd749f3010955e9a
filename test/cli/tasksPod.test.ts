/** `podline tasks pod`: the pod of a worker and of any image, with templates rendered, and what is wrong with it. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { bash, dag, pod } from 'podline/dag';
import { TestEngine } from 'podline/testing';
import type { PodManifest } from '../../src/pods/manifest.ts';
import { type Ended, podline, type Surroundings } from './podline.ts';

const pods = dag('pods', {}, (d) => {
  d.task('worker', bash({ script: 'true' }), {
    executor: 'kubernetes',
    pod: { resources: { limits: { memory: '1Gi' } } },
  });
  d.task('here', bash({ script: 'true' }), { executor: 'local' });
  d.task('tool', pod({ image: 'team/tool:1', args: ['{{ ds }}'], output: 'file' }));
  d.task('rootly', pod({ image: 'team/tool:1', securityContext: { runAsUser: 0 } }));
});

describe('podline tasks pod', () => {
  let engine: TestEngine;
  let folder: string;
  let surroundings: Surroundings;
  const run = (...args: string[]): Promise<Ended> =>
    podline(['tasks', 'pod', 'pods', ...args], surroundings);

  before(async () => {
    engine = await TestEngine.open({ start: '2026-03-28T00:00:00Z' });
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-pod-'));
    await engine.register(pods);
    const clusters = path.join(folder, 'clusters.yaml');
    const kubeconfig = path.join(folder, 'kubeconfig');
    await fs.writeFile(
      kubeconfig,
      'apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: "https://nowhere.invalid"}}]\nusers: [{name: a, user: {token: x}}]\n',
    );
    await fs.writeFile(
      clusters,
      `default: home\nclusters:\n  home:\n    kubeconfig: ${kubeconfig}\n    namespaces: [etl]\n    image: team/runtime:2\n    template: { spec: { nodeSelector: { disk: ssd } } }\n  other: { kubeconfig: ${kubeconfig}, namespaces: [x] }\n`,
    );
    surroundings = {
      url: engine.testDatabase.url,
      home: folder,
      env: { PODLINE_CLUSTERS: clusters },
    };
  });
  after(async () => {
    await engine.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('prints the pod of a worker as YAML, the token left out', async () => {
    const { code, stdout, stderr } = await run('worker');
    assert.equal(code, 0, stderr);
    const { metadata, spec } = load(stdout) as PodManifest;
    assert.equal(metadata.namespace, 'etl');
    assert.deepEqual(spec.nodeSelector, { disk: 'ssd' });
    const [main] = spec.containers;
    assert.equal(main?.image, 'team/runtime:2');
    assert.deepEqual(main.resources?.limits, { memory: '1Gi' });
    assert.equal(main.env?.find(({ name }) => name === 'PODLINE_TOKEN')?.value, 'ONE-TIME-TOKEN');
  });

  it('renders the templates of a direct pod', async () => {
    const { code, stdout, stderr } = await run(
      ...['tool', '--logical-date', '2026-02-03T00:00:00Z', '--json'],
    );
    assert.equal(code, 0, stderr);
    const { cluster, pod, problems } = JSON.parse(stdout) as {
      cluster: string;
      pod: PodManifest;
      problems: unknown[];
    };
    assert.deepEqual([cluster, problems], ['home', []]);
    assert.deepEqual(pod.spec.containers[0]?.args, ['2026-02-03']);
    assert.equal(pod.spec.initContainers?.[0]?.name, 'podline-output');
  });

  it('says what is wrong, and who would run the task instead', async () => {
    const [rootly, here, noImage, unknown] = await Promise.all([
      run('rootly'),
      run('here'),
      run('worker', '--cluster', 'other'),
      run('worker', '--cluster', 'moon'),
    ]);
    assert.equal(rootly.code, 2);
    assert.match(rootly.stderr, /problem: spec\.securityContext\.runAsUser: .* root/);
    assert.equal(here.code, 0);
    assert.match(here.stderr, /runs on executor local/);
    assert.equal(noImage.code, 2);
    assert.match(noImage.stderr, /containers\[main\]\.image: none is given/);
    assert.equal(unknown.code, 3);
  });
});
