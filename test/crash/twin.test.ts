/** A launch token and a secret let one worker in, and let it repeat itself. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { openPool } from '../../runtime/database/pool.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { launch, planTask, recorded } from '../worker/fixture.ts';
import { SupervisedRunner } from '../worker/supervised.ts';

describe('two workers with the same token', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.drop());

  it('one runs the task, the other one is refused before the task begins', async () => {
    const twins = await Promise.all([
      SupervisedRunner.start(db.workerUrl),
      SupervisedRunner.start(db.workerUrl),
    ]);
    const script = { text: 'echo begun; sleep 0.2' };
    const launched = await launch(db, planTask({ operator: 'bash', config: { script } }));
    const ends = await Promise.all(twins.map((twin) => twin.begin(launched)));
    assert.deepEqual(ends.map(({ reply }) => reply).sort(), ['recorded', 'refused']);
    const row = await recorded(db, launched);
    assert.equal(row.state, 'success');
    assert.equal(row.log.match(/^begun$/gm)?.length, 1);
    await Promise.all(twins.map((twin) => twin.stop()));
  });

  it('a worker that asks again because no answer came gets the same assignment, another one none', async () => {
    const launched = await launch(db, planTask({ operator: 'empty' }));
    const worker = openPool(db.workerUrl, { max: 1 });
    const claim = async (secret: Buffer) => {
      const hash = createHash('sha256').update(secret).digest();
      const { rows } = await worker.query<{ assignment: { attempt: unknown } | null }>(
        "SELECT report.claim($1, $2, $3, 'test', '{}', 60) AS assignment",
        [launched.attemptId, launched.token, hash],
      );
      return rows[0]?.assignment?.attempt ?? null;
    };
    const secret = randomBytes(32);
    const first = await claim(secret);
    assert.ok(first);
    assert.deepEqual(await claim(secret), first);
    assert.equal(await claim(randomBytes(32)), null);
    const finish = async (by: Buffer) => {
      const { rows } = await worker.query<{ reply: string }>(
        `SELECT report.finish($1, $2, '{"state": "success"}', 0, '') AS reply`,
        [launched.attemptId, by],
      );
      return rows[0]?.reply;
    };
    assert.equal(await finish(randomBytes(32)), 'stale');
    assert.equal(await finish(secret), 'recorded');
    assert.equal(await finish(secret), 'duplicate');
    assert.equal(await claim(secret), null, 'what has ended is not handed out again');
    await worker.end();
  });
});
