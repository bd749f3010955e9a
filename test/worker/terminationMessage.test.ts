/** The digest in a pod's termination message: always small enough, and read back as it was meant. */
import assert from 'node:assert/strict';
import {
  outcomeOfTermination,
  readTermination,
  TERMINATION_LIMIT,
  writeTermination,
  type TerminationMessage,
} from '../../runtime/worker/terminationMessage.ts';

const digest = (part: Partial<TerminationMessage>): TerminationMessage => ({
  v: 1,
  attempt: 7,
  report: 'unrecorded',
  state: 'success',
  ...part,
});
const there = (part: Partial<TerminationMessage>) => {
  const text = writeTermination(digest(part));
  assert.ok(Buffer.byteLength(text) <= TERMINATION_LIMIT, `${text.length} characters`);
  const read = readTermination(text);
  assert.ok(read);
  return read;
};

describe('termination message', () => {
  it('gives back a small outcome as it was', () => {
    const parts = { xcom: { rows: [1, 2] }, mapLength: 1, message: 'fine', choice: ['a'] };
    assert.deepEqual(there(parts), digest(parts));
    assert.deepEqual(outcomeOfTermination(there(parts)), { state: 'success', ...parts });
  });

  it('cuts the message first, at whole characters', () => {
    const read = there({
      state: 'failed',
      cause: 'error',
      message: '"\u0001😀'.repeat(3000),
      xcom: 1,
    });
    assert.equal(read.xcom, 1);
    assert.ok((read.message?.length ?? 0) > 300);
    assert.ok(!read.message?.includes('\ud83d\ufffd'));
  });

  it('says what did not fit, and a success without it is none', () => {
    const read = there({ xcom: 'x'.repeat(5000), message: 'kept' });
    assert.deepEqual(read.dropped, ['xcom']);
    assert.equal(read.message, 'kept');
    const outcome = outcomeOfTermination(read);
    assert.equal(outcome?.state, 'failed');
    assert.equal(outcome.cause, 'worker_lost');
    const both = there({ xcom: 'x'.repeat(5000), choice: ['y'.repeat(5000)] });
    assert.deepEqual(both.dropped, ['xcom', 'choice']);
  });

  it('reads nothing from what others write', () => {
    for (const text of [
      undefined,
      '',
      'Error: no',
      '{',
      '{"v":2}',
      '{"v":1,"attempt":1}',
      'null',
    ]) {
      assert.equal(readTermination(text), null);
    }
    const bad = JSON.stringify({ ...digest({}), state: 'done' });
    assert.equal(readTermination(bad), null);
    assert.equal(outcomeOfTermination(digest({ state: undefined })), null);
  });
});
