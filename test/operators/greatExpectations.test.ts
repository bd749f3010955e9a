/** greatExpectations with the real Python package, over PostgreSQL and CSV, and without the package. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { greatExpectations, needs } from '../tools/tools.ts';
import { operate } from './operate.ts';

const notNull = { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } };
const between = {
  type: 'expect_column_values_to_be_between',
  kwargs: { column: 'amount', min_value: 0, max_value: 100 },
};

describe('greatExpectations, with the real package', function () {
  this.timeout(120_000);
  let db: TestDatabase | undefined;
  let folder: string;
  before(async function () {
    await needs(this, greatExpectations);
    db = await testDatabase();
    await db.pool.query(
      'CREATE TABLE public.sales AS SELECT i AS id, i * 10 AS amount FROM generate_series(1, 5) i',
    );
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-gx-'));
    await writeFile(path.join(folder, 'sales.csv'), 'id,amount\n1,50\n2,500\n,5\n');
  });
  after(async () => {
    await db?.drop();
    if (db) await rm(folder, { recursive: true });
  });

  const check = (config: JsonObject) =>
    operate({
      task: {
        operator: 'greatExpectations',
        config: { python: greatExpectations.program, ...config },
      },
      connections: { db: db?.url ?? '' },
    });

  it('passes a table and a query, with the suite in a file', async () => {
    const table = await check({
      connection: 'db',
      table: 'public.sales',
      expectations: [notNull, between],
    });
    assert.deepEqual(table.outcome.xcom, { success: true, evaluated: 2, failed: 0 }, table.log);
    const suite = { file: 'suite.json', text: JSON.stringify({ expectations: [between] }) };
    const query = await check({
      connection: 'db',
      query: 'SELECT * FROM sales WHERE id < 3',
      suite,
    });
    assert.deepEqual(query.outcome.xcom, { success: true, evaluated: 1, failed: 0 }, query.log);
    assert.ok(!query.log.includes(new URL(db!.url).password));
  });

  it('fails a CSV file with cause check_failed, and says what was found', async () => {
    const csv = path.join(folder, 'sales.csv');
    const { outcome, log } = await check({ csv, expectations: [notNull, between] });
    assert.deepEqual([outcome.state, outcome.cause], ['failed', 'check_failed'], log);
    assert.match(outcome.message ?? '', /2 of 2 expectations: expect_column_values_to_not_be_null/);
    assert.match(log, /^FAIL expect_column_values_to_be_between/m);
  });

  it('names an expectation that does not exist, and a file that does not exist', async () => {
    const unknown = await check({
      csv: path.join(folder, 'sales.csv'),
      expectations: [{ type: 'expect_wonders' }],
    });
    assert.equal(unknown.outcome.cause, 'exit_code');
    assert.match(unknown.log, /expect_wonders/);
    const missing = await check({ csv: '/no/such.csv', expectations: [notNull] });
    assert.match(missing.log, /no\/such\.csv/);
  });
});

describe('greatExpectations, without the package', () => {
  it('says what to install', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'podline-nogx-'));
    await writeFile(
      path.join(folder, 'great_expectations.py'),
      'raise ImportError("no package")\n',
    );
    const { outcome } = await operate({
      task: {
        operator: 'greatExpectations',
        config: { csv: 'x', expectations: [] },
        // Hides the package where it is installed.
        env: { PYTHONPATH: folder },
      },
    });
    await rm(folder, { recursive: true });
    assert.match(outcome.message ?? '', /task\.missing_program.*great_expectations/);
  });
});
