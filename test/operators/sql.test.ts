/** sql and sensor.sql on a real PostgreSQL, and the cutting of scripts into statements. */
import assert from 'node:assert/strict';
import { parseConnection } from '../../src/connections/connection.ts';
import { testConnection } from '../../runtime/connections/testConnection.ts';
import { splitStatements } from '../../runtime/operators/sqlStatements.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { Stop } from '../../runtime/worker/stop.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { operate, type Operation } from './operate.ts';

describe('sql', () => {
  let db: TestDatabase;
  before(async () => {
    db = await testDatabase();
    await db.pool.query('CREATE TABLE public.sales (id int, amount numeric)');
  });
  after(() => db.drop());

  const sql = (text: string, config: JsonObject = {}, more: Partial<Operation> = {}) =>
    operate({
      task: {
        operator: 'sql',
        config: { connection: 'db', script: { text, file: 'sql/sales.sql' }, ...config },
      },
      connections: { db: db.url },
      ...more,
    });

  it('runs a script in one transaction and tells of each statement', async () => {
    const { outcome, log } = await sql(`
      -- a comment; with a semicolon
      INSERT INTO sales VALUES (1, 10.50), (2, 'NaN');
      CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n * 2; END; $$;
      DO $$ BEGIN RAISE NOTICE 'halfway'; END $$;
      SELECT 1;
    `);
    assert.equal(outcome.state, 'success', outcome.message);
    assert.equal(outcome.xcom, null);
    assert.match(log, /statement 1 of 4 \(line 3\): INSERT, 2 rows, \d/);
    assert.match(log, /NOTICE: halfway/);
  });

  it('undoes everything when one statement fails, and names file, line and hint', async () => {
    const { outcome } = await sql(
      `INSERT INTO sales VALUES (100, 1);\n\nSELECT amount,\n  amuont FROM sales;`,
    );
    assert.deepEqual([outcome.state, outcome.cause], ['failed', 'error']);
    assert.match(
      outcome.message ?? '',
      /^sql\/sales\.sql:4: column "amuont" does not exist \(42703\).*Hint/,
    );
    const { rowCount } = await db.pool.query('SELECT FROM sales WHERE id = 100');
    assert.equal(rowCount, 0);
  });

  it('gives rows as JSON', async () => {
    const { outcome } = await sql(
      `SELECT 1 AS i, 9007199254740993::bigint AS big, count(*) AS n, 1.5::numeric AS num,
              '2026-03-29'::date AS day, '2026-03-29 02:30'::timestamp AS t,
              '2026-03-29 02:30+02'::timestamptz AS tz, '{"a":[1]}'::jsonb AS j, ARRAY[1,2] AS list,
              'x'::bytea AS bytes, NULL AS nothing, true AS yes, 'NaN'::float8 AS nan, '1 day'::interval AS d
         FROM generate_series(1, 3)`,
      { rows: 'first' },
    );
    assert.deepEqual(outcome.xcom, {
      i: 1,
      big: '9007199254740993',
      n: 3,
      num: 1.5,
      day: '2026-03-29',
      t: '2026-03-29T02:30:00',
      tz: '2026-03-29T00:30:00.000Z',
      j: { a: [1] },
      list: [1, 2],
      bytes: 'eA==',
      nothing: null,
      yes: true,
      nan: 'NaN',
      d: '1 day',
    });
    assert.equal((await sql('SELECT 1 WHERE false', { rows: 'first' })).outcome.xcom, null);
    const all = await sql('SELECT generate_series(1, 3) AS n', { rows: 'all' });
    assert.deepEqual(all.outcome.xcom, [{ n: 1 }, { n: 2 }, { n: 3 }]);
    assert.equal(all.outcome.mapLength, 3);
  });

  it('hands parameters to the statements that name them, also from inputs', async () => {
    const { outcome } = await sql(
      `CREATE TEMP TABLE t AS SELECT 1;
       SELECT $1::text AS a, $2::int AS b, $3::jsonb AS c;`,
      { rows: 'first', parameters: ["'; DROP TABLE sales; --", { $input: 'n' }, { deep: [1] }] },
      {
        task: {
          operator: 'sql',
          inputs: { n: { kind: 'literal', value: 5 } },
          config: {
            connection: 'db',
            rows: 'first',
            parameters: ["'; DROP TABLE sales; --", { $input: 'n' }, { deep: [1] }],
            script: {
              text: `CREATE TEMP TABLE t AS SELECT 1; SELECT $1::text AS a, $2::int AS b, $3::jsonb AS c;`,
            },
          },
        },
      },
    );
    assert.deepEqual(outcome.xcom, { a: "'; DROP TABLE sales; --", b: 5, c: { deep: [1] } });
    const few = await sql('SELECT $2', { parameters: [1] });
    assert.match(few.outcome.message ?? '', /names \$2 and has 1 parameters/);
  });

  it('refuses more rows than its limit and does not hold a huge result', async function () {
    this.timeout(60_000);
    const few = await sql('SELECT generate_series(1, 11)', { rows: 'all', limit: 10 });
    assert.match(few.outcome.message ?? '', /gives 11 rows, more than its limit of 10/);
    const before = process.memoryUsage().rss;
    const { outcome } = await sql(`SELECT repeat('x', 1000) FROM generate_series(1, 300000)`);
    assert.equal(outcome.state, 'success');
    assert.ok(process.memoryUsage().rss - before < 150e6);
  });

  it('cancels the running statement on the server', async () => {
    const stop = new Stop();
    const working = sql('SELECT pg_sleep(300)', {}, { stop });
    const sleeping = async () => {
      const { rowCount } = await db.pool.query(
        `SELECT FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)' AND state = 'active'`,
      );
      return rowCount === 1;
    };
    while (!(await sleeping()));
    stop.request('timeout');
    const { outcome } = await working;
    assert.equal(outcome.cause, 'timeout');
    while (await sleeping());
  });

  it('says that the connection fails, without its password', async () => {
    const url = new URL(db.url);
    url.password = 'hunter22';
    const { outcome, log } = await sql('SELECT 1', {}, { connections: { db: url.href } });
    assert.match(outcome.message ?? '', /password authentication failed/);
    assert.ok(!log.includes('hunter22'));
    const test = await testConnection(parseConnection('db', url.href));
    assert.deepEqual([test.ok, /hunter22/.test(test.message)], [false, false]);
    assert.match((await testConnection(parseConnection('db', db.url))).message, /^PostgreSQL 1\d/);
  });

  it('sensor.sql waits until its value is true', async () => {
    const look = async (text: string, firstLookAt = '2026-03-02T00:00:00Z', softFail = false) => {
      const { outcome } = await operate({
        task: {
          operator: 'sensor.sql',
          config: { connection: 'db', script: { text } },
          sensor: { mode: 'poke', interval: 60, timeout: 600, softFail },
        },
        connections: { db: db.url },
        assignment: {
          now: '2026-03-02T00:05:00Z',
          instance: { id: 1, mapIndex: -1, firstLookAt },
        },
      });
      return outcome;
    };
    for (const value of ['NULL', 'false', '0', "''", '0::numeric', '1 WHERE false']) {
      assert.deepEqual(await look(`SELECT ${value}`), { state: 'waiting', delay: 60 }, value);
    }
    for (const value of ['true', '1', "'no'", 'now()']) {
      assert.equal((await look(`SELECT ${value}`)).state, 'success', value);
    }
    const near = await look('SELECT false', '2026-03-01T23:55:30Z');
    assert.ok(near.state === 'waiting' && near.delay! <= 30 && near.delay! > 25);
    const late = '2026-03-01T23:00:00Z';
    assert.equal((await look('SELECT false', late)).cause, 'sensor_timeout');
    assert.equal((await look('SELECT false', late, true)).state, 'skipped');
    assert.equal((await look('SELECT true', late)).state, 'success');
  });
});

