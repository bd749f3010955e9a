/** What is done for an attempt and its pod, case by case. */
import assert from 'node:assert/strict';
import type { PodFacts } from '../../../runtime/pods/podFacts.ts';
import {
  type Action,
  NODE_PATIENCE,
  reconcile,
  type Situation,
} from '../../../runtime/executors/kubernetes/reconcile.ts';

import { pod, situation, task } from './samples.ts';

/** The words matter to people, here only what is decided. */
function decided(given: Partial<Situation>): string[] {
  return reconcile(situation(given)).map(words);
}

function words(action: Action): string {
  if (action.do === 'remove') return action.force ? 'remove by force' : 'remove';
  if (action.do !== 'end') return action.do;
  const { outcome, gone } = action.end;
  return `end ${outcome.cause ?? outcome.state}${gone ? ', gone' : ''}`;
}

const running = (more: Partial<PodFacts> = {}) =>
  pod({ phase: 'Running', main: { state: 'running' }, ...more });
const waiting = (reason: NonNullable<PodFacts['waiting']>['reason']) =>
  pod({ waiting: { reason, message: 'words', since: '2026-01-01T00:00:00Z' } });
const ended = (exitCode: number, more: Parameters<typeof pod>[0] = {}) =>
  pod({
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    terminal: true,
    main: { state: 'terminated', exitCode },
    failure: exitCode === 0 ? null : { cause: 'exit_code', message: `exit ${exitCode}`, exitCode },
    ...more,
  });
const digest = (content: object) => ({
  main: { state: 'terminated' as const, exitCode: 4, message: JSON.stringify(content) },
});

const ages = (given: Partial<Situation['ages']>) => ({ ...situation({}).ages, ...given });

type Case = [string, Partial<Situation>, string[]];

const LIVE: Case[] = [
  ['launched: it gets a pod', { pod: 'unknown' }, ['create']],
  ['its create is under way: nothing', { pod: 'unknown', creating: true }, []],
  ['running, its pod not known yet: asks for it', { state: 'running', pod: 'unknown' }, ['look']],
  ['its task left the plan: it may have a pod', { pod: 'unknown', task: null }, ['look']],
  [
    'its task left the plan, and there is no pod',
    { pod: 'absent', rowIsFresh: true, task: null },
    ['end launch_failed, gone'],
  ],
  ['pod pending: nothing', { pod: pod({}) }, []],
  ['worker running: nothing, it claims by itself', { pod: running() }, []],
  ['direct pod runs: so does its attempt', { direct: true, pod: running() }, ['running']],
  ['direct, known as running', { direct: true, state: 'running', pod: running() }, []],
  [
    'direct, longer than its execution timeout',
    { direct: true, state: 'running', pod: running(), ages: ages({ running: 61 }) },
    ['end timeout'],
  ],
  [
    'worker, longer than the timeout: it keeps the time itself',
    { state: 'running', pod: running(), ages: ages({ running: 61 }) },
    [],
  ],
  ['pod vanished: reads the row first', { pod: 'absent' }, ['read']],
  ['vanished before the claim: again', { pod: 'absent', rowIsFresh: true }, ['create']],
  [
    'vanished before the claim for the third time',
    { pod: 'absent', rowIsFresh: true, created: 3 },
    ['end pod_deleted, gone'],
  ],
  [
    'running and vanished',
    { state: 'running', pod: 'absent', rowIsFresh: true },
    ['end pod_deleted, gone'],
  ],
  [
    'vanished after its end: the end counts',
    { direct: true, pod: 'absent', last: ended(0) },
    ['end success, gone'],
  ],
  [
    'vanished, evicted as far as was seen',
    {
      state: 'running',
      pod: 'absent',
      rowIsFresh: true,
      last: running({ failure: { cause: 'evicted', message: '' } }),
    },
    ['end evicted, gone'],
  ],
];

const STARTING: Case[] = [
  ['unschedulable: waits', { pod: waiting('unschedulable'), ages: ages({ pod: 599 }) }, []],
  [
    'unschedulable for too long',
    { pod: waiting('unschedulable'), ages: ages({ pod: 601 }) },
    ['end unschedulable'],
  ],
  ['no pull yet: waits', { pod: waiting('image_pull'), ages: ages({ pod: 100, stuck: 59 }) }, []],
  [
    'no pull within the grace',
    { pod: waiting('image_pull'), ages: ages({ pod: 100, stuck: 61 }) },
    ['end image_pull'],
  ],
  ['an image that cannot be: at once', { pod: waiting('image_invalid') }, ['end image_pull']],
  [
    'a missing secret within the grace',
    { pod: waiting('container_config'), ages: ages({ stuck: 61 }) },
    ['end launch_failed'],
  ],
  ['init containers at work', { pod: waiting('init'), ages: ages({ pod: 599 }) }, []],
  [
    'init containers for too long',
    { pod: waiting('init'), ages: ages({ pod: 601 }) },
    ['end launch_failed'],
  ],
  ['runs at last: the startup is over', { pod: running(), ages: ages({ pod: 10_000 }) }, []],
];

