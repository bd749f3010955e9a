/** Facts about pods from their JSON: why they failed, and what they wait for. */
import assert from 'node:assert/strict';
import { factsOfPod, waitingSince } from '../../runtime/pods/podFacts.ts';
import { podJson } from './fakeApi.ts';

const T0 = '2026-01-01T00:00:00Z';
const T1 = '2026-01-01T00:01:00Z';
const ended = (exitCode: number, reason = 'Error', message?: string, finishedAt = T1) => ({
  name: 'main',
  restartCount: 0,
  state: { terminated: { exitCode, reason, message, startedAt: T0, finishedAt } },
});
const failed = (more: object) => ({ status: { phase: 'Failed', ...more } });
const disrupted = (reason: string, time = T0) =>
  failed({
    conditions: [{ type: 'DisruptionTarget', status: 'True', reason, lastTransitionTime: time }],
    containerStatuses: [ended(137)],
  });

describe('Facts of a pod: failures', () => {
  const cases: [string, object, string | null, RegExp][] = [
    ['exit 3', failed({ containerStatuses: [ended(3)] }), 'exit_code', /exit code 3/],
    ['exit 143', failed({ containerStatuses: [ended(143)] }), 'signal', /SIGTERM/],
    ['OOM', failed({ containerStatuses: [ended(137, 'OOMKilled')] }), 'oom', /memory/],
    [
      'no such program',
      failed({
        containerStatuses: [
          ended(128, 'StartError', 'exec: "nope": executable file not found in $PATH'),
        ],
      }),
      'missing_program',
      /nope/,
    ],
    [
      'runtime trouble',
      failed({ containerStatuses: [ended(128, 'StartError', 'cannot set up cgroup')] }),
      'launch_failed',
      /cgroup/,
    ],
    [
      'eviction by a node',
      failed({ reason: 'Evicted', message: 'low on memory' }),
      'evicted',
      /low on memory/,
    ],
    ['eviction by API', disrupted('EvictionByEvictionAPI'), 'evicted', /drain/],
    ['preemption', disrupted('PreemptionByScheduler'), 'preempted', /priority/],
    ['taint', disrupted('DeletionByTaintManager'), 'node_lost', /taint/],
    ['no node', disrupted('DeletionByPodGC'), 'node_lost', /node/],
    ['kubelet', disrupted('TerminationByKubelet'), 'evicted', /too little/],
    [
      'failed before its disruption',
      disrupted('EvictionByEvictionAPI', '2026-01-01T00:02:00Z'),
      'signal',
      /SIGKILL/,
    ],
    [
      'deadline',
      failed({ reason: 'DeadlineExceeded', message: 'too long' }),
      'timeout',
      /too long/,
    ],
    [
      'no room at the node',
      failed({ reason: 'OutOfcpu', message: 'Node had no cpu' }),
      'unschedulable',
      /cpu/,
    ],
    [
      'device plugin',
      failed({ reason: 'UnexpectedAdmissionError', message: 'gpu' }),
      'launch_failed',
      /gpu/,
    ],
    ['no statuses', failed({}), 'launch_failed', /no container says why/],
    [
      'lost container',
      failed({ containerStatuses: [ended(137, 'ContainerStatusUnknown')] }),
      'node_lost',
      /node/,
    ],
    [
      'success',
      { status: { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] } },
      null,
      /./,
    ],
    [
      'success beside a failed neighbour',
      failed({ containerStatuses: [ended(0, 'Completed')] }),
      null,
      /./,
    ],
  ];
  for (const [what, more, cause, words] of cases) {
    it(what, () => {
      const facts = factsOfPod('c', podJson('p', 1, more));
      assert.equal(facts.failure?.cause ?? null, cause);
      if (facts.failure) assert.match(facts.failure.message, words);
      assert.equal(facts.terminal, true);
      assert.equal(facts.waiting, null);
    });
  }

  it('an init container', () => {
    const spec = { containers: [{ name: 'main' }], initContainers: [{ name: 'fetch' }] };
    const initContainerStatuses = [{ ...ended(2), name: 'fetch' }];
    const facts = factsOfPod('c', podJson('p', 1, { spec, ...failed({ initContainerStatuses }) }));
    assert.equal(facts.failure?.cause, 'exit_code');
    assert.match(facts.failure.message, /init container fetch: it ended with exit code 2/);
  });

  it('deletion: not of what had failed before, not of what runs', () => {
    const metadata = {
      name: 'p',
      deletionTimestamp: '2026-01-01T00:01:30Z',
      deletionGracePeriodSeconds: 30,
    };
    const by = (finishedAt: string) =>
      factsOfPod(
        'c',
        podJson('p', 1, {
          metadata,
          ...failed({ containerStatuses: [ended(143, 'Error', undefined, finishedAt)] }),
        }),
      );
    assert.equal(by('2026-01-01T00:01:02Z').failure?.cause, 'pod_deleted');
    assert.equal(by('2026-01-01T00:00:59Z').failure?.cause, 'signal');
    const { deletionGracePeriodSeconds } = metadata;
    const { graceSeconds } = factsOfPod('c', podJson('p', 1, { metadata }));
    assert.equal(graceSeconds, deletionGracePeriodSeconds);
    // The last step of a deletion.
    metadata.deletionGracePeriodSeconds = 0;
    assert.equal(by('2026-01-01T00:01:02Z').failure?.cause, 'pod_deleted');
    const running = factsOfPod('c', podJson('p', 1, { metadata, status: { phase: 'Running' } }));
    assert.deepEqual([running.deleting, running.terminal, running.failure], [true, false, null]);
  });
});

