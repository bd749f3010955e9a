/** What is wrong with a finished pod: each rule by the smallest pod that breaks it. */
import assert from 'node:assert/strict';
import type { Container, PodSpec, PodTemplate } from '../../src/pods/manifest.ts';
import { checkPod } from '../../src/pods/checkPod.ts';
import {
  imageProblem,
  labelValueProblem,
  quantityOf,
  quantityProblem,
} from '../../src/pods/names.ts';

const good: Container = {
  name: 'main',
  image: 'team/image:1',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
};
const security = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

function pod(main: Partial<Container> = {}, spec: Partial<PodSpec> = {}): PodTemplate {
  return { spec: { securityContext: security, containers: [{ ...good, ...main }], ...spec } };
}

function problems(template: PodTemplate, restricted = true): string[] {
  return checkPod(template, { serviceAccounts: ['allowed'], restricted }).map(
    ({ path, problem }) => `${path}: ${problem}`,
  );
}

describe('checking pods', () => {
  it('finds nothing wrong with a careful pod', () => {
    assert.deepEqual(problems(pod()), []);
    assert.deepEqual(problems(pod({}, { serviceAccountName: 'allowed' })), []);
  });

  it('names the place of every problem', () => {
    const main = 'spec\\.containers\\[main\\]';
    const cases: [PodTemplate, string][] = [
      [pod({ image: undefined }), `${main}\\.image: none is given`],
      [pod({ image: 'A B' }), `${main}\\.image: "A B" is no image`],
      [pod({ env: [{ name: 'A' }, { name: 'A' }] }), `${main}\\.env\\[A\\]: there are two`],
      [pod({ volumeMounts: [{ name: 'v', mountPath: '/v' }] }), 'there is no volume "v"'],
      [
        pod({ resources: { requests: { memory: '2Gi' }, limits: { memory: '1500M' } } }),
        `${main}\\.resources\\.requests\\.memory: 2Gi is more than the limit of 1500M`,
      ],
      [
        pod({ resources: { limits: { cpu: 'many' } } }),
        'resources\\.limits\\.cpu: "many" is no quantity',
      ],
      [pod({}, { containers: [good, { ...good, name: 'other' }] }), 'keep the pod alive'],
      [pod({}, { initContainers: [good] }), 'two containers of this name'],
      [pod({}, { serviceAccountName: 'admin' }), 'does not allow "admin"; it allows allowed'],
      [
        pod(
          {},
          {
            volumes: [
              { name: 'v', emptyDir: {} },
              { name: 'v', emptyDir: {} },
            ],
          },
        ),
        'volumes\\[v\\]: there are two',
      ],
      [
        { ...pod(), metadata: { labels: { x: '-' } } },
        'metadata\\.labels\\.x: "-" is no label value',
      ],
      [{ ...pod(), metadata: { annotations: { x: 'y'.repeat(300_000) } } }, 'at most 256 KB'],
      [pod({ args: ['y'.repeat(1_100_000)] }), 'at most 1024 KB'],
    ];
    for (const [template, words] of cases)
      assert.match(problems(template).join('\n'), new RegExp(words));
  });

  it('holds to the restricted profile, unless the cluster goes beyond it', () => {
    const own = good.securityContext;
    const cases: [PodTemplate, RegExp][] = [
      [pod({}, { hostNetwork: true }), /spec\.hostNetwork/],
      [pod({}, { hostPID: true }), /spec\.hostPID/],
      [
        pod({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
        /volumes\[v\]: volumes of kind hostPath/,
      ],
      [pod({ securityContext: { ...own, privileged: true } }), /privileged/],
      [
        pod({ securityContext: { ...own, allowPrivilegeEscalation: true } }),
        /allowPrivilegeEscalation/,
      ],
      [pod({ securityContext: { ...own, capabilities: {} } }), /capabilities\.drop/],
      [
        pod({ securityContext: { ...own, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } }),
        /capabilities\.add/,
      ],
      [pod({ securityContext: { ...own, runAsUser: 0 } }), /runAsUser/],
      [pod({ securityContext: { ...own, runAsNonRoot: false } }), /runAsNonRoot/],
      [pod({ ports: [{ containerPort: 1, hostPort: 1 }] }), /hostPort/],
      [pod({}, { securityContext: {} }), /seccompProfile/],
      [
        pod({}, { initContainers: [{ name: 'i', image: 'i' }] }),
        /initContainers\[i\]\.securityContext/,
      ],
    ];
    for (const [template, words] of cases) {
      assert.match(problems(template).join('\n'), words);
      assert.deepEqual(problems(template, false), []);
    }
  });

  it('reads names and quantities as Kubernetes does', () => {
    for (const text of ['1', '500m', '1.5Gi', '.5', '1e3', '12E', '100k'])
      assert.equal(quantityProblem(text), undefined, text);
    for (const text of ['', '1 Gi', '1GB', '-1', 'x', '1ki'])
      assert.ok(quantityProblem(text), text);
    assert.deepEqual(['1Ki', '1.5', '500m', '1e3', 2].map(quantityOf), [1024, 1.5, 0.5, 1000, 2]);
    for (const text of [
      ...[
        'busybox',
        'a/b',
        'localhost:5000/a',
        'r.example:5000/t/i:v1.2_x',
        'docker.io/local/node:24',
      ],
      `a/b@sha256:${'0'.repeat(64)}`,
      `a:1@sha256:${'0'.repeat(64)}`,
    ])
      assert.equal(imageProblem(text), undefined, text);
    for (const text of ['', 'a b', 'a:', 'a//b', 'r/UPPER', 'a:x y', '-a'])
      assert.ok(imageProblem(text), text);
    assert.ok(labelValueProblem('x'.repeat(64)));
    assert.equal(labelValueProblem(''), undefined);
  });
});
