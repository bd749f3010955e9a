/** Migrations: again, by several at once, over a newer and an empty schema. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import { checkVersion, latestVersion, migrate } from '../../runtime/database/migrate.ts';
import { openClient, openPool } from '../../runtime/database/pool.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';

/** A new database without any schema, on the server of `test`. */
async function emptyDatabase(test: TestDatabase, name: string): Promise<string> {
  const admin = await openClient(test.server.url, 'podline-test');
  await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  await admin.end();
  const url = new URL(test.server.url);
  url.pathname = `/${name}`;
  return url.href;
}

/** All migrations before the one of the name. */
async function migrateUntil(url: string, name: string): Promise<void> {
  const dir = path.resolve(import.meta.dirname, '../../runtime/database/migrations');
  const names = (await fs.readdir(dir)).filter((file) => file.endsWith('.sql')).sort();
  const count = names.indexOf(`${name}.sql`);
  assert.ok(count > 0, `${name} is a migration`);
  const client = await openClient(url, 'podline-test');
  const options = { migrationsTable: 'podline_migration', log: () => {}, verbose: false };
  await runner({ dbClient: client, dir, direction: 'up', count, ...options });
  await client.end();
}

/** Every table, column, index, function and grant, as text. */
async function schemaOf(url: string): Promise<string> {
  const pool = openPool(url, { max: 1 });
  try {
    const { rows } = await pool.query<{ line: string }>(
      `SELECT table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
         FROM information_schema.columns WHERE table_schema IN ('podline', 'report')
       UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'podline'
       UNION ALL SELECT p.oid::regprocedure::text || md5(prosrc) FROM pg_proc p
         WHERE pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('podline', 'report'))
       ORDER BY 1`,
    );
    return rows.map(({ line }) => line).join('\n');
  } finally {
    await pool.end();
  }
}

describe('migrations', () => {
  let test: TestDatabase;
  before(async () => {
    test = await testDatabase();
  });
  after(() => test.drop());

  it('apply once; a second time changes nothing', async () => {
    const url = await emptyDatabase(test, `migrate_${process.pid}_a`);
    const first = await migrate(url);
    assert.ok(first.applied.length >= 2);
    assert.equal(first.version, await latestVersion());
    const schema = await schemaOf(url);
    assert.ok(schema.includes('podline.task_instance.state text NO'));
    const second = await migrate(url);
    assert.deepEqual(second.applied, []);
    assert.equal(await schemaOf(url), schema);
  });

  it('let a database that has people take the role of deployers', async () => {
    const url = await emptyDatabase(test, `migrate_${process.pid}_d`);
    await migrateUntil(url, '0014_deployer');
    const pool = openPool(url, { max: 1 });
    try {
      const give = (role: string) =>
        pool.query(
          `WITH one AS (SELECT id FROM podline.user WHERE name = 'grace')
           INSERT INTO podline.user_grant (user_id, role, dag_id) SELECT id, $1, $1 FROM one`,
          [role],
        );
      await pool.query(`INSERT INTO podline.user (name) VALUES ('grace')`);
      for (const role of ['viewer', 'operator', 'editor', 'admin']) await give(role);
      const isRefused = { code: '23514', constraint: 'user_grant_role_check' };
      await assert.rejects(give('deployer'), isRefused);
      const { applied } = await migrate(url);
      assert.equal(applied[0], '0014_deployer');
      await give('deployer');
      await assert.rejects(give('king'), isRefused);
      const { rows } = await pool.query('SELECT FROM podline.user_grant');
      assert.equal(rows.length, 5);
    } finally {
      await pool.end();
    }
  });

  it('number the versions of each DAG in the order in which they were made, and go on from there', async () => {
    const url = await emptyDatabase(test, `migrate_${process.pid}_n`);
    await migrateUntil(url, '0017_numbers');
    const pool = openPool(url, { max: 1 });
    try {
      const make = (dagId: string, hash: string) =>
        pool.query(`INSERT INTO podline.dag_version (dag_id, hash, plan) VALUES ($1, $2, '{}')`, [
          dagId,
          hash,
        ]);
      for (const dagId of ['sales', 'stock', 'none']) {
        await pool.query('INSERT INTO podline.dag (dag_id) VALUES ($1)', [dagId]);
      }
      for (const hash of ['z', 'y', 'x']) {
        await make('sales', hash);
        if (hash !== 'y') await make('stock', hash);
      }
      // A row that was written again lies behind the others.
      await pool.query(
        `UPDATE podline.dag_version SET plan = '{"tags": []}' WHERE dag_id = 'sales' AND hash = 'z'`,
      );
      await migrate(url);
      // As a Podline before this one registers.
      await make('stock', 'new');
      await make('none', 'first');
      const { rows } = await pool.query<{ numbers: string }>(
        `SELECT dag_id || ' ' || string_agg(hash || number, ' ' ORDER BY id) AS numbers
           FROM podline.dag_version GROUP BY dag_id ORDER BY dag_id`,
      );
      assert.deepEqual(
        rows.map(({ numbers }) => numbers),
        ['none first1', 'sales z1 y2 x3', 'stock z1 x2 new3'],
      );
      const twice = `UPDATE podline.dag_version SET number = 1 WHERE dag_id = 'sales' AND hash = 'y'`;
      const isRefused = { code: '23505', constraint: 'dag_version_dag_id_number_key' };
      await assert.rejects(pool.query(twice), isRefused);
    } finally {
      await pool.end();
    }
  });

  it('by several processes at once apply once', async () => {
    const url = await emptyDatabase(test, `migrate_${process.pid}_b`);
    const results = await Promise.allSettled([migrate(url), migrate(url), migrate(url)]);
    const failures = results.flatMap((each) =>
      each.status === 'rejected' ? [String(each.reason)] : [],
    );
    assert.deepEqual(failures, []);
    const applied = results.flatMap((each) =>
      each.status === 'fulfilled' ? each.value.applied : [],
    );
    assert.equal(new Set(applied).size, applied.length);
    const pool = openPool(url, { max: 1 });
    await checkVersion(pool);
    await pool.end();
  });

  it('a schema that is missing or too new is refused with both versions', async () => {
    const url = await emptyDatabase(test, `migrate_${process.pid}_c`);
    const pool = openPool(url, { max: 1 });
    try {
      const code = (expected: string) => (error: unknown) =>
        (error as { code?: string }).code === expected;
      await assert.rejects(checkVersion(pool), code('database.not_migrated'));
      await migrate(url);
      await checkVersion(pool);
      await pool.query(
        `INSERT INTO public.podline_migration (name, run_on) VALUES ('9999_from_the_future', now())`,
      );
      await assert.rejects(checkVersion(pool), code('database.too_new'));
    } finally {
      await pool.end();
    }
  });

  it('a server that is not there is a clear error without the password', async () => {
    const error: unknown = await migrate('postgres://me:secret@127.0.0.1:1/none').catch(
      (reason: unknown) => reason,
    );
    assert.equal((error as { code?: string }).code, 'database.unreachable');
    assert.ok(!String(error).includes('secret'));
  });
});
