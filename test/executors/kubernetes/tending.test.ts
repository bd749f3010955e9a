/** What is done for attempts in our charge, with a small API server behind it: what reconcile.ts alone does not show. */
import assert from 'node:assert/strict';
import { ClusterLink } from '../../../runtime/executors/kubernetes/clusterLink.ts';
import { PodMaker } from '../../../runtime/executors/kubernetes/podMaker.ts';
import type { Recorder } from '../../../runtime/executors/kubernetes/recorder.ts';
import { Tending } from '../../../runtime/executors/kubernetes/tending.ts';
import type { PodAttempt } from '../../../runtime/database/queries/pods/readPodLaunches.ts';
import type { JsonObject } from '../../../src/plan/plan.ts';
import { type FakeApi, openFakeApi, podList, send } from '../../pods/fakeApi.ts';
import { task } from './samples.ts';

const log = { info() {}, warn() {}, error() {} };

describe('attempts in our charge', () => {
  let api: FakeApi;
  let link: ClusterLink;
  before(async () => {
    api = await openFakeApi((_request, response) => send(response, 200, podList(1, [])));
    const events = { onChange() {}, onGone() {}, onSynced() {} };
    link = await ClusterLink.open(api.client.cluster, 'i1', events, log);
  });
  after(async () => {
    await link.stop();
    await api.close();
  });

  /** Its one attempt, and what is noted about it, or how it ended. */
  async function noted(given: Partial<PodAttempt>, pod: { namespace: string }) {
    const told = new Promise<JsonObject>((resolve) => {
      const recorder = {
        note(_id: number, _look: number, facts: JsonObject) {
          if (facts.waiting) resolve(facts);
        },
        end: (end: { outcome: object }) => {
          resolve({ ...end.outcome });
          return Promise.resolve({ recorded: true, gone: false });
        },
      };
      const name = link.config.name;
      const tending = new Tending({
        links: new Map([[name, link]]),
        maker: new PodMaker({
          installation: 'i1',
          clusters: { default: name, clusters: { [name]: link.config } },
          launchKey: Buffer.alloc(32),
        }),
        recorder: recorder as unknown as Recorder,
        logs: { follow() {} } as never,
        details: { sent() {}, waits() {}, ended() {} } as never,
        installation: 'i1',
        log,
        read() {},
        mayLaunch: () => true,
        onFree() {},
      });
      const launch = {
        ...{ attemptId: 7, look: 1, number: 1, runId: 'r', dagId: 'etl', taskId: 'load' },
        ...{ mapIndex: -1, nonce: Buffer.alloc(32), task: task({ pod }), assignment: null },
      };
      const row: PodAttempt = {
        ...{ attemptId: 7, look: 1, state: 'launching', gone: false, workerId: 'me', facts: {} },
        ...{ launchedSeconds: 1, claimedSeconds: null, taskKey: 'k', launch, ...given },
      };
      tending.take(row, true);
    });
    return told;
  }

  it('say that the namespace of their pod is not configured any more', async () => {
    const facts = { cluster: link.config.name, namespace: 'former', pod: 'p', uid: 'u' };
    const { waiting } = await noted(
      { state: 'running', claimedSeconds: 1, facts },
      { namespace: 'former' },
    );
    const { reason, message } = waiting as { reason: string; message: string };
    assert.equal(reason, 'unknown_cluster');
    assert.match(message, /^The namespace former of cluster default is not in/);
  });

  it('end when they ask for a namespace that is not for tasks, taken over or not', async () => {
    const told = await noted({}, { namespace: 'kube-system' });
    assert.equal(told.cause, 'admission');
  });
});
