/** The worker's role can execute the report functions and do nothing else at all. */
import assert from 'node:assert/strict';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';

describe('worker role', () => {
  let test: TestDatabase;
  let worker: Database;
  before(async () => {
    test = await testDatabase();
    worker = openPool(test.workerUrl, { max: 1 });
  });
  after(async () => {
    await worker.end();
    await test.drop();
  });

  const refused = async (sql: string) => {
    await assert.rejects(
      worker.query(sql),
      (error: { code?: string }) => error.code === '42501',
      sql,
    );
  };

  it('may call each report function, which tells a stranger nothing', async () => {
    const claim = await worker.query(
      `SELECT report.claim(1, '\\x00', '\\x00', 'here', '{}', 60) AS answer`,
    );
    assert.deepEqual(claim.rows, [{ answer: null }]);
    const finish = await worker.query(
      `SELECT report.finish(1, '\\x00', '{"state": "success"}', 0, '') AS answer`,
    );
    assert.deepEqual(finish.rows, [{ answer: 'stale' }]);
    const { rows } = await test.pool.query<{ name: string; allowed: boolean }>(
      `SELECT p.oid::regprocedure::text AS name, has_function_privilege($1, p.oid, 'EXECUTE') AS allowed
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'report'`,
      [decodeURIComponent(new URL(test.workerUrl).username)],
    );
    assert.ok(rows.length >= 7);
    assert.deepEqual(
      rows.filter(({ allowed }) => !allowed),
      [],
    );
  });

  it('cannot read or write a single table', async () => {
    const { rows } = await test.pool.query<{ name: string }>(
      `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema = 'podline'`,
    );
    assert.ok(rows.length > 15);
    for (const { name } of rows) {
      await refused(`SELECT * FROM ${name}`);
      await refused(`DELETE FROM ${name}`);
      await refused(`TRUNCATE ${name}`);
      await refused(`INSERT INTO ${name} DEFAULT VALUES`);
    }
  });

  it('cannot call the inner functions, nor look behind the outer ones', async () => {
    await refused(`SELECT podline.put_event(1, 1, 1, 'ended')`);
    await refused(`SELECT podline.attempt_of(1, '\\x00')`);
    await refused('SELECT podline.now()');
    await refused(
      `CREATE OR REPLACE FUNCTION report.claim() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    );
    await assert.rejects(worker.query('DROP FUNCTION report.heartbeat'));
  });

  it('cannot make, change or become anything', async () => {
    await refused('CREATE TABLE podline.mine (x int)');
    await refused('CREATE TABLE report.mine (x int)');
    await refused('CREATE SCHEMA mine');
    await refused('CREATE ROLE mine');
    await refused('ALTER ROLE CURRENT_USER SUPERUSER');
    await refused('CREATE DATABASE mine');
    await refused(`SET ROLE ${decodeURIComponent(new URL(test.url).username)}`);
    await refused(`SELECT pg_read_file('/etc/passwd')`);
    await refused(`COPY (SELECT 1) TO PROGRAM 'true'`);
  });

  it('cannot hide a function of its own from the report functions', async () => {
    // SECURITY DEFINER functions pin their search path: nothing of the caller is found.
    const { rows } = await test.pool.query<{ name: string }>(
      `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'report' AND (NOT p.prosecdef OR NOT coalesce(p.proconfig::text, '') LIKE '%search_path%')`,
    );
    assert.deepEqual(rows, []);
  });
});
