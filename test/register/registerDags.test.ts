/** Registration of built DAGs on a real database. */
import assert from 'node:assert/strict';
import { type Dag, bash, dag } from 'podline/dag';
import type { BuildError, BuiltDag } from '../../runtime/build/types.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { mapItem } from '../../src/plan/mapping.ts';
import type { PlanTask } from '../../src/plan/plan.ts';

const folder = '/dags';

function built(value: Dag, file = `${value.id}.ts`, code?: string): BuiltDag {
  const plan = compile(value);
  const bundle =
    code === undefined
      ? null
      : { id: `bundle-${code}`, files: new Map([['code.mjs', Buffer.from(code)]]) };
  const source = `${folder}/${file}`;
  return { plan, source, bundle, hash: versionHash(plan, bundle?.id ?? null) };
}

function example(id: string, options: Parameters<typeof dag>[1] = {}, tasks = 2): Dag {
  return dag(id, options, (d) => {
    for (let index = 0; index < tasks; index++) d.task(`t${index}`, bash({ script: 'true' }));
  });
}

function broken(source: string): BuildError {
  const remedy = 'Correct it.';
  return { source, file: source, line: 3, column: 1, code: 'build.failed', message: 'no', remedy };
}

describe('registration', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  const register = (dags: BuiltDag[], errors: BuildError[] = [], managedBy = 'local') =>
    registerDags(database.pool, { folder, dags, errors }, { managedBy });

  async function row(dagId: string): Promise<Record<string, unknown>> {
    const { rows } = await database.pool.query('SELECT * FROM podline.dag WHERE dag_id = $1', [
      dagId,
    ]);
    assert.equal(rows.length, 1, `no row for ${dagId}`);
    return rows[0] as Record<string, unknown>;
  }

  async function count(sql: string, values: unknown[] = []): Promise<number> {
    const { rows } = await database.pool.query<{ n: string }>(
      `SELECT count(*) AS n ${sql}`,
      values,
    );
    return Number(rows[0]?.n);
  }

  /** Of the version that new runs start on. */
  async function currentNumber(dagId: string): Promise<number | undefined> {
    const { rows } = await database.pool.query<{ number: number }>(
      `SELECT v.number FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id WHERE d.dag_id = $1`,
      [dagId],
    );
    return rows[0]?.number;
  }

  it('keeps what people wrote as it was in the last registration, and makes no version of it', async () => {
    const sources = async () => {
      const { rows } = await database.pool.query<{ text: string }>(
        `SELECT s.path || ': ' || t.content AS text
           FROM podline.version_source s JOIN podline.source_text t ON t.hash = s.hash JOIN podline.dag_version v ON v.id = s.version_id
          WHERE v.dag_id = 'written' ORDER BY s.position`,
      );
      return rows.map(({ text }) => text);
    };
    const one = built(example('written'));
    const written = (...texts: [string, string][]) => ({ ...one, sources: new Map(texts) });
    const first = await register([written(['written.ts', '// 1'], ['a.ts', 'a'])]);
    assert.deepEqual(await sources(), ['written.ts: // 1', 'a.ts: a']);
    const second = await register([written(['written.ts', '// 2'], ['b.ts', 'b'])]);
    assert.deepEqual(await sources(), ['written.ts: // 2', 'b.ts: b']);
    assert.equal(second.dags[0]?.change, 'unchanged');
    assert.equal(second.dags[0].version, first.dags[0]?.version);
    // An older build does not know them: what is there stays.
    await register([one]);
    assert.deepEqual(await sources(), ['written.ts: // 2', 'b.ts: b']);
    assert.equal(await count("FROM podline.dag_version WHERE dag_id = 'written'"), 1);
  });

  it('writes dag, load, version, tasks in order, and bundle', async () => {
    const one = built(example('first', { maxActiveRuns: 3, maxActiveTasks: 5 }), 'first.ts', 'x');
    const result = await register([one]);
    assert.deepEqual(
      result.dags.map(({ dagId, change }) => [dagId, change]),
      [['first', 'new']],
    );
    const stored = await row('first');
    assert.equal(result.dags[0]?.version, 1);
    assert.equal(stored.source, '/dags/first.ts');
    assert.equal(stored.max_active_runs, 3);
    assert.equal(stored.max_active_tasks, 5);
    assert.equal(stored.next_run_at, null);
    assert.equal(await count('FROM podline.dag_load WHERE dag_id = $1', ['first']), 1);
    const tasks = await database.pool.query<{ task_id: string; position: number; spec: object }>(
      'SELECT task_id, position, spec FROM podline.plan_task WHERE version_id = $1 ORDER BY position',
      [stored.version_id],
    );
    assert.deepEqual(
      tasks.rows.map(({ spec }) => spec),
      one.plan.tasks,
    );
    assert.deepEqual(
      tasks.rows.map(({ task_id, position }) => [task_id, position]),
      [
        ['t0', 0],
        ['t1', 1],
      ],
    );
    const version = await database.pool.query<{ plan: Record<string, unknown> }>(
      'SELECT plan FROM podline.dag_version WHERE id = $1',
      [stored.version_id],
    );
    const { tasks: _tasks, ...head } = one.plan;
    assert.deepEqual(version.rows[0]?.plan, head);
    const files = await database.pool.query<{ path: string; content: Buffer }>(
      "SELECT path, content FROM podline.bundle_file WHERE bundle_id = 'bundle-x'",
    );
    assert.deepEqual(
      files.rows.map(({ path, content }) => [path, content.toString()]),
      [['code.mjs', 'x']],
    );
  });

  it('changes nothing when it is done again', async () => {
    const one = built(example('again'));
    await register([one]);
    const before = await row('again');
    const versions = await count('FROM podline.dag_version');
    const result = await register([one]);
    assert.equal(result.dags[0]?.change, 'unchanged');
    assert.deepEqual(await row('again'), before);
    assert.equal(await count('FROM podline.dag_version'), versions);
  });

  it('makes a new version for a change, and takes the old one back', async () => {
    const [one, two] = [built(example('back')), built(example('back', {}, 3))];
    const first = await register([one]);
    const second = await register([two]);
    assert.equal(second.dags[0]?.change, 'changed');
    assert.deepEqual([first.dags[0]?.version, second.dags[0].version], [1, 2]);
    const third = await register([one]);
    assert.equal(third.dags[0]?.change, 'changed');
    assert.equal(third.dags[0].version, 1);
    assert.equal(await currentNumber('back'), 1);
    const fourth = await register([built(example('back', {}, 4))]);
    assert.equal(fourth.dags[0]?.version, 3, 'the one that was taken back uses up no number');
    assert.equal((await register([built(example('beside'))])).dags[0]?.version, 1);
  });

  it('makes every DAG exactly once when several register at the same time', async () => {
    const dags = Array.from({ length: 5 }, (_, index) => built(example(`race${index}`)));
    const results = await Promise.all(Array.from({ length: 6 }, () => register(dags)));
    for (const { plan } of dags) {
      const changes = results.flatMap(({ dags }) =>
        dags.filter(({ dagId }) => dagId === plan.dagId).map(({ change }) => change),
      );
      assert.deepEqual(
        [changes.filter((change) => change === 'new').length, changes.length],
        [1, 6],
        plan.dagId,
      );
      assert.equal(await count('FROM podline.dag_version WHERE dag_id = $1', [plan.dagId]), 1);
    }
  });

  it('counts without a collision or a gap when several register different versions at once', async () => {
    await register([built(example('counted'))]);
    const others = [2, 3, 4, 5, 6, 7, 8, 9];
    // Each twice: whoever is second finds the version that the first one made.
    const results = await Promise.all(
      [...others, ...others].map((tasks) => register([built(example('counted', {}, tasks + 1))])),
    );
    const made = results.flatMap(({ dags }) => dags.map(({ version }) => version));
    const numbers = [2, 3, 4, 5, 6, 7, 8, 9];
    assert.deepEqual([...new Set(made)].sort(), numbers);
    assert.deepEqual(made.slice(0, others.length), made.slice(others.length));
    const { rows } = await database.pool.query<{ number: number }>(
      `SELECT number FROM podline.dag_version WHERE dag_id = 'counted' ORDER BY id`,
    );
    assert.deepEqual(
      rows.map(({ number }) => number),
      [1, ...numbers],
    );
  });

  it('gives the number back when the registration fails', async () => {
    await register([built(example('failing'))]);
    const nul = built(example('failing', {}, 3));
    nul.plan.tasks[0]!.description = 'no \0 in a database';
    await assert.rejects(register([nul]));
    const next = await register([built(example('failing', {}, 4))]);
    assert.equal(next.dags[0]?.version, 2);
  });

  it('writes the number of the version into the audit log', async () => {
    const dags = [built(example('noted'))];
    const build = { folder, dags, errors: [] };
    await registerDags(database.pool, build, { actor: 'ada' });
    const { rows } = await database.pool.query<{ details: unknown }>(
      `SELECT details FROM podline.audit WHERE actor = 'ada' AND subject = 'noted'`,
    );
    assert.deepEqual(rows[0]?.details, { managedBy: 'local', version: 1 });
  });

  it('sets the next tick of a new schedule: the last complete interval without catchup', async () => {
    await register([built(example('daily', { schedule: '0 6 * * *', startDate: '2020-01-01' }))]);
    const { next_run_at: at, next_logical_date: logical } = await row('daily');
    assert.ok(at instanceof Date && logical instanceof Date);
    assert.equal(at.getTime() - logical.getTime(), 86_400_000);
    assert.ok(at.getTime() <= Date.now() && at.getTime() > Date.now() - 86_400_000);
  });

  it('starts at startDate with catchup', async () => {
    const options = { schedule: '0 6 * * *', startDate: '2020-01-01', catchup: true };
    await register([built(example('catchup', options))]);
    assert.deepEqual((await row('catchup')).next_logical_date, new Date('2020-01-01T06:00:00Z'));
  });

  it('keeps the next tick when only tasks change', async () => {
    const options = { schedule: '0 6 * * *', startDate: '2020-01-01', catchup: true };
    await register([built(example('keeps', options))]);
    await database.pool.query(
      "UPDATE podline.dag SET next_logical_date = '2021-02-03T06:00Z', next_run_at = '2021-02-04T06:00Z' WHERE dag_id = 'keeps'",
    );
    await register([built(example('keeps', options, 3))]);
    assert.deepEqual((await row('keeps')).next_run_at, new Date('2021-02-04T06:00:00Z'));
  });

  it('goes on after the last run when the schedule changes', async () => {
    const start = { startDate: '2020-01-01', catchup: true };
    await register([built(example('moves', { ...start, schedule: '0 6 * * *' }))]);
    await database.pool.query(
      `INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date)
       VALUES ('moves', 'r', $1, 'scheduled', 'success', '2021-05-05T06:00Z')`,
      [(await row('moves')).version_id],
    );
    await register([built(example('moves', { ...start, schedule: '0 7 * * *' }))]);
    const moved = await row('moves');
    assert.deepEqual(moved.next_logical_date, new Date('2021-05-05T07:00:00Z'));
    await register([built(example('moves', { schedule: null }))]);
    assert.equal((await row('moves')).next_run_at, null);
  });

  it('refuses a DAG that another owner manages, and registers the others', async () => {
    await register([built(example('owned'))], [], 'pulumi');
    const result = await register([built(example('owned', {}, 4)), built(example('mine'))]);
    assert.deepEqual(
      result.refused.map(({ dagId, error }) => [dagId, error.code]),
      [['owned', 'refused.managed']],
    );
    assert.deepEqual(
      result.dags.map(({ dagId }) => dagId),
      ['mine'],
    );
    assert.equal((await row('owned')).managed_by, 'pulumi');
  });

  it('sets DAGs aside that left the folder, only its own, and wakes them up again', async () => {
    const scheduled = { schedule: '@daily' };
    const [gone, stays] = [built(example('gone', scheduled)), built(example('stays', scheduled))];
    const elsewhere = { ...built(example('elsewhere')), source: '/dags-two/elsewhere.ts' };
    await registerDags(database.pool, { folder: '/dags-two', dags: [elsewhere], errors: [] });
    await register([gone, stays]);
    const result = await register([stays]);
    assert.ok(result.removed.includes('gone'));
    assert.deepEqual([(await row('gone')).active, (await row('gone')).next_run_at], [false, null]);
    assert.equal((await row('stays')).active, true);
    assert.equal((await row('elsewhere')).active, true);
    assert.equal((await row('owned')).active, true);
    const back = await register([gone, stays]);
    assert.equal(back.dags.find(({ dagId }) => dagId === 'gone')?.change, 'changed');
    assert.notEqual((await row('gone')).next_run_at, null);
  });

  it('keeps the last good version of a broken file, records its errors and clears them', async () => {
    const one = built(example('fragile'));
    await register([one]);
    const message = 'bad \0 text \ud800';
    await register([], [{ ...broken(one.source), message }]);
    assert.equal((await row('fragile')).active, true);
    const stored = await database.pool.query<{ errors: BuildError[] }>(
      'SELECT errors FROM podline.build_error WHERE source = $1',
      [one.source],
    );
    assert.equal(stored.rows[0]?.errors[0]?.line, 3);
    assert.equal(stored.rows[0].errors[0].message, 'bad \uFFFD text \uFFFD');
    await register([one]);
    assert.equal(await count('FROM podline.build_error'), 0);
  });

  it('keeps the order of mapped keys through the database', async () => {
    const mapped = dag('mapped', {}, (d) => {
      d.map('each', { longer: ['x', 'y'], a: [1, 2] }, () => bash({ script: 'true' }));
    });
    await register([built(mapped)]);
    const { rows } = await database.pool.query<{ spec: PlanTask }>(
      'SELECT spec FROM podline.plan_task WHERE version_id = $1',
      [(await row('mapped')).version_id],
    );
    const { map } = rows[0]?.spec ?? {};
    assert.ok(map);
    assert.deepEqual(Object.keys(map.over), ['a', 'longer'], 'jsonb sorts by length');
    const lists = { longer: ['x', 'y'], a: [1, 2] };
    assert.deepEqual(mapItem(map, lists, 1), { longer: 'x', a: 2 });
  });

  it('stores 10,000 tasks', async () => {
    const large = built(example('large', {}, 10_000));
    await register([large]);
    const stored = await count('FROM podline.plan_task WHERE version_id = $1', [
      (await row('large')).version_id,
    ]);
    assert.equal(stored, 10_000);
  });
});
