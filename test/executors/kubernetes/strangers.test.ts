/** Pods that are in nobody's charge here: which go, and which are left to others. */
import assert from 'node:assert/strict';
import type { PodOwner } from '../../../runtime/database/queries/pods/readPodOwners.ts';
import {
  judgeStranger,
  nextFew,
  type StrangerVerdict,
} from '../../../runtime/executors/kubernetes/strangers.ts';
import { pod } from './samples.ts';

const over = (more: Partial<PodOwner> = {}): PodOwner => ({
  look: 1,
  workerId: 'me',
  live: false,
  gone: true,
  overSeconds: 5,
  attended: true,
  keepPod: undefined,
  ...more,
});
const done = pod({ terminal: true, phase: 'Succeeded' });
const busy = pod({ phase: 'Running' });

const CASES: [string, ReturnType<typeof pod>, PodOwner | undefined, StrangerVerdict][] = [
  ['no attempt knows it', busy, undefined, 'remove'],
  ['it goes already', pod({ deleting: true }), undefined, 'leave'],
  ['its attempt is at work', busy, over({ live: true, gone: false }), 'leave'],
  [
    'its attempt was ended, whoever is in charge waits for it',
    busy,
    over({ gone: false }),
    'leave',
  ],
  ['our attempt is over, it has ended', done, over(), 'clean'],
  ['our attempt is over, it runs on', busy, over(), 'remove'],
  ['of another process, which is about to clean up', done, over({ workerId: 'other' }), 'leave'],
  [
    'of another process, which is gone',
    done,
    over({ workerId: 'other', attended: false }),
    'clean',
  ],
  [
    'of another process, which does not clean up',
    done,
    over({ workerId: 'other', overSeconds: 61 }),
    'clean',
  ],
  ['of an earlier look', done, over({ workerId: 'other', look: 2, live: true }), 'clean'],
];

describe('pods that are in nobody’s charge', () => {
  for (const [what, stranger, owner, verdict] of CASES) {
    it(what, () => {
      assert.equal(judgeStranger(stranger, owner, 'me'), verdict);
    });
  }

  it('are all looked at in turns, however many others there are', () => {
    const all = [1, 2, 3, 4, 5];
    assert.deepEqual(nextFew(all, 0, 2), [1, 2]);
    assert.deepEqual(nextFew(all, 2, 2), [3, 4]);
    assert.deepEqual(nextFew(all, 4, 2), [5, 1]);
    assert.deepEqual(nextFew(all, 7, 9), all);
  });
});
