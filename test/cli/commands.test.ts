/**
 * The commands that look and change, as child processes against the database of a real engine whose tasks are
 * scripted: exit codes, tables, JSON, what was meant, and causes in plain words.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TestEngine } from 'podline/testing';
import { type Ended, podline, type Surroundings } from './podline.ts';
import { crowded, idle, sales } from './sampleDags.ts';

describe('the commands of the CLI', () => {
  let engine: TestEngine;
  let folder: string;
  let surroundings: Surroundings;
  const run = (...args: string[]) => podline(args, surroundings);
  const json = async <T>(...args: string[]): Promise<T> => {
    const ended = await run(...args, '--json');
    assert.equal(ended.code, 0, ended.stderr);
    return JSON.parse(ended.stdout) as T;
  };

  before(async () => {
    engine = await TestEngine.open({ start: '2026-03-28T00:00:00Z' });
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-cli-'));
    surroundings = {
      url: engine.testDatabase.url,
      home: folder,
      env: { PODLINE_CONN_STORE: 'https://me:hunter2secret@store.example/x' },
    };
    await engine.database.query(`INSERT INTO podline.pool (name, slots) VALUES ('narrow', 1)`);
    await engine.register(sales, idle, crowded);
    engine.script('load', { fails: 'exit_code', exitCode: 7 });
    engine.script('crowded.first', 'hang');
    engine.script('crowded.second', 'hang');
    await engine.run('sales', { runId: 'broken' });
    await engine.advance('20m');
    await engine.run('sales', { runId: 'retrying' });
    await engine.run('crowded', { runId: 'full' });
    await engine.run('idle', { runId: 'good' });
  });
  after(async () => {
    await engine.close();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('list DAGs as a table and as JSON', async () => {
    const [table, tagged, rows] = await Promise.all([
      run('dags', 'list'),
      run('dags', 'list', '--tag', 'daily'),
      json<{ dagId: string; lastState: string; activeRuns: number }[]>('dags', 'list'),
    ]);
    assert.match(table.stdout, /^DAG +SCHEDULE +STATUS/);
    assert.match(table.stdout, /^sales +30 2 \* \* \* Europe\/Berlin +on /m);
    assert.equal(tagged.stdout.trim().split('\n').length, 2);
    assert.deepEqual(
      rows.map(({ dagId, lastState }) => [dagId, lastState]),
      [
        ['crowded', 'running'],
        ['idle', 'success'],
        ['sales', 'running'],
      ],
    );
  });

  it('show a DAG and its next ticks in its own time zone', async () => {
    const [shown, next, nothing] = await Promise.all([
      run('dags', 'show', 'sales'),
      run('dags', 'next', 'sales', '--count', '3'),
      run('dags', 'next', 'idle'),
    ]);
    assert.match(shown.stdout, /schedule +30 2 \* \* \* Europe\/Berlin/);
    assert.match(shown.stdout, /^version +1 of 20/m);
    assert.match(shown.stdout, /top +integer +3/);
    assert.match(shown.stdout, /load +bash +extract +all_success +1 after 10 min/);
    const [dag, good] = await Promise.all([
      json<Record<string, unknown>>('dags', 'show', 'idle'),
      json<Record<string, unknown>>('runs', 'show', 'idle', 'good'),
    ]);
    assert.deepEqual([dag.version, good.version], [1, 1]);
    assert.deepEqual(['versionId' in dag, 'versionId' in good], [false, false]);
    // 02:30 does not exist on the day that the clocks change.
    assert.match(next.stdout, /2026-03-29 03:\d\d:00 GMT\+2 +2026-03-29 01:\d\d:00Z/);
    assert.match(nothing.stdout, /Nothing comes next: the schedule of DAG idle is none\./);
  });

  it('say what was meant', async () => {
    const [dagId, runId, task, pool, command] = await Promise.all([
      run('dags', 'show', 'sale'),
      run('runs', 'show', 'sales', 'brken'),
      run('tasks', 'show', 'sales', 'latest', 'laod', '--json'),
      run('pools', 'delete', 'narow'),
      run('dags', 'lst'),
    ]);
    assert.deepEqual(
      [dagId, runId, task, pool, command].map(({ code, stdout }) => [code, stdout]),
      [3, 3, 3, 3, 2].map((code) => [code, '']),
    );
    assert.match(dagId.stderr, /There is no DAG "sale"\.\n +Did you mean "sales"\?/);
    assert.match(runId.stderr, /Did you mean "broken"\?/);
    const { error } = JSON.parse(task.stderr) as { error: { code: string; remedy: string } };
    assert.equal(error.code, 'not_found.task');
    assert.match(error.remedy, /Did you mean "load"\?/);
    assert.match(pool.stderr, /Did you mean "narrow"\?/);
    assert.match(command.stderr, /Did you mean list\?[\s\S]*`podline dags --help`/);
  });

  it('refuse bad input with exit code 2', async () => {
    const calls = [
      ['dags', 'list', '--limit', '0'],
      ['dags', 'list', '--nonsense'],
      ['dags', 'trigger', 'sales', '--param', 'top'],
      ['dags', 'trigger', 'sales', '--param', 'top=many'],
      ['dags', 'trigger', 'sales', '--params', '{nope'],
      ['dags', 'trigger', 'sales', '--params', '@/does/not/exist'],
      ['dags', 'trigger', 'sales', '--params', '{}', '--param', 'top=1'],
      ['dags', 'trigger', 'sales', '--logical-date', 'yesterday'],
      ['dags', 'backfill', 'sales', '--from', '2026-02-02T00:00Z', '--to', '2026-01-01T00:00Z'],
      ['runs', 'mark', 'sales', 'broken', 'perfect'],
      ['db', 'clean'],
      ['db', 'clean', '--keep', 'forever'],
    ];
    const ended = await Promise.all(calls.map((args) => run(...args, '--json')));
    for (const [index, { code, stdout, stderr }] of ended.entries()) {
      const call = calls[index]!.join(' ');
      assert.deepEqual([code, stdout], [2, ''], `${call}\n${stderr}`);
      const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
      assert.ok(error['code'] && error['message'] && error['remedy'], call);
    }
    const runs = await engine.runs('sales');
    assert.ok(!runs.some(({ runId }) => runId.startsWith('manual__')), 'no run was made');
  });

  it('explain a run: causes, retries, full pools', async () => {
    const [broken, retrying, full, waiting] = await Promise.all([
      run('runs', 'show', 'sales', 'broken'),
      run('runs', 'show', 'sales', 'retrying'),
      run('runs', 'show', 'crowded', 'latest'),
      json<{ tasks: { taskId: string; reason: string }[] }>('runs', 'show', 'sales', 'retrying'),
    ]);
    assert.match(broken.stdout, /state +failed: because of load/);
    assert.match(broken.stdout, /load +failed +2\/2 .*exit code 7/);
    assert.match(broken.stdout, /report +upstream_failed .*because of load/);
    assert.match(retrying.stdout, /load +up_for_retry .*retry 1 of 1 in 10 min/);
    assert.match(retrying.stdout, /report +none .*waits for load \(up_for_retry\)/);
    assert.match(full.stdout, /scheduled .*the pool narrow is full \(1 of 1 slots\)|no scheduler/);
    assert.equal(waiting.tasks.find(({ taskId }) => taskId === 'extract')?.reason, '');
  });

  it('watch a run that is over: 0 only when it succeeded', async () => {
    const [good, bad] = await Promise.all([
      run('runs', 'watch', 'idle', 'good'),
      run('runs', 'watch', 'sales', 'broken', '--json'),
    ]);
    assert.equal(good.code, 0);
    assert.match(good.stdout, /Run good of DAG idle: success/);
    assert.equal(bad.code, 1);
    assert.equal((JSON.parse(bad.stdout) as { state: string }).state, 'failed');
  });

  it('trigger runs with typed params, once an id', async () => {
    const file = path.join(folder, 'params.json');
    await fs.writeFile(file, '{"region": "us", "top": 9}');
    await Promise.all([
      json('dags', 'trigger', 'idle', '--run-id', 'one', '--note', 'by hand'),
      json(
        'dags',
        'trigger',
        'sales',
        '--run-id',
        'two',
        '--param',
        'region=7',
        '--param',
        'top=7',
      ),
      json('dags', 'trigger', 'sales', '--run-id', 'three', '--params', `@${file}`),
    ]);
    const again = await run('dags', 'trigger', 'idle', '--run-id', 'one');
    assert.equal(again.code, 5);
    const { rows } = await engine.database.query<{ run_id: string; params: unknown; note: string }>(
      `SELECT run_id, params, note FROM podline.run WHERE run_id IN ('one', 'two', 'three') ORDER BY run_id`,
    );
    assert.deepEqual(rows, [
      { run_id: 'one', params: {}, note: 'by hand' },
      { run_id: 'three', params: { region: 'us', top: 9 }, note: null },
      { run_id: 'two', params: { region: '7', top: 7 }, note: null },
    ]);
    await engine.settle();
  });

  it('pause and unpause, and go on with the latest interval only', async () => {
    const both = await json<{ changed: boolean }[]>('dags', 'pause', 'idle', 'crowded');
    assert.deepEqual(
      both.map(({ changed }) => changed),
      [true, true],
    );
    const unknown = await run('dags', 'unpause', 'idle', 'nobody');
    assert.equal(unknown.code, 3);
    const shown = await run('dags', 'list', '--paused');
    assert.match(shown.stdout, /^crowded .*paused/m);
    assert.match(shown.stdout, /^idle .*paused/m, 'all or none');
    const on = await run('dags', 'unpause', 'idle', 'crowded');
    assert.match(on.stdout, /DAG idle is now on\.\nDAG crowded is now on\./);
  });

  it('clear what the dry run says, then cancel and mark', async () => {
    const dry = await json<{ instances: { taskId: string }[] }>(
      ...['runs', 'clear', 'sales', 'broken', '--only-failed', '--dry-run'],
    );
    assert.deepEqual(dry.instances.map(({ taskId }) => taskId).sort(), ['load', 'report']);
    assert.equal(await engine.runState('sales', 'broken'), 'failed');
    const cleared = await json<{ instances: number }>(
      ...['runs', 'clear', 'sales', 'broken', '--only-failed'],
    );
    assert.equal(cleared.instances, 2);
    assert.notEqual(await engine.runState('sales', 'broken'), 'failed');

    const cancelled = await run('runs', 'cancel', 'sales', 'broken');
    assert.match(cancelled.stdout, /Run broken of DAG sales is cancelled; the run is failed\./);
    assert.equal((await run('runs', 'cancel', 'sales', 'broken')).code, 5);
    const marked = await run('runs', 'mark', 'sales', 'broken', 'success', '--task', 'load');
    assert.equal(marked.code, 0, marked.stderr);
    assert.equal((await engine.states('sales', 'broken')).load, 'success');
  });

  it('backfill a range, first as a dry run', async () => {
    const range = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-03-04T00:00:00Z'];
    const dry = await run('dags', 'backfill', 'sales', ...range, '--dry-run', '--reverse');
    assert.match(dry.stdout, /^2026-03-03 01:30:00Z +create[\s\S]*3 runs to make/m);
    const none = await json<{ dagId: string }[]>('runs', 'list', 'sales');
    assert.ok(!JSON.stringify(none).includes('backfill__'));
    const made = await json<{ id: number; steps: unknown[] }>(
      'dags',
      'backfill',
      'sales',
      ...range,
    );
    assert.equal(made.steps.length, 3);
    const rows = await json<{ kind: string }[]>('runs', 'list', 'sales', '--limit', '3');
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['backfill', 'backfill', 'backfill'],
    );
  });

  it('show attempts and print logs as the bytes came', async () => {
    const { rows } = await engine.database.query<{ id: number }>(
      `SELECT a.id FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
         JOIN podline.run r ON r.id = t.run_id WHERE r.run_id = 'good' AND t.task_id = 'only'`,
    );
    const text = Buffer.from('line one\nzwei: ü\n');
    const cut = text.indexOf(0xc3) + 1;
    await engine.database.query(
      'INSERT INTO podline.log_chunk (attempt_id, seq, content) VALUES ($1, 0, $2), ($1, 1, $3)',
      [rows[0]?.id, text.subarray(0, cut), text.subarray(cut)],
    );
    const [log, follow, other, attempts] = await Promise.all([
      run('tasks', 'logs', 'idle', 'good', 'only'),
      run('tasks', 'logs', 'idle', 'good', 'only', '--follow', '--json'),
      run('tasks', 'logs', 'idle', 'good', 'only', '--attempt', '4'),
      run('tasks', 'show', 'sales', 'retrying', 'load'),
    ]);
    assert.equal(log.stdout, text.toString());
    const lines = follow.stdout.trim().split('\n');
    const parts = lines.map((line) => (JSON.parse(line) as { text: string }).text);
    assert.equal(parts.join(''), text.toString());
    assert.equal(other.code, 2);
    assert.match(attempts.stdout, /1 +failed .* 7 .*exit_code: exit code 7/);
  });

  it('try a task right here and record nothing', async () => {
    const before = await engine.database.query('SELECT max(id) FROM podline.attempt');
    const [tried, asJson, failing, rendered] = await Promise.all([
      run('tasks', 'test', 'idle', 'only'),
      run('tasks', 'test', 'idle', 'only', '--json'),
      run('tasks', 'test', 'sales', 'load'),
      run(
        'tasks',
        'render',
        'sales',
        'extract',
        '--param',
        'region=us',
        '--logical-date',
        '2026-01-31T05:00:00Z',
      ),
    ]);
    assert.equal(tried.code, 0, tried.stderr);
    assert.match(tried.stdout, /^ok\n[\s\S]*output: \[\n +1,\n +2\n\]\nTask only: success/);
    const outcome = JSON.parse(asJson.stdout) as { output: unknown; log: string };
    assert.deepEqual(outcome.output, [1, 2]);
    assert.match(outcome.log, /^ok\n/);
    assert.equal(failing.code, 1);
    assert.match(rendered.stdout, /echo us 2026-01-31/);
    const after = await engine.database.query('SELECT max(id) FROM podline.attempt');
    assert.deepEqual(after.rows, before.rows);
  });

  it('hide secrets when they render and list', async () => {
    await engine.database.query(
      `INSERT INTO podline.variable (key, value) VALUES ('api_token', '"abcdefgh"'), ('plain', '{"password": "ijklmnop", "n": 1}')`,
    );
    const shown: Ended[] = await Promise.all([
      run('tasks', 'render', 'idle', 'keyed'),
      run('tasks', 'test', 'idle', 'keyed'),
      run('variables', 'list'),
      run('variables', 'list', '--json'),
      run('connections', 'list'),
      run('connections', 'list', '--json'),
      run('doctor', '--json'),
    ]);
    for (const { code, stdout, stderr } of shown) {
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stdout + stderr, /hunter2secret|abcdefgh|ijklmnop/);
    }
    assert.match(shown[0]!.stdout, /echo \*\*\*/);
    assert.match(shown[4]!.stdout, /store +https +environment/);
    assert.equal((await run('variables', 'get', 'api_token')).stdout, 'abcdefgh\n');
  });

  it('keep pools and variables', async () => {
    const made = await json<{ made: boolean }>('pools', 'set', 'wide', '5', '--description', 'x');
    assert.equal(made.made, true);
    const [used, standard, gone] = await Promise.all([
      run('pools', 'delete', 'narrow'),
      run('pools', 'delete', 'default_pool'),
      run('pools', 'delete', 'wide'),
    ]);
    assert.deepEqual([used.code, standard.code, gone.code], [5, 5, 0]);
    const file = path.join(folder, 'variables.json');
    await fs.writeFile(file, '{"a.b": {"deep": [1, null]}, "text": "é"}');
    assert.match((await run('variables', 'import', file)).stdout, /2 variables set/);
    const out = path.join(folder, 'out.json');
    await run('variables', 'export', out);
    const exported = JSON.parse(await fs.readFile(out, 'utf8')) as Record<string, unknown>;
    assert.deepEqual([exported['a.b'], exported['text']], [{ deep: [1, null] }, 'é']);
    assert.equal((await fs.stat(out)).mode & 0o077, 0, 'for the owner alone');
    const piped = await podline(['variables', 'set', 'text', '-'], {
      ...surroundings,
      input: 'in\n',
    });
    assert.equal(piped.code, 0);
    assert.equal((await run('variables', 'get', 'text')).stdout, 'in\n');
    assert.equal((await run('variables', 'delete', 'text')).code, 0);
    assert.equal((await run('variables', 'get', 'text')).code, 3);
  });

  it('migrate, check and clean the database', async () => {
    const migrated = await json<{ applied: string[]; version: string }>('db', 'migrate');
    assert.deepEqual(migrated.applied, []);
    const checked = await run('db', 'check');
    assert.equal(checked.code, 0, checked.stdout);
    await engine.database.query(
      `UPDATE podline.pool SET used = used + 1 WHERE name = 'default_pool'`,
    );
    const broken = await run('db', 'check', '--json');
    await engine.database.query(
      `UPDATE podline.pool SET used = used - 1 WHERE name = 'default_pool'`,
    );
    assert.equal(broken.code, 1);
    const { violations } = JSON.parse(broken.stdout) as { violations: { invariant: string }[] };
    assert.deepEqual(
      violations.map(({ invariant }) => invariant),
      ['I7'],
    );

    const before = '2030-01-01T00:00:00Z';
    const dry = await json<{ runs: number }>('db', 'clean', '--before', before, '--dry-run');
    assert.ok(dry.runs > 0);
    const done = await json<{ runs: number }>('db', 'clean', '--before', before);
    assert.equal(done.runs, dry.runs);
    assert.deepEqual(await engine.check(), []);
    const orphans = await engine.database.query(
      `SELECT FROM podline.log_chunk c WHERE NOT EXISTS (SELECT FROM podline.attempt a WHERE a.id = c.attempt_id)`,
    );
    assert.equal(orphans.rowCount, 0);
    // The last run of each DAG stays.
    for (const dagId of ['sales', 'idle', 'crowded']) {
      assert.ok((await engine.runs(dagId)).length > 0, dagId);
    }
  });
});
