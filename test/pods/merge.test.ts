/** The rules by which a template and overrides are laid over a pod: each row of the table in docs/pods.md. */
import assert from 'node:assert/strict';
import type { PodTemplate } from '../../src/pods/manifest.ts';
import { mergeOverrides, mergePod, mergeTemplate } from '../../src/pods/mergePod.ts';

const base = (): PodTemplate => ({
  metadata: { labels: { a: '1', b: '1' } },
  spec: {
    terminationGracePeriodSeconds: 30,
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'k', effect: 'NoSchedule', operator: 'Exists' }],
    volumes: [{ name: 'tmp', emptyDir: {} }],
    affinity: { nodeAffinity: { old: 1 }, podAffinity: { kept: 1 } },
    containers: [
      {
        name: 'main',
        image: 'one',
        args: ['a', 'b'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '1' },
        ],
        envFrom: [{ secretRef: { name: 's' } }],
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        resources: { requests: { cpu: '1', memory: '1Gi' } },
      },
    ],
  },
});

describe('merging pods', () => {
  it('merges maps by key and replaces single values', () => {
    const { metadata, spec } = mergePod(base(), {
      labels: { b: '2' },
      nodeSelector: { zone: 'x' },
      terminationGracePeriodSeconds: 5,
      resources: { requests: { cpu: 2 }, limits: { cpu: 4 } },
      image: 'two',
    });
    assert.deepEqual(metadata?.labels, { a: '1', b: '2' });
    assert.deepEqual(spec.nodeSelector, { disk: 'ssd', zone: 'x' });
    assert.equal(spec.terminationGracePeriodSeconds, 5);
    const [main] = spec.containers;
    assert.equal(main?.image, 'two');
    assert.deepEqual(main.resources, { requests: { cpu: 2, memory: '1Gi' }, limits: { cpu: 4 } });
  });

  it('matches members of lists by what names them, and replaces those as a whole', () => {
    const { spec } = mergePod(base(), {
      env: [
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'C', value: '1' },
      ],
      envFrom: [{ configMapRef: { name: 'c' } }],
      volumes: [
        { name: 'tmp', persistentVolumeClaim: { claimName: 'p' } },
        { name: 'more', emptyDir: {} },
      ],
      volumeMounts: [{ name: 'more', mountPath: '/tmp' }],
      tolerations: [
        { key: 'k', effect: 'NoSchedule', operator: 'Equal', value: 'v' },
        { key: 'k', effect: 'NoExecute' },
      ],
      imagePullSecrets: ['pull'],
      affinity: { nodeAffinity: { fresh: 1 } },
    });
    const [main] = spec.containers;
    assert.deepEqual(main?.env, [
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'C', value: '1' },
    ]);
    assert.equal(main.envFrom?.length, 2, 'appended');
    assert.deepEqual(main.volumeMounts, [{ name: 'more', mountPath: '/tmp' }]);
    assert.deepEqual(spec.volumes, [
      { name: 'tmp', persistentVolumeClaim: { claimName: 'p' } },
      { name: 'more', emptyDir: {} },
    ]);
    assert.deepEqual(spec.tolerations, [
      { key: 'k', effect: 'NoSchedule', operator: 'Equal', value: 'v' },
      { key: 'k', effect: 'NoExecute' },
    ]);
    assert.deepEqual(spec.imagePullSecrets, [{ name: 'pull' }]);
    assert.deepEqual(spec.affinity, { nodeAffinity: { fresh: 1 }, podAffinity: { kept: 1 } });
  });

  it('merges containers by name, and adds init containers and sidecars', () => {
    const template = {
      spec: {
        containers: [{ name: 'main', args: ['c'], securityContext: { runAsUser: 5 } }],
        initContainers: [{ name: 'init', image: 'i', args: ['x'] }],
      },
    };
    const { spec } = mergePod(mergeTemplate(base(), template), {
      initContainers: [{ name: 'init', image: 'j' }],
      sidecars: [{ name: 'side', image: 's', env: { A: 'x', B: { secret: 's', key: 'k' } } }],
      securityContext: { runAsGroup: 7, readOnlyRootFilesystem: true },
    });
    assert.deepEqual(spec.containers[0]?.args, ['c'], 'replaced');
    assert.equal(spec.containers.length, 1);
    assert.deepEqual(spec.initContainers, [
      { name: 'init', image: 'j', args: ['x'] },
      {
        name: 'side',
        image: 's',
        restartPolicy: 'Always',
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
        ],
      },
    ]);
    assert.deepEqual(spec.containers[0].securityContext, {
      runAsUser: 5,
      readOnlyRootFilesystem: true,
    });
    assert.deepEqual(spec.securityContext, { runAsGroup: 7 });
  });

  it('changes nothing that it was given, and leaves out what is no part of a pod', () => {
    const before = base();
    const merged = mergePod(before, {
      cluster: 'c',
      namespace: 'n',
      startupTimeout: 5,
      env: { A: '2' },
    });
    assert.deepEqual(before, base());
    assert.deepEqual(Object.keys(merged.spec).sort(), Object.keys(before.spec).sort());
    assert.deepEqual(mergePod(before, {}), before);
  });

  it('gives the same whether layers are merged first or one after the other', () => {
    const lower = {
      env: { A: 'x', C: 'x' },
      labels: { a: '2' },
      sidecars: [{ name: 's', image: 'i', args: ['1'] }],
    };
    const upper = {
      env: [{ name: 'C', value: 'y' }],
      image: 'z',
      sidecars: [{ name: 's', image: 'k' }],
      imagePullSecrets: ['q'],
    };
    assert.deepEqual(
      mergePod(base(), mergeOverrides(lower, upper)),
      mergePod(mergePod(base(), lower), upper),
    );
  });
});
