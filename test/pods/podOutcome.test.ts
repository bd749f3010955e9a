/** Outcome of direct pods, from the facts about a pod that has ended. */
import assert from 'node:assert/strict';
import { writeOutputMessage } from '../../runtime/pods/outputMessage.ts';
import type { ContainerFacts, PodFacts } from '../../runtime/pods/podFacts.ts';
import { outcomeOfPod } from '../../runtime/pods/podOutcome.ts';
import type { JsonObject, PlanTask } from '../../src/plan/plan.ts';
import { planTask } from '../worker/fixture.ts';

function pod(main: Partial<ContainerFacts>, more: Partial<PodFacts> = {}): PodFacts {
  return {
    cluster: 'one',
    namespace: 'tasks',
    name: 'p',
    uid: 'u',
    resourceVersion: '1',
    installation: 'i',
    attemptId: 1,
    look: 1,
    kind: 'direct',
    createdAt: '2026-01-01T00:00:00Z',
    phase: main.exitCode === 0 ? 'Succeeded' : 'Failed',
    node: 'n',
    deleting: false,
    terminal: true,
    main: { name: 'main', kind: 'main', state: 'terminated', restarts: 0, ...main },
    others: [],
    waiting: null,
    failure: null,
    ...more,
  };
}

const task = (config: JsonObject = {}, more: Partial<PlanTask> = {}) =>
  planTask({
    operator: 'pod',
    config: { output: 'none', skipOnExitCode: [99], ...config },
    ...more,
  });

const sidecar = (message?: string, exitCode = 0): ContainerFacts => ({
  name: 'podline-output',
  kind: 'sidecar',
  state: 'terminated',
  exitCode,
  restarts: 0,
  ...(message !== undefined && { message }),
});

describe('outcome of a direct pod', () => {
  it('exit code 0 is a success, whatever the pod became afterwards', () => {
    const success = { state: 'success', exitCode: 0 };
    assert.deepEqual(outcomeOfPod(pod({ exitCode: 0 }), task()), success);
    const failure = { cause: 'evicted', message: 'low on memory' } as const;
    const evicted = pod({ exitCode: 0 }, { phase: 'Failed', reason: 'Evicted', failure });
    assert.deepEqual(outcomeOfPod(evicted, task()), success);
  });

  it('an exit code fails the task and keeps its last words', () => {
    const failure = {
      cause: 'exit_code',
      message: 'it ended with exit code 3',
      exitCode: 3,
    } as const;
    assert.deepEqual(
      outcomeOfPod(pod({ exitCode: 3, message: 'no such table\n' }, { failure }), task()),
      {
        state: 'failed',
        cause: 'exit_code',
        exitCode: 3,
        message: 'It ended with exit code 3. Its last words:\nno such table',
      },
    );
  });

  it('some exit codes skip the task, but not when the cluster ended it', () => {
    const skipped = outcomeOfPod(pod({ exitCode: 99 }), task());
    assert.equal(skipped.state, 'skipped');
    const failure = { cause: 'oom', message: 'too much memory', exitCode: 137 } as const;
    const killed = outcomeOfPod(
      pod({ exitCode: 137 }, { failure }),
      task({ skipOnExitCode: [137] }),
    );
    assert.deepEqual([killed.state, killed.cause, killed.exitCode], ['failed', 'oom', 137]);
  });

  it('a deadline is a timeout that names its limit', () => {
    const failure = { cause: 'timeout', message: 'DeadlineExceeded: was active too long' } as const;
    const outcome = outcomeOfPod(
      pod({ state: 'running' }, { failure }),
      task({}, { executionTimeout: 60 }),
    );
    assert.equal(outcome.cause, 'timeout');
    assert.match(outcome.message ?? '', /execution timeout of 60 s/);
  });

  it('a pod that ended without a word is a failed launch', () => {
    const outcome = outcomeOfPod(pod({ state: 'none' }, { phase: 'Failed' }), task());
    assert.deepEqual([outcome.state, outcome.cause], ['failed', 'launch_failed']);
  });

  describe('by message', () => {
    const message = (text: string | undefined, exitCode = 0) =>
      outcomeOfPod(
        pod({ exitCode, ...(text !== undefined && { message: text }) }),
        task({ output: 'message' }),
      );

    it('is the JSON of the termination message, with the length that mapped tasks expand by', () => {
      assert.deepEqual(message('{"rows":3,"b":[1]}'), {
        state: 'success',
        exitCode: 0,
        xcom: { rows: 3, b: [1] },
        mapLength: 2,
      });
      assert.deepEqual(message(undefined), { state: 'success', exitCode: 0 });
    });

    it('fails the task when it is no JSON, and says when it was probably cut', () => {
      const bad = message('rows=3');
      assert.deepEqual([bad.state, bad.cause], ['failed', 'xcom']);
      assert.match(bad.message ?? '', /cannot be parsed/);
      assert.match(message(`["${'x'.repeat(4094)}`).message ?? '', /4096 bytes.*cut.*by file/);
    });

    it('is not looked at when the task failed', () => {
      assert.equal(message('{"rows":3}', 1).xcom, undefined);
    });
  });

  describe('by file', () => {
    const file = (container?: ContainerFacts) =>
      outcomeOfPod(
        pod({ exitCode: 0 }, { others: container ? [container] : [] }),
        task({ output: 'file' }),
      );

    it('succeeds when the sidecar says that it is stored, or that there is none', () => {
      for (const output of ['stored', 'none'] as const) {
        assert.equal(file(sidecar(writeOutputMessage({ output }))).state, 'success');
      }
    });

    it('fails in the words of the sidecar', () => {
      const said = writeOutputMessage({
        output: 'failed',
        cause: 'xcom',
        message: 'é'.repeat(9000),
      });
      assert.ok(Buffer.byteLength(said) < 4096);
      const outcome = file(sidecar(said, 1));
      assert.deepEqual([outcome.state, outcome.cause], ['failed', 'xcom']);
      assert.match(outcome.message ?? '', /^é+$/);
    });

    it('costs the author nothing when the sidecar was killed', () => {
      for (const container of [sidecar(undefined, 137), sidecar('rubbish', 0), undefined]) {
        const outcome = file(container);
        assert.deepEqual([outcome.state, outcome.cause], ['failed', 'worker_lost']);
      }
    });
  });
});
