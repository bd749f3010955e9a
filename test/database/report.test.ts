/** The report functions at their edges: tokens used twice, wrong secrets, late, doubled, too large. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { bash, dag, sensor } from 'podline/dag';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import type { Launch } from '../../runtime/database/queries/launchAttempts.ts';
import type { Executor } from '../../runtime/scheduler/tick.ts';
import { RunCache } from '../../runtime/scheduler/runCache.ts';
import { tick } from '../../runtime/scheduler/tick.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from '../scheduler/engineIt.ts';

const SECRET: Buffer = randomBytes(32);
const OTHER: Buffer = randomBytes(32);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/** Launches the first task of a DAG and hands back what its process would be given. */
async function launch(engine: TestEngine, dagId = 'd'): Promise<Launch> {
  const taken: Launch[] = [];
  const executor: Executor = {
    name: 'local',
    workerId: 'by-hand',
    freeSlots: () => 1,
    start: (launches) => taken.push(...launches),
  };
  await triggerRun(engine.database, dagId).catch(() => {});
  const options = { executors: [executor], cache: new RunCache(), random: () => 0 };
  for (let turn = 0; turn < 5 && taken.length === 0; turn++) {
    await tick(engine.database, { ...options, admitAnyway: true, launchAnyway: true });
  }
  const [first] = taken;
  assert.ok(first, 'something was launched');
  return first;
}

class Caller {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async #one(sql: string, values: unknown[]): Promise<unknown> {
    const { rows } = await this.#database.query<{ answer: unknown }>(sql, values);
    return rows[0]?.answer;
  }

  claim(attempt: number, token: Buffer, secret = SECRET) {
    return this.#one('SELECT report.claim($1, $2, $3, $4, $5, 60) AS answer', [
      attempt,
      token,
      sha256(secret),
      'test',
      '{}',
    ]);
  }

  finish(attempt: number, outcome: object, secret = SECRET) {
    return this.#one(`SELECT report.finish($1, $2, $3, 1, 'last words') AS answer`, [
      attempt,
      secret,
      JSON.stringify(outcome),
    ]);
  }

  heartbeat(attempt: number, secret = SECRET) {
    return this.#one('SELECT report.heartbeat($1, $2, 60) AS answer', [attempt, secret]);
  }

  log(attempt: number, seq: number, text: string, secret = SECRET) {
    return this.#one('SELECT report.append_log($1, $2, $3, $4) AS answer', [
      attempt,
      secret,
      seq,
      Buffer.from(text),
    ]);
  }

  push(attempt: number, key: string, value: unknown, secret = SECRET) {
    return this.#one('SELECT report.push_xcom($1, $2, $3, $4) AS answer', [
      attempt,
      secret,
      key,
      JSON.stringify(value),
    ]);
  }
}

const two = dag('d', {}, (d) => {
  const a = d.task('a', bash({ script: 'true' }), { retries: { max: 1, delay: 5 } });
  d.task('b', bash({ script: 'true' }), { after: a });
});

/** `body` with a launched attempt and the worker's own connection. */
function reportIt(
  title: string,
  body: (engine: TestEngine, caller: Caller, launched: Launch) => Promise<void>,
  value: object = two,
): void {
  engineIt(title, async (engine) => {
    await engine.register(value);
    const worker = openPool(engine.testDatabase.workerUrl, { max: 2 });
    try {
      await body(engine, new Caller(worker), await launch(engine));
    } finally {
      await worker.end();
    }
  });
}

async function stateOf(engine: TestEngine, attempt: number): Promise<string | undefined> {
  const { rows } = await engine.database.query<{ state: string }>(
    'SELECT state FROM podline.attempt WHERE id = $1',
    [attempt],
  );
  return rows[0]?.state;
}