describe('Facts of a pod: what it waits for', () => {
  const onNode = {
    nodeName: 'n1',
    restartPolicy: 'Never',
    containers: [{ name: 'side' }, { name: 'main' }],
  };
  const waiting = (reason: string, message?: string) => ({
    spec: onNode,
    status: {
      phase: 'Pending',
      containerStatuses: [
        { name: 'main', restartCount: 0, state: { waiting: { reason, message } } },
      ],
    },
  });
  const unscheduled = (reason: string, message: string) => ({
    status: {
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime: T1 },
      ],
    },
  });
  const cases: [string, object, string, RegExp][] = [
    ['nothing said yet', {}, 'scheduling', /waits for a node/],
    ['no node', unscheduled('Unschedulable', '0/1 nodes are available'), 'unschedulable', /0\/1/],
    ['gates', unscheduled('SchedulingGated', ''), 'scheduling', /gates/],
    ['pull', waiting('ErrImagePull', 'not found'), 'image_pull', /not found/],
    ['pull again', waiting('ImagePullBackOff', 'Back-off'), 'image_pull', /Back-off/],
    ['never pull', waiting('ErrImageNeverPull', 'absent'), 'image_pull', /absent/],
    ['bad name', waiting('InvalidImageName', 'X'), 'image_invalid', /X/],
    [
      'no secret',
      waiting('CreateContainerConfigError', 'secret "s" not found'),
      'container_config',
      /secret "s"/,
    ],
    ['on its way', waiting('ContainerCreating'), 'creating', /node n1/],
  ];
  for (const [what, more, reason, words] of cases) {
    it(what, () => {
      const facts = factsOfPod('c', podJson('p', 1, more));
      assert.equal(facts.waiting?.reason, reason);
      assert.match(facts.waiting.message, words);
      assert.equal(facts.failure, null);
    });
  }

  it('init containers, and sidecars that keep ending', () => {
    const spec = {
      ...onNode,
      initContainers: [{ name: 'proxy', restartPolicy: 'Always' }, { name: 'fetch' }],
    };
    const status = {
      phase: 'Pending',
      conditions: [{ type: 'Initialized', status: 'False' }],
      initContainerStatuses: [{ name: 'fetch', state: { running: { startedAt: T1 } } }],
    };
    const facts = factsOfPod('c', podJson('p', 1, { spec, status }));
    assert.deepEqual(facts.waiting, {
      reason: 'init',
      message: 'its init container fetch is at work',
      since: T1,
    });
    assert.deepEqual(
      facts.others.map(({ name, kind }) => `${name} ${kind}`),
      ['proxy sidecar', 'fetch init', 'side sidecar'],
    );
    assert.equal(facts.main.name, 'main');
  });

  it('since: the same reason keeps its start, another one begins now', () => {
    const pulling = factsOfPod('c', podJson('p', 1, waiting('ErrImagePull')));
    const first = waitingSince(undefined, pulling, 'now');
    const creating = factsOfPod('c', podJson('p', 1, waiting('ContainerCreating')));
    const changed = waitingSince(creating, pulling, '10:00');
    assert.equal(first, pulling);
    assert.equal(changed.waiting?.since, '10:00');
    const backedOff = factsOfPod('c', podJson('p', 2, waiting('ImagePullBackOff')));
    assert.equal(waitingSince(changed, backedOff, '10:05').waiting?.since, '10:00');
  });
});
