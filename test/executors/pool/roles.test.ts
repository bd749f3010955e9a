/** The role of pools can execute the functions of schema `pool`, each fenced by the worker's secret, and nothing else. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { type Database, openPool } from '../../../runtime/database/pool.ts';
import { poolUrl } from '../../../src/model/databaseRoles.ts';
import { poolBoard } from '../../../runtime/executors/pool/poolBoard.ts';
import { type TestDatabase, testDatabase } from '../../../runtime/testing/database.ts';
import { launch, planTask } from '../../worker/fixture.ts';

describe('pool role', () => {
  let test: TestDatabase;
  let role: Database;
  before(async () => {
    test = await testDatabase();
    role = openPool(poolUrl(test.url), { max: 1 });
  });
  after(async () => {
    await role.end();
    await test.drop();
  });

  const refused = async (sql: string) => {
    await assert.rejects(
      role.query(sql),
      (error: { code?: string }) => error.code === '42501',
      sql,
    );
  };

  const worker = (id: string) => ({
    id,
    kind: 'pool' as const,
    host: 'here',
    pid: 1,
    lockKey: 1,
    executors: [],
    slots: 2,
    version: '0',
  });

  /** A queued instance of an executor; its id. */
  async function queued(executor: string): Promise<number> {
    const made = await launch(test, planTask({ operator: 'bash' }));
    await test.pool.query('DELETE FROM podline.attempt WHERE id = $1', [made.attemptId]);
    await test.pool.query('ALTER TABLE podline.task_instance DISABLE TRIGGER task_instance_move');
    await test.pool.query(
      `UPDATE podline.task_instance SET state = 'queued', executor = $2, attempt_id = NULL WHERE id = $1`,
      [made.instanceId, executor],
    );
    await test.pool.query('ALTER TABLE podline.task_instance ENABLE TRIGGER task_instance_move');
    return made.instanceId;
  }

  const attemptState = async (id: number) => {
    const { rows } = await test.pool.query<{ state: string; cause: string | null }>(
      'SELECT state, cause FROM podline.attempt WHERE id = $1',
      [id],
    );
    return rows[0];
  };

  it('cannot read or write a single table, and sees nothing of the reports', async () => {
    const { rows } = await test.pool.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
        WHERE table_schema IN ('podline', 'public') AND table_name !~ '^pg_'`,
    );
    assert.ok(rows.length > 15);
    for (const { name } of rows) {
      await refused(`SELECT * FROM ${name}`);
      await refused(`DELETE FROM ${name}`);
      await refused(`TRUNCATE ${name}`);
      await refused(`INSERT INTO ${name} DEFAULT VALUES`);
    }
    await refused(`SELECT report.claim(1, '\\x00', '\\x00', 'here', '{}', 60)`);
    await refused(`SELECT report.finish(1, '\\x00', '{"state": "success"}', 0, '')`);
    await refused(`SELECT podline.put_event(1, 1, 1, 'ended')`);
    await refused(`SELECT podline.pool_of('a', '\\x00')`);
    await refused('SELECT podline.now()');
  });

  it('cannot make, change or become anything', async () => {
    await refused('CREATE TABLE pool.mine (x int)');
    await refused('CREATE SCHEMA mine');
    await refused('CREATE ROLE mine');
    await refused('ALTER ROLE CURRENT_USER SUPERUSER');
    await refused(`SET ROLE ${decodeURIComponent(new URL(test.url).username)}`);
    await refused(`SET ROLE ${decodeURIComponent(new URL(test.workerUrl).username)}`);
    await refused(`CREATE OR REPLACE FUNCTION pool.take() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
    await assert.rejects(role.query('DROP FUNCTION pool.version'));
    await refused(`COPY (SELECT 1) TO PROGRAM 'true'`);
    const { rows } = await test.pool.query<{ name: string }>(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'pool' AND (NOT p.prosecdef OR NOT coalesce(p.proconfig::text, '') LIKE '%search_path%')`,
    );
    assert.deepEqual(rows, [], 'functions without a search path of their own');
  });

  it('takes work of the pool that it registered for, of no other executor', async () => {
    const mine = await queued('pool:blue');
    await queued('pool:red');
    await queued('local');
    await queued('kubernetes');
    const board = poolBoard(role, 'blue');
    await board.register(worker('blue-1'));
    const taken = await board.take('blue-1', 10);
    assert.equal(taken.length, 1);
    const { rows } = await test.pool.query<{
      instance_id: number;
      worker_id: string;
      same: boolean;
    }>(
      `SELECT instance_id, worker_id, token_hash = sha256($2) AS same FROM podline.attempt WHERE id = $1`,
      [taken[0]?.attemptId, taken[0]?.token],
    );
    assert.deepEqual(rows, [{ instance_id: mine, worker_id: 'blue-1', same: true }]);
    assert.deepEqual(await board.take('blue-1', 10), []);
    assert.equal((await board.beat('blue-1')).waiting, false);
    for (const pool of ['', 'a:b', "x'; DROP", 'a'.repeat(64)]) {
      await assert.rejects(poolBoard(role, pool).register(worker('odd')), { code: 'PL005' });
    }
  });

  it('can do nothing for a worker without its secret, nor to attempts of others', async () => {
    await queued('pool:fence');
    await queued('pool:fence');
    const board = poolBoard(role, 'fence');
    await board.register(worker('fence-1'));
    const other = poolBoard(role, 'fence');
    await other.register(worker('fence-2'));
    const [held] = await board.take('fence-1', 1);
    assert.ok(held);
    const end = { attemptId: held.attemptId, cause: 'oom', message: '' };

    // A stranger: right id, wrong secret.
    assert.equal((await other.beat('fence-1')).alive, false);
    assert.deepEqual(await other.take('fence-1', 5), []);
    await other.endAttempts('fence-1', [end]);
    await other.unregister('fence-1');
    // A neighbour in the same pool, by its own right.
    await other.endAttempts('fence-2', [end]);
    await other.markGone('fence-2', [held.attemptId]);
    assert.deepEqual(await attemptState(held.attemptId), { state: 'launching', cause: null });
    assert.deepEqual((await board.beat('fence-1')).expected, [held.attemptId]);
    // An attempt at work is not gone because its worker says so.
    await board.markGone('fence-1', [held.attemptId]);
    assert.deepEqual((await board.beat('fence-1')).expected, [held.attemptId]);
    // A name that is taken stays with who has it.
    await assert.rejects(other.register(worker('fence-1')), { code: '23505' });
    await assert.rejects(board.endAttempts('fence-1', [{ ...end, cause: 'success' }]), {
      code: 'PL005',
    });

    await board.endAttempts('fence-1', [end]);
    assert.deepEqual(await attemptState(held.attemptId), { state: 'failed', cause: 'oom' });
    await board.unregister('fence-1');
    assert.equal((await board.beat('fence-1')).alive, false);
    assert.deepEqual(await board.take('fence-1', 5), [], 'who left takes nothing');
  });

  it('does not pass for a scheduler', async () => {
    const secret = randomBytes(32);
    await test.pool.query(
      `INSERT INTO podline.worker (id, kind, host, pid, lock_key, executors, secret_hash)
       VALUES ('s-1', 'scheduler', 'here', 1, 2, '{local}', $1)`,
      [createHash('sha256').update(secret).digest()],
    );
    const { rows } = await role.query('SELECT alive FROM pool.beat($1, $2)', ['s-1', secret]);
    assert.deepEqual(rows, [{ alive: false }]);
  });

  it('counts the tasks of a pool, at most as many as asked for', async () => {
    for (let i = 0; i < 3; i += 1) await queued('pool:deep');
    const board = poolBoard(role, 'deep');
    await board.register(worker('deep-1'));
    await board.take('deep-1', 1);
    const depth = async (sql: string) => (await role.query<{ n: number }>(sql)).rows[0]?.n;
    assert.equal(await depth(`SELECT pool.depth('deep') AS n`), 3);
    assert.equal(await depth(`SELECT pool.depth('deep', 2) AS n`), 2);
    assert.equal(await depth(`SELECT pool.depth('nobody') AS n`), 0);
  });
});
