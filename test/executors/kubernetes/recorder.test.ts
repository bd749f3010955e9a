/** Ends of attempts on their way into a database that fails: none turns into another one. */
import assert from 'node:assert/strict';
import { Recorder } from '../../../runtime/executors/kubernetes/recorder.ts';
import type { Database } from '../../../runtime/database/pool.ts';

const log = { info() {}, warn() {}, error() {} };

interface Statement {
  name: string;
  values: string[];
}

/** A database that answers as told, one error after the other, and then takes everything. */
function failing(...errors: { code: string }[]) {
  const taken: Record<string, unknown>[][] = [];
  const query = ({ values }: Statement) => {
    const error = errors.shift();
    if (error) return Promise.reject(Object.assign(new Error(error.code), error));
    const rows = JSON.parse(values[0] ?? '[]') as Record<string, unknown>[];
    taken.push(rows);
    return Promise.resolve({ rows: rows.map(({ id }) => ({ id, recorded: true, gone: false })) });
  };
  return { taken, recorder: new Recorder({ query } as unknown as Database, log) };
}

const end = {
  attemptId: 7,
  look: 1,
  outcome: { state: 'success' },
  reported: true,
  gone: true,
} as const;

describe('the recorder of ends', () => {
  it('waits while the database cannot be reached, or only its standby', async () => {
    for (const code of ['EHOSTUNREACH', '25006']) {
      const { taken, recorder } = failing({ code });
      await recorder.end(end, { hurry: true });
      assert.deepEqual(
        taken.flat().map(({ state }) => state),
        ['success'],
      );
    }
  });

  it('fails an attempt only for a value that the database does not take', async () => {
    const { taken, recorder } = failing({ code: 'XX000' });
    await assert.rejects(recorder.end(end, { hurry: true }), { code: 'XX000' });
    assert.deepEqual(taken, []);
    const refused = failing({ code: '22P05' });
    await refused.recorder.end(end, { hurry: true });
    assert.deepEqual(
      refused.taken.flat().map(({ state, cause }) => [state, cause]),
      [['failed', 'xcom']],
    );
  });

  it('keeps notes for a database that is away, the newest of each attempt', async () => {
    const { taken, recorder } = failing({ code: 'ECONNREFUSED' });
    recorder.note(7, 1, { pod: 'a' });
    recorder.note(8, 1, { pod: 'b' });
    while (taken.length === 0) {
      recorder.note(8, 1, { pod: 'c' });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await recorder.close();
    const last = new Map(taken.flat().map(({ id, facts }) => [id, facts]));
    assert.deepEqual(last.get(7), { pod: 'a' });
    assert.deepEqual(last.get(8), { pod: 'c' });
  });
});
