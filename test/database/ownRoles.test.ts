/** The roles beside the owner: what follows from a connection string, and who has to make them on a real server. */
import assert from 'node:assert/strict';
import type { Client } from 'pg';
import { migrate } from '../../runtime/database/migrate.ts';
import { HOT_SETTINGS, openClient } from '../../runtime/database/pool.ts';
import { roleStatements } from '../../runtime/database/roles.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import { databaseRole, poolUrl, workerUrl } from '../../src/model/databaseRoles.ts';

describe('the roles that follow from the owner', () => {
  const owner = 'postgresql://owner:s%40cret@db.example.com:5433/etl';

  it('have a name of the database, and passwords that only the owner’s tells', () => {
    const worker = databaseRole('worker', owner);
    const pool = databaseRole('pool', owner);
    assert.deepEqual([worker.name, pool.name], ['podline_worker_etl', 'podline_pool_etl']);
    assert.match(worker.password, /^[0-9a-f]{64}$/);
    const others = [owner.replace('s%40cret', 'other'), owner.replace('/etl', '/etl2')];
    const passwords = [worker, pool, ...others.map((url) => databaseRole('worker', url))];
    assert.equal(new Set(passwords.map(({ password }) => password)).size, 4);
    assert.equal(databaseRole('worker', owner).password, worker.password);
    assert.equal(
      worker.url,
      `postgresql://podline_worker_etl:${worker.password}@db.example.com:5433/etl`,
    );
  });

  it('are the same wherever the server is reached', () => {
    const elsewhere = owner.replace('db.example.com:5433', 'pooler.etl.svc:6432');
    assert.equal(databaseRole('pool', elsewhere).password, databaseRole('pool', owner).password);
  });

  it('keep the options of the connection string as they are', () => {
    for (const options of [
      '?sslmode=require',
      '?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.crt',
      '?options=-c%20search_path%3Dx',
    ]) {
      for (const url of [workerUrl(`${owner}${options}`), poolUrl(`${owner}${options}`)]) {
        assert.ok(url.endsWith(`/etl${options}`), url);
      }
    }
  });

  it('never hand on the login of the owner, wherever it stands', () => {
    const asOptions =
      'postgresql://db.example.com:5433/etl?sslmode=require&user=owner&password=s%40cret';
    assert.equal(workerUrl(asOptions), `${workerUrl(owner)}?sslmode=require`);
    const socket = new URL(
      workerUrl('postgresql:///etl?host=/run/postgresql&user=owner&password=s%40cret'),
    );
    assert.equal(socket.searchParams.get('user'), 'podline_worker_etl');
    assert.equal(socket.searchParams.get('host'), '/run/postgresql');
    assert.equal(socket.searchParams.get('password'), databaseRole('worker', owner).password);
  });

  it('have names of at most 63 bytes, never two alike', () => {
    const names = ['a', 'b'].map((end) => {
      return databaseRole('worker', `postgresql://o:p@h/${'ü'.repeat(40)}${end}`).name;
    });
    assert.ok(names.every((name) => Buffer.byteLength(name) <= 63));
    assert.notEqual(names[0], names[1]);
  });

  it('need a connection string, and say so without showing what was given', () => {
    assert.throws(
      () => workerUrl('host=db password=hidden'),
      (error: { code?: string; message: string }) =>
        error.code === 'config.bad_value' && !error.message.includes('hidden'),
    );
  });
});