describe('statements of a script', () => {
  const texts = (script: string) => splitStatements(script).map(({ text }) => text);
  const cases: [string, string, string[]][] = [
    [
      'strings and names',
      `SELECT 'a;b', "c;d", 'it''s;'; SELECT 2`,
      [`SELECT 'a;b', "c;d", 'it''s;'`, 'SELECT 2'],
    ],
    ['escape strings', `SELECT E'a\\';b'; SELECT 2`, [`SELECT E'a\\';b'`, 'SELECT 2']],
    ['dollar quotes', 'DO $x$ a; $$ ; $$ $x$; SELECT 1', ['DO $x$ a; $$ ; $$ $x$', 'SELECT 1']],
    [
      'nested comments',
      '/* a; /* b; */ c; */ SELECT 1; -- d;\n SELECT 2',
      ['SELECT 1', 'SELECT 2'],
    ],
    [
      'BEGIN ATOMIC',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3',
      [
        'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
        'SELECT 3',
      ],
    ],
    ['nothing', ' ; ;; -- only a comment', []],
    ['an open end', `SELECT 'open; SELECT 2`, [`SELECT 'open; SELECT 2`]],
  ];
  for (const [name, script, expected] of cases) {
    it(name, () => {
      assert.deepEqual(texts(script), expected);
    });
  }

  it('know their line and their parameters, not those in strings', () => {
    assert.deepEqual(splitStatements(`SELECT 1;\n\nSELECT $2, '$9', $$ $8 $$;`), [
      { text: 'SELECT 1', line: 1, parameters: 0 },
      { text: `SELECT $2, '$9', $$ $8 $$`, line: 3, parameters: 2 },
    ]);
  });
});
