/** What authors say about pods: layers of defaults, the operators pod and job, and what is refused. */
import assert from 'node:assert/strict';
import {
  type JobDefinition,
  type PodDefinition,
  type PodOverrides,
  job,
  json,
  pod,
  typescript,
} from 'podline/dag';
import { errorsOf, noop, planOf, taskOf, untyped } from './support.ts';

const image = 'registry.example:5000/team/tool:1.2';

function messages(...given: Parameters<typeof errorsOf>): string {
  return errorsOf(...given)
    .map(({ message }) => message)
    .join('\n');
}

describe('pods in a plan', () => {
  it('has the overrides of DAG, groups and task, laid over each other', () => {
    const plan = planOf(
      (d) => {
        d.group(
          'g',
          (g) => g.task('a', noop(), { pod: { env: { B: 'task' }, labels: { x: '2' } } }),
          {
            defaults: { pod: { image: 'team/b', env: [{ name: 'C', value: 'group' }] } },
          },
        );
        d.task('plain', noop());
      },
      {
        defaults: {
          pod: {
            image: 'team/a',
            resources: { requests: { cpu: 1 } },
            env: { A: 'dag', B: 'dag' },
            labels: { x: '1', y: '1' },
          },
        },
      },
    );
    assert.deepEqual(taskOf(plan, 'g.a').pod, {
      image: 'team/b',
      resources: { requests: { cpu: 1 } },
      env: [
        { name: 'A', value: 'dag' },
        { name: 'B', value: 'task' },
        { name: 'C', value: 'group' },
      ],
      labels: { x: '2', y: '1' },
    });
    assert.equal(taskOf(plan, 'plain').pod?.image, 'team/a');
    assert.equal(
      taskOf(
        planOf((d) => d.task('t', noop())),
        't',
      ).pod,
      undefined,
    );
  });

  it('sends direct pods to the kubernetes executor, whatever the default is', () => {
    const plan = planOf(
      (d) => {
        d.task('direct', pod({ image, cluster: 'far', namespace: 'jobs', startupTimeout: 30 }));
        d.task('worker', pod({ image, cluster: 'far', launch: 'worker' }));
      },
      { defaults: { executor: 'local' } },
    );
    const direct = taskOf(plan, 'direct');
    assert.equal(direct.executor, 'kubernetes');
    assert.deepEqual(direct.pod, { cluster: 'far', namespace: 'jobs', startupTimeout: 30 });
    assert.equal(taskOf(plan, 'worker').executor, 'local');
    assert.equal(taskOf(plan, 'worker').pod, undefined, 'that is the pod of the worker');
    assert.deepEqual(direct.config, {
      launch: 'direct',
      image,
      output: 'none',
      skipOnExitCode: [99],
      logs: 'all',
      pod: { cluster: 'far', namespace: 'jobs', startupTimeout: 30 },
    });
  });

  it('takes templates in all strings of pod and job, and hands on a typed output', () => {
    const plan = planOf((d) => {
      const size = d.task('size', typescript({ run: () => ({ memory: '1Gi' }) }));
      const counted = d.task(
        'count',
        pod({
          image: 'team/count:{{ params.version }}',
          args: ['--day', '{{ ds }}'],
          resources: { requests: { memory: '{{ inputs.memory }}' } },
          labels: { day: '{{ ds_nodash }}' },
          env: { MODE: '{{ var.mode }}' },
          inputs: { memory: size.output.at('memory') },
          output: 'file',
          outputFile: '/data/out.json',
          outputType: json<{ rows: number }>(),
        }),
      );
      d.task(
        'many',
        job({
          image,
          args: ['{{ inputs.rows }}'],
          completions: 3,
          queue: 'night',
          inputs: { rows: counted.output.at('rows') },
        }),
      );
    });
    const { references, upstream } = taskOf(plan, 'count');
    assert.deepEqual([references.variables, upstream], [['mode'], ['size']]);
    assert.equal(taskOf(plan, 'many').config.suspend, true);
    assert.equal(taskOf(plan, 'many').executor, 'default');
  });

  it('leaves to authors where connections and clusters come from', () => {
    const env = {
      PODLINE_CONN_X: { secret: 's', key: 'k' },
      PODLINE_KUBECONFIG: '/k/config',
      PODLINE_NAMESPACE: 'far',
    };
    const { pod } = taskOf(
      planOf((d) => d.task('t', noop(), { pod: { env } })),
      't',
    );
    assert.deepEqual(
      (pod?.env as { name: string }[]).map(({ name }) => name),
      Object.keys(env),
    );
  });

  it('names the field of each mistake, in plain words', () => {
    const wrong: [PodOverrides | object, RegExp][] = [
      [{ hostNetwork: true }, /task t, pod\.hostNetwork: it is refused/],
      [{ automountServiceAccountToken: true }, /no Kubernetes token/],
      [
        { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
        /volumes\[0\]\.hostPath: it is refused/,
      ],
      [{ volumes: [{ name: 'v' }] }, /volumes\[0\]: give a name and exactly one kind/],
      [
        { volumes: [{ name: 'podline-tmp', emptyDir: {} }] },
        /volumes\[0\]\.name: names that begin/,
      ],
      [
        {
          volumes: [
            { name: 'v', emptyDir: {} },
            { name: 'v', emptyDir: {} },
          ],
        },
        /volumes\[1\]\.name: there are two with the name "v"/,
      ],
      [
        { resources: { limits: { memory: '10Q' } } },
        /pod\.resources\.limits\.memory: "10Q" is no quantity/,
      ],
      [{ resources: { limit: {} } }, /pod\.resources\.limit: there is no such field/],
      [{ env: { PODLINE_TOKEN: 'x' } }, /pod\.env\.PODLINE_TOKEN: .* is taken/],
      [{ env: [{ name: 'PODLINE_TOKEN', value: 'x' }] }, /pod\.env\[0\]\.name: .* is taken/],
      [{ env: [{ name: 'A' }, { name: 'A' }] }, /pod\.env\[1\]\.name: there are two/],
      [{ env: { '1 A': 'x' } }, /is no name of a variable/],
      [{ env: { A: '{{ ds }}' } }, /pod\.env\.A: it is a template/],
      [{ labels: { x: 'not a label!' } }, /pod\.labels\.x: .* is no label value/],
      [{ labels: { 'podline.dev/attempt': '1' } }, /belongs to Podline/],
      [{ image: 'Not An Image' }, /pod\.image: .* is no image/],
      [{ imagePullPolicy: 'Sometimes' }, /choose one of Always, IfNotPresent, Never/],
      [{ sidecars: [{ name: 'main', image }] }, /sidecars\[0\]\.name: "main" is the container/],
      [
        { sidecars: [{ name: 'x', image, securityContext: { privileged: true } }] },
        /sidecars\[0\]\.securityContext\.privileged: it is refused/,
      ],
      [{ volumeMounts: [{ name: 'v', mountPath: 'data' }] }, /does not begin with "\/"/],
      [{ terminationGracePeriodSeconds: 1.5 }, /1\.5 is not usable; give a whole number/],
      [{ image: 7 }, /pod\.image: 7 is not usable; give text/],
      [
        { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: {} }] } }] },
        /sources\[0\]\.serviceAccountToken/,
      ],
      [
        {
          sidecars: [
            { name: 's', image, readinessProbe: { httpGet: { port: 80, host: '127.0.0.1' } } },
          ],
        },
        /sidecars\[0\]\.readinessProbe\.httpGet\.host: it is refused: a probe asks its own pod/,
      ],
    ];
    for (const [overrides, words] of wrong) {
      assert.match(
        messages((d) => d.task('t', noop(), { pod: overrides })),
        words,
      );
    }
  });

  it('looks at defaults, too, and says what pod(...) got wrong', () => {
    const task = (definition: object) =>
      messages((d) => d.task('t', pod(untyped<PodDefinition<unknown>>({ image, ...definition }))));
    assert.match(
      messages((d) => d.task('t', noop()), { defaults: { pod: { hostPID: true } } }),
      /pod\.hostPID/,
    );
    assert.match(task({ hostNetwork: true }), /operator pod, hostNetwork: it is refused/);
    assert.match(task({ image: 'Not An Image' }), /operator pod, image: .* is no image/);
    assert.match(task({ image: '' }), /image must be text/);
    assert.match(task({ args: 'x' }), /args must be a list of texts/);
    assert.match(task({ launch: 'x' }), /launch must be one of direct, worker/);
    assert.match(task({ outputFile: '/data/x' }), /outputFile needs output/);
    assert.match(task({ output: 'file', outputFile: '/x' }), /in a folder that it may have alone/);
    assert.match(task({ output: 'file', launch: 'worker' }), /needs launch "direct"/);
    assert.match(task({ skipOnExitCode: 0 }), /skipOnExitCode must be whole numbers/);
    assert.match(task({ labels: { a: '{{ ds' } }), /never closed/);
    const jobs = (definition: object) =>
      messages((d) => d.task('t', job(untyped<JobDefinition>({ image, ...definition }))));
    assert.match(jobs({ completionMode: 'Indexed' }), /needs completions/);
    assert.match(jobs({ parallelism: 0 }), /parallelism must be a whole number from 1/);
    assert.match(jobs({ queue: 'A b' }), /queue must be the name/);
  });

  it('keeps secrets and workers out of direct pods', () => {
    const direct = (options: object, definition: object = {}) =>
      messages((d) => d.task('t', pod({ image, ...definition }), options));
    assert.match(direct({ executor: 'local' }), /"local" has nothing to do: .*without a worker/);
    assert.match(direct({ executor: 'pool:x' }), /"pool:x" has nothing to do/);
    assert.match(
      direct({}, { args: ['{{ conn.warehouse.password }}'] }),
      /conn\.warehouse, which would be seen/,
    );
    assert.match(direct({ env: { A: '{{ conn.warehouse.host }}' } }), /conn\.warehouse/);
    assert.match(direct({}, { args: ['{{ var.api_token }}'] }), /var\.api_token, which is secret/);
    assert.match(direct({ env: { PODLINE_X: '1' } }), /env\.PODLINE_X/);
    const worker = planOf((d) =>
      d.task('t', pod({ image, launch: 'worker', args: ['{{ conn.warehouse.password }}'] }), {
        executor: 'local',
      }),
    );
    assert.deepEqual(taskOf(worker, 't').references.connections, ['warehouse']);
    const declared = planOf((d) => d.task('t', pod({ image }), { connections: ['warehouse'] }));
    assert.deepEqual(taskOf(declared, 't').references.connections, ['warehouse']);
    assert.match(
      messages((d) => d.task('t', noop(), { executor: 'pool:x', pod: { image } })),
      /executor "pool:x" makes no pod/,
    );
  });
});