describe('migrating as', () => {
  let test: TestDatabase;
  let admin: Client;
  let count = 0;
  before(async () => {
    test = await testDatabase();
    admin = await openClient(test.server.url, 'podline-test');
  });
  after(async () => {
    await admin.end();
    await test.drop();
  });

  /** A login with a new database of its own. */
  async function owner(attributes: string): Promise<string> {
    const name = `own_${process.pid}_${++count}`;
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret' ${attributes}`);
    await admin.query(`CREATE DATABASE ${name} OWNER ${name} TEMPLATE template0`);
    const url = new URL(test.server.url);
    url.username = name;
    url.password = 'secret';
    url.pathname = `/${name}`;
    return url.href;
  }

  async function makeRoles(url: string): Promise<void> {
    for (const statement of roleStatements(url)) await admin.query(statement);
  }

  /** Logs in as the role and asks for what it is there for. */
  async function works(url: string): Promise<void> {
    const worker = await openClient(workerUrl(url), 'podline-test');
    const pool = await openClient(poolUrl(url), 'podline-test');
    try {
      const sql = `SELECT report.claim(1, '\\x00', '\\x00', 'here', '{}', 60) AS answer`;
      assert.deepEqual((await worker.query(sql)).rows, [{ answer: null }]);
      assert.deepEqual((await pool.query(`SELECT pool.depth('x') AS n`)).rows, [{ n: 0 }]);
      for (const client of [worker, pool]) {
        for (const [setting, value] of Object.entries(HOT_SETTINGS)) {
          const { rows } = await client.query('SELECT current_setting($1) AS value', [setting]);
          assert.deepEqual(rows, [{ value }], setting);
        }
      }
      await assert.rejects(worker.query('SELECT * FROM podline.run'), { code: '42501' });
    } finally {
      await worker.end();
      await pool.end();
    }
  }

  /** Every row that a migration could write about roles and rights, with the transaction that wrote it. */
  async function writes(url: string): Promise<unknown[]> {
    const client = await openClient(url, 'podline-test');
    const { rows } = await client.query<Record<string, string>>(
      `SELECT 'p' || oid AS what, xmin::text FROM pg_proc WHERE pronamespace IN ('report'::regnamespace, 'pool'::regnamespace)
       UNION ALL SELECT 'n' || oid, xmin::text FROM pg_namespace WHERE nspname IN ('report', 'pool')
       UNION ALL SELECT 'd' || oid, xmin::text FROM pg_database WHERE datname = current_database() ORDER BY 1`,
    );
    await client.end();
    return rows;
  }

  it('an owner with CREATEROLE makes the roles, and brings them up to date again', async () => {
    const url = await owner('CREATEROLE');
    await migrate(url);
    await works(url);
    await admin.query(`ALTER ROLE ${databaseRole('worker', url).name} PASSWORD 'lost'`);
    const before = await writes(url);
    await migrate(url);
    await works(url);
    assert.deepEqual(await writes(url), before, 'rights that are there are not granted again');
  });

  it('an owner without CREATEROLE is told what is missing', async () => {
    const url = await owner('NOCREATEROLE');
    await assert.rejects(migrate(url), (error: { code?: string; message: string }) => {
      assert.equal(error.code, 'database.roles_missing');
      assert.match(error.message, /"podline_worker_own_\w+" and "podline_pool_own_\w+"/);
      assert.match(error.message, /podline db roles/);
      assert.doesNotMatch(error.message, /[0-9a-f]{64}|secret/);
      return true;
    });
    const [first = ''] = roleStatements(url);
    await admin.query(first);
    await assert.rejects(migrate(url), (error: { message: string }) => {
      assert.doesNotMatch(error.message, /podline_worker_/);
      return /podline_pool_/.test(error.message);
    });
  });

  it('an owner without CREATEROLE takes the roles that an administrator made, and grants', async () => {
    const url = await owner('NOCREATEROLE');
    await makeRoles(url);
    await migrate(url);
    await works(url);
    const before = await writes(url);
    await migrate(url);
    assert.deepEqual(await writes(url), before);
  });

  it('an owner with CREATEROLE takes roles that it may not change', async () => {
    const url = await owner('CREATEROLE');
    await makeRoles(url);
    await migrate(url);
    await works(url);
  });

  it('an owner who may not change them refuses roles with another password, or with rights', async () => {
    const url = await owner('NOCREATEROLE');
    await makeRoles(url);
    const { name, password } = databaseRole('pool', url);
    const refused = (words: RegExp) =>
      assert.rejects(migrate(url), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'database.role_unusable');
        assert.match(error.message, words);
        return error.message.includes(name) && !error.message.includes(password);
      });
    await admin.query(`ALTER ROLE ${name} PASSWORD 'other'`);
    await refused(/cannot log in/);
    await admin.query(`ALTER ROLE ${name} PASSWORD '${password}' NOLOGIN`);
    await refused(/cannot log in/);
    await admin.query(`ALTER ROLE ${name} LOGIN CREATEDB`);
    await refused(/it has CREATEDB/);
    await admin.query(`ALTER ROLE ${name} NOCREATEDB`);
    await migrate(url);
    await works(url);
  });

  it('a database that nobody may enter unasked lets the roles in', async () => {
    const url = await owner('NOCREATEROLE');
    await makeRoles(url);
    await admin.query(`REVOKE CONNECT ON DATABASE ${new URL(url).pathname.slice(1)} FROM PUBLIC`);
    await migrate(url);
    await works(url);
  });
});
