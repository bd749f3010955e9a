/** Commands that change through a webserver: what they do, whose name the audit log has, and what is refused. */
import assert from 'node:assert/strict';
import { makeToken, openRemoteSite, type RemoteSite } from './remoteSite.ts';
import { crowded, idle, sales } from './sampleDags.ts';

describe('changing commands through a webserver', function () {
  this.timeout(120_000);
  let site: RemoteSite;
  const run = (...args: string[]) => site.remote(args);
  const good = async (...args: string[]) => {
    const ended = await run(...args);
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };
  const audited = async () => {
    const { rows } = await site.engine.database.query<{ row: string }>(
      `SELECT actor || ': ' || action || ' ' || subject AS row FROM podline.audit
        WHERE actor LIKE '%(token%' ORDER BY id`,
    );
    return rows.map(({ row }) => row);
  };
  before(async () => {
    site = await openRemoteSite('2026-03-28T00:00:00Z');
    const { engine } = site;
    await engine.database.query(`INSERT INTO podline.pool (name, slots) VALUES ('narrow', 1)`);
    await engine.register(sales, idle, crowded);
    engine.script('load', { fails: 'exit_code', exitCode: 7 });
    await engine.run('sales', { runId: 'broken' });
    await engine.advance('20m');
  });
  after(() => site.close());

  it('leave a row in the audit log with the name of the token', async () => {
    const triggered = await good(
      'dags',
      'trigger',
      'sales',
      '--run-id',
      'one',
      '--param',
      'region=7',
    );
    assert.equal(triggered.stdout, 'Run one of DAG sales is queued.\n');
    assert.match(triggered.stderr, /no scheduler is running/);
    assert.match((await good('dags', 'pause', 'idle')).stdout, /DAG idle is now paused/);
    assert.match((await good('dags', 'pause', 'idle')).stdout, /was already paused/);
    await good('dags', 'unpause', 'idle');
    const range = ['--from', '2026-03-01T00:00:00Z', '--to', '2026-03-04T00:00:00Z'];
    const backfill = await good('dags', 'backfill', 'sales', ...range, '--json');
    const { id, counts } = JSON.parse(backfill.stdout) as { id: number; counts: object };
    assert.ok(id > 0);
    assert.deepEqual(counts, { create: 3, rerun: 0, skip: 0 });
    assert.match(
      (await good('runs', 'clear', 'sales', 'broken', '--only-failed')).stdout,
      /Run broken of DAG sales runs again: 2 task instances; the run is (queued|running)/,
    );
    assert.match((await good('runs', 'cancel', 'sales', 'broken')).stdout, /the run is failed/);
    await good('runs', 'mark', 'sales', 'broken', 'success', '--task', 'load');
    await good('tasks', 'clear', 'sales', 'broken', 'report', '--alone');
    assert.match((await good('pools', 'set', 'wide', '5')).stdout, /Pool wide is made with 5/);
    assert.match((await good('pools', 'set', 'wide', '6')).stdout, /Pool wide now has 6/);
    await good('pools', 'delete', 'wide');
    await good('variables', 'set', 'limits', '{"rows": 5}', '--parse', '--description', 'x');
    assert.equal((await good('variables', 'get', 'limits')).stdout, '{"rows":5}\n');
    await good('variables', 'delete', 'limits');
    assert.equal((await site.engine.states('sales', 'broken')).load, 'success');
    assert.deepEqual(
      await audited(),
      [
        ...['trigger sales/one', 'pause idle', 'unpause idle', 'backfill sales'],
        ...['clear sales/broken', 'cancel sales/broken', 'mark sales/broken', 'clear sales/broken'],
        ...['pool.set wide', 'pool.set wide', 'pool.delete wide'],
        ...['variable.set limits', 'variable.delete limits'],
      ].map((row) => `ed (token ci): ${row}`),
    );
    const { rows } = await site.engine.database.query<{ params: unknown }>(
      `SELECT params FROM podline.run WHERE run_id = 'one'`,
    );
    assert.deepEqual(rows[0]?.params, { region: '7', top: 3 }, 'typed by the schema of the DAG');
  });

  it('are refused to a viewer, who may look', async () => {
    const token = await makeToken(site.engine.database, 'vera', { role: 'viewer' });
    const env = { PODLINE_API_TOKEN: token };
    const before = await audited();
    const as = (...args: string[]) => site.remote(args, { env });
    const [list, pause, variables, value] = await Promise.all([
      as('dags', 'list'),
      as('dags', 'pause', 'sales'),
      as('variables', 'list'),
      as('variables', 'get', 'plain'),
    ]);
    assert.equal(list.code, 0, list.stderr);
    assert.match(list.stdout, /^sales /m);
    assert.equal(pause.code, 5);
    assert.match(pause.stderr, /This needs the right to operate[\s\S]*\(auth\.forbidden\)/);
    assert.equal(variables.code, 0, variables.stderr);
    assert.equal(value.code, 3);
    await good('variables', 'set', 'plain', 'seen');
    const hidden = await as('variables', 'get', 'plain');
    assert.deepEqual([hidden.code, hidden.stdout], [5, '']);
    assert.equal((await as('variables', 'list')).stdout.includes('seen'), false);
    assert.deepEqual(await audited(), [
      ...before,
      'vera (token ci): denied PATCH /api/v1/dags/:dagId',
      'ed (token ci): variable.set plain',
    ]);
  });

  it('say how to get a token, where none is given or a wrong one', async () => {
    const wrong = await site.remote(['dags', 'list', '--json'], {
      env: { PODLINE_API_TOKEN: `podline_${'A'.repeat(43)}` },
    });
    const none = await site.remote(['dags', 'list'], { env: { PODLINE_API_TOKEN: '' } });
    const { error } = JSON.parse(wrong.stderr) as { error: { code: string; remedy: string } };
    assert.deepEqual([wrong.code, wrong.stdout, error.code], [5, '', 'remote.no_token']);
    assert.match(error.remedy, /Set PODLINE_API_TOKEN .*"API tokens" of http/);
    assert.equal(none.code, 5);
    assert.match(none.stderr, /wants an API token/);
  });

  it('are refused where they have no form through a webserver', async () => {
    for (const args of [
      ['users', 'list'],
      ['tasks', 'render', 'idle', 'only'],
      ['db', 'check'],
      ['variables', 'export'],
      ['db', 'migrate'],
      ['connections', 'list', '--server', site.base],
      ['db', 'migrate', '--server', site.base],
    ]) {
      const ended = await run(...args);
      assert.deepEqual([ended.code, ended.stdout], [2, ''], ended.stderr);
      assert.match(
        ended.stderr,
        new RegExp(`\`podline ${args.slice(0, 2).join(' ')}.*not through`),
      );
      assert.match(ended.stderr, /--database[\s\S]*\(remote\.no_form\)/);
    }
  });

  it('take an option before the environment, and there the database before the webserver', async () => {
    const { url } = site.engine.testDatabase;
    const nobody = 'http://127.0.0.1:1';
    const nowhere = 'postgresql://127.0.0.1:1/none';
    const list = async (args: string[], env: Record<string, string>) => {
      const ended = await site.remote(['pools', 'list', ...args], { env });
      return ended.code === 0 ? 0 : /\(([\w.]+)\)\n$/.exec(ended.stderr)?.[1];
    };
    assert.deepEqual(
      await Promise.all([
        list([], { PODLINE_DATABASE_URL: url, PODLINE_SERVER: nobody }),
        list([], { DATABASE_URL: nowhere }),
        list(['--server', site.base], { PODLINE_DATABASE_URL: nowhere }),
        list(['--server', site.base], { PODLINE_SERVER: nobody }),
        list(['--database', url], { PODLINE_SERVER: nobody }),
        list(['--database', url, '--server', site.base], {}),
        list(['--server', 'podline.example'], {}),
      ]),
      [0, 0, 0, 0, 0, 'cli.usage', 'cli.usage'],
    );
  });
});
