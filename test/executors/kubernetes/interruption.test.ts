/** Workers that were asked to stop report no more than that. Why, their pods tell: decided, and written. */
import assert from 'node:assert/strict';
import {
  endOfMissing,
  endOfPod,
  interruptionOf,
} from '../../../runtime/executors/kubernetes/podVerdict.ts';
import { PodIndex } from '../../../runtime/executors/kubernetes/podIndex.ts';
import { explainInterrupted } from '../../../runtime/database/queries/pods/explainInterrupted.ts';
import { testDatabase } from '../../../runtime/testing/database.ts';
import { writeTermination } from '../../../runtime/worker/terminationMessage.ts';
import type { Cause } from '../../../src/model/causes.ts';
import { launch, planTask } from '../../worker/fixture.ts';
import { pod, task } from './samples.ts';

const evicted = { cause: 'evicted', message: 'it was evicted' } as const;
const subject = { attemptId: 7, direct: false, task: task({}) };

describe('interrupted workers', () => {
  it('are said to be what became of their pods', () => {
    assert.equal(interruptionOf(pod({})), null);
    assert.deepEqual(interruptionOf(pod({ disruption: evicted })), {
      cause: 'evicted',
      message: 'The worker was asked to stop: it was evicted.',
    });
    const deleted = pod({ disruption: { cause: 'pod_deleted', message: 'somebody deleted it' } });
    assert.equal(interruptionOf(deleted)?.cause, 'pod_deleted');
    // Deleted by force: the last that was told of it says nothing.
    assert.equal(interruptionOf(pod({}), true)?.cause, 'pod_deleted');
    assert.equal(interruptionOf(pod({ terminal: true }), true), null);
    assert.equal(interruptionOf(pod({ disruption: evicted }), true)?.cause, 'evicted');
    // An end of the program is no reason why it was asked to stop.
    assert.equal(interruptionOf(pod({ disruption: { cause: 'timeout', message: '' } })), null);
  });

  it('and only they: what a worker reports of its task holds', () => {
    const end = (cause: Cause) =>
      endOfPod(
        pod({
          terminal: true,
          disruption: evicted,
          main: {
            state: 'terminated',
            exitCode: 4,
            message: writeTermination({
              v: 1,
              attempt: 7,
              report: 'unrecorded',
              state: 'failed',
              cause,
            }),
          },
        }),
        subject,
      ).outcome.cause;
    assert.equal(end('interrupted'), 'evicted');
    assert.equal(end('exit_code'), 'exit_code');
  });

  it('a pod that vanished without an end was taken by what took it', () => {
    const last = pod({ disruption: { cause: 'node_lost', message: 'its node is gone' } });
    assert.equal(endOfMissing({ task: task({}), last }).outcome.cause, 'node_lost');
  });

  it('a pod under another name is none of an attempt, whatever its labels say', () => {
    const index = new PodIndex();
    const real = pod({});
    const owner = {
      attemptId: 7,
      look: 1,
      name: real.name,
      place: { cluster: 'here', namespace: 'tasks' },
    };
    index.set(real);
    index.set(pod({ name: 'twin', uid: 'u2' }));
    assert.equal(index.get(owner)?.uid, 'u1');
    assert.equal(index.isOf(owner, pod({ name: 'twin' })), false);
    assert.ok(index.get({ ...owner, name: '' }));
  });
});

describe('explain_interrupted', () => {
  it('changes the cause of interrupted attempts of this look, and of no others', async () => {
    const db = await testDatabase();
    try {
      const end = async (cause: string) => {
        const { attemptId } = await launch(db, planTask({ operator: 'bash' }));
        await db.pool.query(
          `UPDATE podline.attempt SET state = 'failed', cause = $2, ended_at = now(), token_hash = NULL WHERE id = $1`,
          [attemptId, cause],
        );
        return attemptId;
      };
      const [interrupted, other, later] = [
        await end('interrupted'),
        await end('timeout'),
        await end('interrupted'),
      ];
      const { rows: looks } = await db.pool.query<{ looks: number }>(
        'SELECT looks FROM podline.attempt WHERE id = $1',
        [interrupted],
      );
      const look = looks[0]?.looks ?? 0;
      await explainInterrupted(db.pool, [
        { attemptId: interrupted, look, ...evicted },
        { attemptId: other, look, ...evicted },
        { attemptId: later, look: look - 1, ...evicted },
      ]);
      const { rows } = await db.pool.query('SELECT id, cause FROM podline.attempt ORDER BY id');
      assert.deepEqual(rows, [
        { id: interrupted, cause: 'evicted' },
        { id: other, cause: 'timeout' },
        { id: later, cause: 'interrupted' },
      ]);
    } finally {
      await db.drop();
    }
  });
});