const ENDS: Case[] = [
  [
    'worker ended in order: the database knows better',
    { pod: ended(0) },
    ['end worker_lost, gone'],
  ],
  ['worker died', { state: 'running', pod: ended(1) }, ['end worker_lost, gone']],
  ['worker was refused', { pod: ended(5) }, ['end launch_lost, gone']],
  [
    'worker out of memory',
    { pod: ended(137, { failure: { cause: 'oom', message: '', exitCode: 137 } }) },
    ['end oom, gone'],
  ],
  [
    'the database was away: the digest counts',
    { pod: ended(4, digest({ v: 1, attempt: 7, report: 'unrecorded', state: 'success' })) },
    ['end success, gone'],
  ],
  [
    'the digest of a failure',
    {
      pod: ended(
        4,
        digest({ v: 1, attempt: 7, report: 'unrecorded', state: 'failed', cause: 'exit_code' }),
      ),
    },
    ['end exit_code, gone'],
  ],
  [
    'a digest of another attempt counts for nothing',
    { pod: ended(4, digest({ v: 1, attempt: 8, report: 'unrecorded', state: 'success' })) },
    ['end worker_lost, gone'],
  ],
  [
    'the worker could not claim',
    { pod: ended(4, digest({ v: 1, attempt: 7, report: 'unclaimed' })) },
    ['end launch_lost, gone'],
  ],
  ['direct pod succeeded', { direct: true, pod: ended(0) }, ['end success, gone']],
  ['direct pod failed', { direct: true, pod: ended(3) }, ['end exit_code, gone']],
  [
    'the task has ended, a container of the cluster lives on',
    { direct: true, pod: ended(0, { terminal: false, phase: 'Running' }) },
    ['end success'],
  ],
  [
    'the task has ended, the sidecar still hands in the file',
    {
      direct: true,
      task: task({ config: { output: 'file' } }),
      pod: ended(0, { terminal: false, phase: 'Running' }),
    },
    [],
  ],
  ['deleted, ends in its grace: waits', { state: 'running', pod: running({ deleting: true }) }, []],
  [
    'deleted, and it has more time than its task says',
    {
      state: 'running',
      pod: running({ deleting: true, graceSeconds: 3600 }),
      ages: ages({ deleting: 3600 }),
    },
    [],
  ],
  [
    'deleted, and its node is silent',
    {
      state: 'running',
      pod: running({ deleting: true }),
      ages: ages({ deleting: 30 + NODE_PATIENCE + 1 }),
    },
    ['end node_lost, gone', 'remove by force'],
  ],
];

const OVER: Case[] = [
  ['cancelled: its pod must go', { pod: running() }, ['remove']],
  ['cancelled, its pod goes', { pod: running({ deleting: true }) }, []],
  ['cancelled, its pod has ended', { pod: ended(137) }, ['gone']],
  ['cancelled, its pod is gone', { pod: 'absent' }, ['gone']],
  ['cancelled, its pod is not known: asks', { pod: 'unknown' }, ['look']],
  ['cancelled while it is made: waits for the answer', { pod: 'unknown', creating: true }, []],
  [
    'cancelled, its node is silent',
    { pod: running({ deleting: true }), ages: ages({ deleting: 30 + NODE_PATIENCE + 1 }) },
    ['gone', 'remove by force'],
  ],
  [
    'cancelled, it has more time than its task says',
    { pod: running({ deleting: true, graceSeconds: 3600 }), ages: ages({ deleting: 3600 }) },
    [],
  ],
  ['recorded, the pod has ended: cleaned up', { gone: true, pod: ended(0) }, ['clean']],
  ['recorded, the worker is about to leave', { gone: true, pod: running() }, []],
  [
    'recorded, the worker does not leave',
    { gone: true, pod: running(), ages: ages({ over: 31 }) },
    ['remove'],
  ],
  [
    'recorded by a twin, its own pod has no node yet',
    { gone: true, pod: pod({ node: null }) },
    ['remove'],
  ],
  ['recorded, no pod: out of our charge', { gone: true, pod: 'absent' }, ['forget']],
];

describe('reconciliation of an attempt and its pod', () => {
  for (const [what, given, expected] of [...LIVE, ...STARTING, ...ENDS]) {
    it(what, () => {
      assert.deepEqual(decided(given), expected);
    });
  }
  for (const [what, given, expected] of OVER) {
    it(what, () => {
      assert.deepEqual(decided({ state: 'ended', ...given }), expected);
    });
  }

  it('says why in words', () => {
    const [action] = reconcile(
      situation({ pod: waiting('unschedulable'), ages: ages({ pod: 601 }) }),
    );
    assert.equal(action?.do, 'end');
    assert.equal(action.end.outcome.message, 'No node had room for the pod within 600 s: words');
  });
});
