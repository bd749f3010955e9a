/** The parts of the health endpoints: who is alive, who is ready, and what they tell whom. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import { databaseTrouble } from '../../runtime/observe/databaseTrouble.ts';
import { Heartbeat } from '../../runtime/observe/heartbeat.ts';
import { Readiness } from '../../runtime/observe/readiness.ts';
import { remember } from '../../runtime/observe/remember.ts';
import { workerProblem } from '../../runtime/observe/workerLife.ts';
import { unreachable } from '../../runtime/database/pool.ts';

describe('a heartbeat', () => {
  it('is a problem once it is older than its limit, until the next beat', () => {
    let now = 5_000;
    const heartbeat = new Heartbeat(60, () => now);
    assert.equal(heartbeat.problem(), null);
    now += 60_000;
    assert.deepEqual([heartbeat.ageSeconds, heartbeat.problem()], [60, null]);
    now += 1_000;
    assert.equal(heartbeat.problem(), 'no sign of life for 61 s');
    heartbeat.beat();
    assert.equal(heartbeat.problem(), null);
  });
});

describe('remembering an answer', () => {
  it('asks once for all who ask at the same time, and for those who ask soon after', async () => {
    let asked = 0;
    let answer = (_value: number) => {};
    const ask = remember(60_000, () => {
      asked += 1;
      return new Promise<number>((resolve) => (answer = resolve));
    });
    const both = [ask(), ask()];
    await Promise.resolve();
    answer(7);
    assert.deepEqual(await Promise.all(both), [7, 7]);
    assert.equal(await ask(), 7);
    assert.equal(asked, 1);
  });

  it('asks again when the answer is old, and remembers errors no longer than answers', async () => {
    let asked = 0;
    const ask = remember(0, () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('first')) : Promise.resolve(asked);
    });
    await assert.rejects(ask(), /first/);
    assert.equal(await ask(), 2);
    const failing = remember(60_000, () => {
      asked += 1;
      throw new Error('at once');
    });
    await assert.rejects(failing(), /at once/);
    await assert.rejects(failing(), /at once/);
    assert.equal(asked, 3);
  });
});

describe('readiness', () => {
  it('goes from starting over ready to being stopped, and asks the database only between', async () => {
    let asked = 0;
    const readiness = new Readiness();
    assert.equal(await readiness.problem(), 'it is starting');
    readiness.waiting('the database does not answer (ECONNREFUSED)');
    assert.match((await readiness.problem()) ?? '', /^it is starting: .*ECONNREFUSED/);
    assert.equal(readiness.goodSeconds, 0);
    readiness.started(() => {
      asked += 1;
      return Promise.resolve();
    });
    assert.equal(await readiness.problem(), null);
    assert.equal(await readiness.problem(), null);
    assert.notEqual(readiness.goodSeconds, 0);
    readiness.stopping();
    assert.equal(await readiness.problem(), 'it is being stopped');
    assert.equal(asked, 1);
  });

  it('says what is wrong with the database, and forgets how long it was good', async () => {
    const readiness = new Readiness();
    readiness.started(() =>
      Promise.reject(new PodlineError('database.not_migrated', { found: '0001', needed: '0005' })),
    );
    assert.match((await readiness.problem()) ?? '', /schema is at 0001.*needs 0005/);
    assert.equal(readiness.goodSeconds, 0);
  });
});

describe('words about the database for strangers', () => {
  it('name neither addresses nor logins', () => {
    const url = 'postgresql://owner:hidden@db.internal:5432/etl';
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), {
      code: 'ECONNREFUSED',
    });
    const wrong = Object.assign(new Error('password authentication failed for user "owner"'), {
      code: '28P01',
    });
    const slow = new Error('timeout exceeded when trying to connect');
    const odd = new Error('connection to db.internal was lost');
    const words = [refused, wrong, slow, odd, unreachable(url, refused)].map(databaseTrouble);
    assert.deepEqual(words, [
      'the database does not answer (ECONNREFUSED)',
      'the database does not answer (28P01)',
      'the database does not answer (no answer in time)',
      'the database does not answer (no connection)',
      'the database does not answer (ECONNREFUSED)',
    ]);
  });
});

describe('a warm worker', () => {
  let folder: string;
  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-beat-'));
  });
  after(() => fs.rm(folder, { recursive: true, force: true }));

  it('is dead when it beats no more though the database answers, and only then', async () => {
    const file = path.join(folder, 'beat');
    const good = { goodSeconds: 31 };
    assert.equal(await workerProblem(file, good), null, 'it has not begun');
    await fs.writeFile(file, '');
    assert.equal(await workerProblem(file, good), null, 'it beats');
    const old = Date.now() / 1000 - 130;
    await fs.utimes(file, old, old);
    assert.match((await workerProblem(file, good)) ?? '', /^no heartbeat for 13\d s, though/);
    assert.equal(await workerProblem(file, { goodSeconds: 0 }), null, 'the database is away');
    assert.equal(await workerProblem(file, { goodSeconds: 29 }), null, 'it is back for a moment');
  });
});
