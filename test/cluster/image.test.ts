/** The runtime image by hand: pods that may do nothing, one attempt each, told by the database and the pod's status. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanTask } from '../../src/plan/plan.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { RUNTIME_USER, WORKER_COMMAND } from '../../runtime/worker/imagePaths.ts';
import { readTermination } from '../../runtime/worker/terminationMessage.ts';
import { launch, planTask, recorded, type Launch, type Launched } from '../worker/fixture.ts';
import { openCluster, type TestCluster } from './harness.ts';

interface ContainerStatus {
  state: { terminated?: { exitCode: number; reason: string; message?: string } };
}

describe('the runtime image', () => {
  let cluster: TestCluster;
  let namespace: string;
  let db: TestDatabase;
  let door: net.Server;
  let url: string;
  before(async () => {
    cluster = await openCluster();
    namespace = await cluster.namespace({ restricted: true });
    db = await testDatabase();
    const target = new URL(db.workerUrl);
    door = net.createServer((socket) => {
      const behind = net.connect(Number(target.port), target.hostname);
      socket.pipe(behind).pipe(socket);
      for (const each of [socket, behind]) each.on('error', () => {});
    });
    await new Promise<void>((resolve) => door.listen(0, '0.0.0.0', resolve));
    const outside = new URL(db.workerUrl);
    outside.hostname = cluster.hostAddress;
    outside.port = String((door.address() as net.AddressInfo).port);
    url = outside.href;
  });
  after(async () => {
    door.close();
    await db.drop();
  });

  async function start(task: PlanTask, options: Launch & { memory?: string } = {}) {
    const launched = await launch(db, task, options);
    const name = `attempt-${launched.attemptId}`;
    const restricted = {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    };
    await cluster.api.call('POST', `/api/v1/namespaces/${namespace}/pods`, {
      metadata: { name },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 5,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: RUNTIME_USER,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name: 'main',
            image: cluster.images.podline,
            imagePullPolicy: 'IfNotPresent',
            command: WORKER_COMMAND,
            env: Object.entries({
              PODLINE_ATTEMPT: String(launched.attemptId),
              PODLINE_TOKEN: launched.token.toString('hex'),
              PODLINE_WORKER_DATABASE_URL: url,
              PODLINE_GRACE_SECONDS: '5',
            }).map(([key, value]) => ({ name: key, value })),
            securityContext: restricted,
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            ...(options.memory !== undefined && {
              resources: { limits: { memory: options.memory } },
            }),
          },
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    });
    return launched;
  }

  async function ended(launched: Launched) {
    const path = `/api/v1/namespaces/${namespace}/pods/attempt-${launched.attemptId}`;
    for (;;) {
      const pod = await cluster.api.call<{ status: { containerStatuses?: ContainerStatus[] } }>(
        'GET',
        path,
      );
      const end = pod.status.containerStatuses?.[0]?.state.terminated;
      if (end) return { ...end, digest: readTermination(end.message) };
      await sleep(100);
    }
  }
  const bash = (text: string) => planTask({ operator: 'bash', config: { script: { text } } });

  it('runs bash without root, writable root, token or capabilities', async () => {
    const launched = await start(
      bash(`
        id -u
        grep -E '^(NoNewPrivs|CapEff|Seccomp):' /proc/self/status
        if touch /opt/podline/x 2> /dev/null; then echo writable; fi
        ls /var/run/secrets/kubernetes.io 2> /dev/null && echo token
        env | grep -E 'PODLINE_(TOKEN|WORKER)' && echo secret
        echo '{"rows": 3}' > "$PODLINE_OUTPUT"`),
    );
    const end = await ended(launched);
    assert.equal(end.exitCode, 0);
    assert.equal(end.digest?.report, 'recorded');
    const row = await recorded(db, launched);
    assert.deepEqual([row.state, row.xcom], ['success', { rows: 3 }]);
    assert.match(row.log, new RegExp(`^${RUNTIME_USER}$`, 'm'));
    assert.match(row.log, /NoNewPrivs:\s1/);
    assert.match(row.log, /CapEff:\s0+$/m);
    assert.match(row.log, /Seccomp:\s2/);
    assert.doesNotMatch(row.log, /^(writable|token|secret)$/m);
  });

  it('runs a function of a DAG', async () => {
    const code = `globalThis[Symbol.for('podline.taskFunctions')].set('imaged', new Map([
      ['work', async () => { console.log('in the pod'); return process.version; }]]));`;
    const launched = await start(planTask({ operator: 'typescript' }), {
      dagId: 'imaged',
      bundle: { 'code.mjs': code },
    });
    assert.equal((await ended(launched)).exitCode, 0);
    const row = await recorded(db, launched);
    assert.equal(row.xcom, process.version);
    assert.match(row.log, /in the pod/);
  });

  it('tells a program that used too much memory from one that was killed, and survives it', async () => {
    const hungry = `exec node -e "const all = []; for (;;) all.push(Buffer.alloc(1 << 24, 1))"`;
    const eater = await start(bash(hungry), { memory: '160Mi' });
    const killed = await start(bash('kill -KILL $$'), { memory: '160Mi' });
    // A node with version 2 of control groups may end the whole container: then the pod's status says so.
    const end = await ended(eater);
    const row = await recorded(db, eater);
    assert.ok(end.reason === 'OOMKilled' || row.cause === 'oom', `${end.reason}, ${row.cause}`);
    assert.equal((await ended(killed)).exitCode, 0);
    assert.equal((await recorded(db, killed)).cause, 'signal');
  });

  it('reports interrupted when the pod is deleted and the task ignores it', async () => {
    const launched = await start(bash(`trap '' TERM; echo up; while :; do sleep 0.1; done`));
    while (!(await recorded(db, launched)).log.includes('up\n')) await sleep(50);
    const path = `/api/v1/namespaces/${namespace}/pods/attempt-${launched.attemptId}`;
    await cluster.api.call('DELETE', path);
    while ((await recorded(db, launched)).state === 'running') await sleep(50);
    assert.equal((await recorded(db, launched)).cause, 'interrupted');
  });

  it('is not held up by hundreds of orphans that nobody waits for', async () => {
    const orphans = `for i in $(seq 300); do (setsid sleep 0.01 &); done; sleep 0.5
      echo "zombies: $(grep -l '^State:.Z' /proc/[0-9]*/status 2> /dev/null | wc -l)"`;
    const launched = await start(bash(orphans));
    assert.equal((await ended(launched)).exitCode, 0);
    const row = await recorded(db, launched);
    assert.equal(row.state, 'success');
    assert.match(row.log, /zombies: \d+/);
  });
});
