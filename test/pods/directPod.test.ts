/** The pod of any image: the task protocol without a worker, output by a sidecar, and no secret in its reach. */
import assert from 'node:assert/strict';
import { directPod } from '../../runtime/pods/directPod.ts';
import type { PodConfig } from '../../src/operators/pod.ts';
import type { Container } from '../../src/pods/manifest.ts';
import { clusterConfig, INSTALLATION, podLaunch, rendered, TOKEN } from './builders.ts';

function build(
  config: Partial<PodConfig> = {},
  env: Record<string, string> = {},
  launch = podLaunch({ operator: 'pod' }),
  cluster = clusterConfig(),
) {
  return directPod({
    cluster,
    installation: INSTALLATION,
    launch,
    token: TOKEN,
    rendered: rendered(config, env),
  });
}
const mainOf = (...given: Parameters<typeof build>): Container => {
  const [main] = build(...given).spec.containers;
  assert.equal(main?.name, 'main');
  return main;
};
const envOf = ({ env = [] }: Container): Record<string, string | undefined> =>
  Object.fromEntries(env.map(({ name, value }) => [name, value]));

describe('the pod of any image', () => {
  it('is the image with its own entrypoint, or the command and arguments given', () => {
    const plain = mainOf();
    assert.deepEqual(
      [plain.image, plain.command, plain.args],
      ['team/tool:1', undefined, undefined],
    );
    const given = mainOf({ command: ['sh', '-c'], args: ['true'] });
    assert.deepEqual([given.command, given.args], [['sh', '-c'], ['true']]);
    const template = {
      spec: { containers: [{ name: 'main', image: 'runtime', command: ['worker'] }] },
    };
    const ours = mainOf({}, {}, undefined, clusterConfig({ template }));
    assert.deepEqual(
      [ours.image, ours.command],
      ['team/tool:1', undefined],
      'those are of workers',
    );
  });

  it('takes the overrides of the DAG, then those of pod(...)', () => {
    const launch = podLaunch({
      operator: 'pod',
      pod: {
        image: 'team/runtime:9',
        env: [{ name: 'A', value: 'dag' }],
        labels: { x: '1', y: '1' },
      },
    });
    const pod = build(
      { pod: { labels: { y: '2' }, env: { B: { secret: 's', key: 'k' } } } },
      {},
      launch,
    );
    const [main] = pod.spec.containers;
    assert.equal(main?.image, 'team/tool:1');
    assert.deepEqual([pod.metadata.labels?.['x'], pod.metadata.labels?.['y']], ['1', '2']);
    assert.equal(pod.metadata.labels?.['podline.dev/kind'], 'direct');
    assert.equal(envOf(main)['A'], 'dag');
    assert.ok(main.env?.some(({ name, valueFrom }) => name === 'B' && valueFrom));
  });

  it('has the variables of the task protocol, and no token and no database', () => {
    const launch = podLaunch({
      operator: 'pod',
      inputs: {
        'max rows': { kind: 'literal', value: 5 },
        text: { kind: 'literal', value: 'a $(HOME) b' },
        list: { kind: 'literal', value: [1, 2] },
      },
      references: { xcoms: [], variables: [], connections: ['dwh'] },
    });
    const main = mainOf({}, { MODE: 'fast $(X)' }, launch);
    assert.deepEqual(envOf(main), {
      PODLINE_CONN_DWH: undefined,
      MODE: 'fast $$(X)',
      PODLINE_DAG_ID: 'Sales.Daily',
      PODLINE_RUN_ID: 'scheduled__2026-01-01T00:00:00Z',
      PODLINE_TASK_ID: 'work',
      PODLINE_MAP_INDEX: '-1',
      PODLINE_TRY: '1',
      PODLINE_LOGICAL_DATE: '2026-03-01T06:00:00+00:00',
      PODLINE_INTERVAL_START: '2026-02-28T06:00:00+00:00',
      PODLINE_INTERVAL_END: '2026-03-01T06:00:00+00:00',
      PODLINE_IDEMPOTENCY_KEY: 'Sales.Daily/scheduled__2026-01-01T00:00:00Z/work/-1',
      PODLINE_INPUT_MAX_ROWS: '5',
      PODLINE_INPUT_TEXT: 'a $$(HOME) b',
      PODLINE_INPUTS: '/podline/input/inputs.json',
    });
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { assignment } = launch;
    const traced = { ...launch, assignment: assignment && { ...assignment, traceparent } };
    assert.equal(envOf(mainOf({}, {}, traced)).TRACEPARENT, traceparent);
    assert.deepEqual(main.env?.[0]?.valueFrom, {
      secretKeyRef: { name: 'podline-connection-dwh', key: 'value' },
    });
  });

  it('finds inputs and params in files that its node writes', () => {
    const launch = podLaunch(
      { operator: 'pod', inputs: { a: { kind: 'literal', value: { b: 1 } } } },
      {},
      { day: 1 },
    );
    const { metadata, spec } = build({}, {}, launch);
    assert.equal(metadata.annotations?.['podline.dev/inputs'], '{"a":{"b":1}}');
    assert.equal(metadata.annotations['podline.dev/params'], '{"day":1}');
    assert.deepEqual(spec.containers[0]?.volumeMounts, [
      { name: 'podline-input', mountPath: '/podline/input', readOnly: true },
    ]);
    assert.equal(build().spec.volumes, undefined);
    const large = podLaunch({
      operator: 'pod',
      inputs: { a: { kind: 'literal', value: ['x'.repeat(300_000)] } },
    });
    assert.throws(() => build({}, {}, large), /metadata\.annotations: they have 294 KB/);
  });

  it('hands on an output file by a sidecar, which alone has the token', () => {
    const pod = build({
      output: 'file',
      outputFile: '/work/result.json',
      pod: { securityContext: { runAsUser: 1000 } },
    });
    const [main] = pod.spec.containers;
    const [sidecar] = pod.spec.initContainers ?? [];
    assert.equal(envOf(main!)['PODLINE_OUTPUT'], '/work/result.json');
    assert.deepEqual(main?.volumeMounts, [{ name: 'podline-output', mountPath: '/work' }]);
    assert.deepEqual(sidecar?.args, ['/podline/output/result.json']);
    assert.equal(sidecar.restartPolicy, 'Always');
    assert.equal(sidecar.image, 'registry.example/team/runtime:2');
    assert.equal(sidecar.securityContext?.runAsUser, 1000, 'as the main container');
    assert.equal(envOf(sidecar)['PODLINE_TOKEN'], TOKEN.toString('hex'));
    assert.equal(JSON.stringify(pod).split(TOKEN.toString('hex')).length, 2);
    assert.doesNotMatch(JSON.stringify(main), /TOKEN|DATABASE|ATTEMPT/);
    assert.doesNotMatch(JSON.stringify(build()), /TOKEN|DATABASE/);
    assert.throws(
      () => build({ output: 'file' }, {}, undefined, clusterConfig({ image: undefined })),
      /initContainers\[podline-output\]\.image: none is given/,
    );
  });

  it('looks at what the templates became', () => {
    assert.throws(() => build({ image: 'a b' }), /containers\[main\]\.image: "a b" is no image/);
    assert.throws(
      () => build({ pod: { resources: { requests: { memory: 'lots' } } } }),
      /pod\.resources\.requests\.memory: "lots" is no quantity/,
    );
    assert.throws(() => build({ pod: { labels: { day: '2026 01' } } }), /pod\.labels\.day/);
    assert.equal(
      mainOf({ pod: { env: { A: 'so {{ it }} is' } } }).env?.[0]?.value,
      'so {{ it }} is',
    );
    assert.throws(() => build({ pod: { namespace: 'kube-system' } }), /"kube-system"/);
  });

  it('has a deadline well after the one that the scheduler keeps', () => {
    assert.equal(
      build({}, {}, podLaunch({ operator: 'pod', executionTimeout: 1.5 })).spec
        .activeDeadlineSeconds,
      662,
    );
  });
});
