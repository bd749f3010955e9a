/** The report client against a real server: fences, lost connections, a restart in the middle. */
import assert from 'node:assert/strict';
import { startEmbedded } from '../../runtime/database/embedded.ts';
import { migrate } from '../../runtime/database/migrate.ts';
import { openPool } from '../../runtime/database/pool.ts';
import { workerUrl } from '../../src/model/databaseRoles.ts';
import { testDatabase, testServer, type TestDatabase } from '../../runtime/testing/database.ts';
import { SqlReportClient } from '../../runtime/worker/report.ts';
import { backoff, isPassing } from '../../runtime/worker/reconnect.ts';
import { launch, planTask, recorded } from './fixture.ts';

const task = planTask({
  operator: 'bash',
  references: {
    xcoms: [{ kind: 'xcom', task: 'load', key: 'return_value' }],
    variables: ['bucket'],
    connections: [],
  },
});

describe('report client', () => {
  let db: TestDatabase;
  let client: SqlReportClient;
  before(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO podline.variable (key, value) VALUES ('bucket', '"raw"')`);
  });
  after(() => db.drop());
  beforeEach(() => {
    client = new SqlReportClient({ url: db.workerUrl });
  });
  afterEach(() => client.close());

  it('claims once, and the secret opens everything after', async () => {
    const launched = await launch(db, task, { xcoms: [{ task: 'load', value: [1] }] });
    const { attemptId, token } = launched;
    assert.equal(await client.claim(attemptId, Buffer.from('wrong'), 'h', {}), null);
    const claim = await client.claim(attemptId, token, 'h', { pid: 1 });
    assert.ok(claim);
    assert.equal(await client.claim(attemptId, token, 'h', {}), null);
    const { assignment, secret } = claim;
    assert.equal(assignment.task.id, 'work');
    assert.deepEqual(assignment.xcoms, [
      { task: 'load', key: 'return_value', mapIndex: -1, value: [1] },
    ]);
    assert.deepEqual(assignment.variables, { bucket: 'raw' });

    const wrong = Buffer.alloc(32);
    assert.equal(await client.heartbeat(attemptId, wrong), false);
    assert.equal(await client.pushXCom(attemptId, wrong, 'k', 1), false);
    assert.equal(await client.appendLog(attemptId, wrong, 0, Buffer.from('x')), false);
    assert.equal(await client.finish(attemptId, wrong, { state: 'success' }, 0, wrong), 'stale');

    assert.equal(await client.heartbeat(attemptId, secret), true);
    assert.equal(await client.pushXCom(attemptId, secret, 'k', { a: 1 }), true);
    assert.deepEqual(await client.pullXCom(attemptId, secret, 'work', 'k'), [
      { mapIndex: -1, value: { a: 1 } },
    ]);
    assert.equal(await client.appendLog(attemptId, secret, 0, Buffer.from('one ')), true);
    await client.appendLog(attemptId, secret, 0, Buffer.from('one '));
    const end = { state: 'success' as const, xcom: [1, 2], mapLength: 2 };
    assert.equal(await client.finish(attemptId, secret, end, 1, Buffer.from('two')), 'recorded');
    assert.equal(await client.finish(attemptId, secret, end, 1, Buffer.from('two')), 'duplicate');
    const row = await recorded(db, launched);
    assert.deepEqual([row.state, row.xcom, row.log], ['success', [1, 2], 'one two']);
  });

  it('may do nothing but the report functions', async () => {
    const pool = openPool(db.workerUrl, { max: 1 });
    try {
      for (const sql of ['SELECT * FROM podline.run', 'SELECT podline.put_event(1,1,1,$$x$$)']) {
        await assert.rejects(pool.query(sql), /permission denied/);
      }
    } finally {
      await pool.end();
    }
  });

  it('holds no connection while it is idle, and opens one again', async () => {
    const short = new SqlReportClient({ url: db.workerUrl, idleMs: 1 });
    const connections = async () => {
      const { rows } = await db.pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'podline worker'`,
      );
      return rows[0]?.n;
    };
    await client.close();
    await short.heartbeat(1, Buffer.alloc(32));
    while ((await connections()) !== 0);
    assert.equal(await short.heartbeat(1, Buffer.alloc(32)), false);
    await short.close();
  });

  it('survives the end of its connection by the server', async () => {
    const launched = await launch(db, task);
    const claim = await client.claim(launched.attemptId, launched.token, 'h', {});
    assert.ok(claim);
    await db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'podline worker'`,
    );
    assert.equal(await client.heartbeat(launched.attemptId, claim.secret), true);
  });

  it('waits until a restarted server is back, and finishes once', async function () {
    this.timeout(60_000);
    const { server, folder } = await testServer();
    await migrate(server.url);
    const pool = openPool(server.url);
    const own: TestDatabase = { ...db, url: server.url, workerUrl: workerUrl(server.url), pool };
    const launched = await launch(own, task);
    const patient = new SqlReportClient({ url: own.workerUrl });
    const claim = await patient.claim(launched.attemptId, launched.token, 'h', {});
    assert.ok(claim);
    await server.stop();
    const finishing = patient.finish(
      launched.attemptId,
      claim.secret,
      { state: 'success', xcom: 'kept' },
      0,
      Buffer.from('log'),
    );
    const again = await startEmbedded({
      folder,
      unsafe: true,
    });
    assert.equal(await finishing, 'recorded');
    assert.equal((await recorded(own, launched)).xcom, 'kept');
    await patient.close();
    await pool.end();
    await again.stop();
  });

  it('gives up after its grace when nobody answers', async () => {
    const lost = new SqlReportClient({ url: 'postgresql://u:p@127.0.0.1:1/db', graceMs: 300 });
    await assert.rejects(
      lost.finish(1, Buffer.alloc(32), { state: 'success' }, 0, Buffer.alloc(0)),
      {
        code: 'ECONNREFUSED',
      },
    );
    await lost.close();
  });
});

describe('reconnecting', () => {
  it('tells passing errors from lasting ones', () => {
    const error = (code: string) => Object.assign(new Error('x'), { code });
    for (const code of ['ECONNREFUSED', '57P01', '57P03', '08006', '53300', '40P01']) {
      assert.equal(isPassing(error(code)), true, code);
    }
    for (const code of ['PL003', '22P05', '42501', '28P01']) {
      assert.equal(isPassing(error(code)), false, code);
    }
    assert.equal(isPassing(new Error('Connection terminated unexpectedly')), true);
    assert.equal(isPassing(new AggregateError([error('ECONNREFUSED')])), true);
  });

  it('waits longer each time, up to 5 s, half of it random', () => {
    assert.deepEqual(
      [0, 1, 2].map((n) => backoff(n, () => 1)),
      [50, 100, 200],
    );
    assert.equal(
      backoff(50, () => 1),
      5000,
    );
    assert.equal(
      backoff(50, () => 0),
      2500,
    );
  });
});