describe('report functions', () => {
  reportIt(
    'a token works once; a wrong one never; the secret is not the token',
    async (engine, caller, { attemptId, token }) => {
      assert.equal(await caller.claim(attemptId, randomBytes(32)), null);
      assert.equal(await caller.claim(attemptId + 1, token), null);
      assert.notEqual(await caller.claim(attemptId, token), null);
      assert.equal(await caller.claim(attemptId, token, OTHER), null);
      assert.equal(await caller.finish(attemptId, { state: 'success' }, token), 'stale');
      assert.equal(await caller.finish(attemptId, { state: 'success' }, OTHER), 'stale');
      assert.equal(await stateOf(engine, attemptId), 'running');
      await caller.finish(attemptId, { state: 'success' });
      await engine.settle();
    },
  );

  reportIt('nothing before the claim', async (engine, caller, { attemptId, token }) => {
    assert.equal(await caller.finish(attemptId, { state: 'success' }), 'stale');
    assert.equal(await caller.heartbeat(attemptId), false);
    assert.equal(await caller.push(attemptId, 'k', 1), false);
    assert.equal(await caller.log(attemptId, 0, 'hello'), false);
    assert.equal(await stateOf(engine, attemptId), 'launching');
    await caller.claim(attemptId, token);
    await caller.finish(attemptId, { state: 'success' });
    await engine.settle();
  });

  reportIt(
    'the same end twice is a duplicate, another one is stale, the first one stays',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      assert.equal(await caller.finish(attemptId, { state: 'success', xcom: 1 }), 'recorded');
      assert.equal(await caller.finish(attemptId, { state: 'success', xcom: 2 }), 'duplicate');
      assert.equal(await caller.finish(attemptId, { state: 'failed', cause: 'error' }), 'stale');
      await engine.settle();
      assert.equal(await caller.finish(attemptId, { state: 'success' }), 'duplicate');
      const [run] = await engine.runs('d');
      assert.deepEqual(await engine.outputs('d', run?.runId ?? '', 'a'), [1]);
      assert.equal(run?.state, 'success');
    },
  );

  reportIt(
    'after a cancel everything is stale, but the last log lines are taken',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      const [run] = await engine.runs('d');
      await commandRun(
        engine.database,
        { dagId: 'd', runId: run?.runId ?? '' },
        { kind: 'cancel' },
      );
      assert.equal(await caller.heartbeat(attemptId), false);
      assert.equal(await caller.push(attemptId, 'k', 1), false);
      assert.equal(await caller.finish(attemptId, { state: 'success', xcom: 1 }), 'stale');
      assert.equal(await caller.log(attemptId, 7, 'terminated'), true);
      assert.deepEqual(await engine.outputs('d', run?.runId ?? '', 'a'), []);
      assert.equal(await stateOf(engine, attemptId), 'failed');
    },
  );

  reportIt(
    'a launch that was cancelled before its claim cannot be claimed',
    async (engine, caller, { attemptId, token }) => {
      const [run] = await engine.runs('d');
      await commandRun(
        engine.database,
        { dagId: 'd', runId: run?.runId ?? '' },
        { kind: 'cancel' },
      );
      assert.equal(await caller.claim(attemptId, token), null);
    },
  );

  reportIt(
    'a retry is another attempt: the first one may not speak for it',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      await caller.finish(attemptId, { state: 'failed', cause: 'exit_code', exitCode: 1 });
      engine.script('a', 'hang');
      await engine.advance('5s');
      assert.equal(await caller.finish(attemptId, { state: 'success' }), 'stale');
      assert.equal(await caller.finish(attemptId, { state: 'failed' }), 'duplicate');
      assert.equal(await caller.claim(attemptId, token), null);
      const [run] = await engine.runs('d');
      assert.equal((await engine.states('d', run?.runId ?? '')).a, 'running');
      await engine.executor.finish('a');
      await engine.settle();
    },
  );

  reportIt(
    'an output that is too large is refused whole; the attempt can still end',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      const large = 'x'.repeat(1_100_000);
      const tooLarge = (error: unknown) => (error as { code?: string }).code === 'PL003';
      await assert.rejects(caller.finish(attemptId, { state: 'success', xcom: large }), tooLarge);
      await assert.rejects(caller.push(attemptId, 'k', large), tooLarge);
      assert.equal(await stateOf(engine, attemptId), 'running');
      assert.equal(await caller.finish(attemptId, { state: 'failed', cause: 'xcom' }), 'recorded');
      await engine.settle();
      const logs = await engine.database.query('SELECT FROM podline.log_chunk');
      assert.equal(logs.rowCount, 1);
    },
  );

  reportIt(
    'an unknown outcome is an error and changes nothing',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      for (const state of ['done', null, 'launching', 'running', 7]) {
        await assert.rejects(caller.finish(attemptId, { state }), { code: 'PL002' });
      }
      assert.equal(await stateOf(engine, attemptId), 'running');
      assert.equal(await caller.finish(attemptId, { state: 'skipped' }), 'recorded');
      await engine.settle();
    },
  );

  reportIt(
    'log chunks: a repeated one is ignored, and counted once',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      assert.equal(await caller.log(attemptId, 3, 'hello'), true);
      await caller.log(attemptId, 3, 'hello');
      const { rows } = await engine.database.query<{ bytes: number; chunks: number }>(
        `SELECT log_bytes AS bytes, (SELECT count(*)::int FROM podline.log_chunk) AS chunks FROM podline.attempt`,
      );
      assert.deepEqual(rows, [{ bytes: 5, chunks: 1 }]);
      await caller.finish(attemptId, { state: 'success' });
      await engine.settle();
    },
  );

  reportIt(
    'waiting: the secret of one look is worth nothing in the next',
    async (engine, caller, { attemptId, token }) => {
      await caller.claim(attemptId, token);
      assert.equal(await caller.finish(attemptId, { state: 'waiting', delay: 10 }), 'recorded');
      assert.equal(await caller.finish(attemptId, { state: 'waiting', delay: 10 }), 'duplicate');
      assert.equal(await caller.heartbeat(attemptId), false);
      engine.script('file', 'hang');
      await engine.advance('10s');
      assert.equal(await stateOf(engine, attemptId), 'running');
      assert.equal(await caller.finish(attemptId, { state: 'success' }), 'stale');
      assert.equal(await caller.claim(attemptId, token), null);
      assert.equal(await stateOf(engine, attemptId), 'running');
      await engine.executor.finish('file');
      await engine.settle();
    },
    dag('d', {}, (d) => d.task('file', sensor.file({ path: '/x' }))),
  );
});
