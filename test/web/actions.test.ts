/** What people do through the API: each action's effect, its audit row, who may do it, and what is refused. */
import assert from 'node:assert/strict';
import { auditRows, Browser, codeOf, makeUser, openSite, type Site } from './auth/browser.ts';
import { registerSamples } from './auth/sampleDags.ts';

type Answer = Record<string, unknown>;

describe('actions of the API', function () {
  this.timeout(60_000);
  let site: Site;
  let eva: Browser;

  before(async () => {
    site = await openSite();
    await registerSamples(site.test.pool);
    await makeUser(site, 'eva', [{ role: 'editor' }]);
    await makeUser(site, 'vic', [{ role: 'viewer' }]);
    await makeUser(site, 'fin', [{ role: 'operator', tag: 'finance' }]);
    eva = await signedIn('eva');
  });
  after(() => site.close());

  async function signedIn(name: string): Promise<Browser> {
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn(name)).status, 204);
    return browser;
  }

  async function done(answer: Promise<Response>): Promise<Answer> {
    const { status, ...rest } = await answer;
    const text = await (await answer).text();
    assert.ok(status === 200 || status === 204, `${status} ${text} ${JSON.stringify(rest)}`);
    return (text === '' ? {} : JSON.parse(text)) as Answer;
  }

  const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    eva.api(path, { method, body, headers });

  async function trigger(runId: string): Promise<void> {
    await done(call('POST', '/dags/sales/runs', { runId }));
  }

  async function stateOf(runId: string): Promise<unknown> {
    return (await done(eva.api(`/dags/sales/runs/${runId}`))).state;
  }

  it('a run is made once for each key, also by requests at the same moment', async () => {
    const send = (body: object, key = 'k1') =>
      call('POST', '/dags/sales/runs', body, { 'idempotency-key': key });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => done(send({ note: 'once' }))),
    );
    assert.equal(new Set(answers.map(({ runId }) => runId)).size, 1);
    const again = await done(send({ note: 'once' }));
    assert.deepEqual(again, answers[0]);
    const other = await send({ note: 'twice' });
    assert.deepEqual([other.status, await codeOf(other)], [409, 'request.key_reused']);
    const { rows } = await site.test.pool.query<{ runs: number }>(
      `SELECT count(*)::int AS runs FROM podline.run WHERE note = 'once'`,
    );
    assert.deepEqual(rows, [{ runs: 1 }]);
    const audit = await auditRows(site, 'trigger');
    assert.deepEqual(
      audit.map(({ actor, subject }) => [actor, subject]),
      [['eva', `sales/${String(again.runId)}`]],
    );
    // Nor is another span of who asks another request.
    const key = {
      'idempotency-key': 'k1',
      traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
    };
    assert.deepEqual(await done(call('POST', '/dags/sales/runs', { note: 'once' }, key)), again);
    // A key that failed is not used up: nothing was done.
    const bad = await send({ logicalDate: 'yesterday' }, 'k2');
    assert.deepEqual([bad.status, await codeOf(bad)], [400, 'run.bad_logical_date']);
    await done(send({ note: 'after all' }, 'k2'));
  });

  it('a DAG is paused and goes on', async () => {
    const paused = async () => (await done(eva.api('/dags/sales'))).paused;
    assert.deepEqual(await done(call('PATCH', '/dags/sales', { paused: true })), { changed: true });
    assert.equal(await paused(), true);
    assert.deepEqual(await done(call('PATCH', '/dags/sales', { paused: true })), {
      changed: false,
    });
    await done(call('PATCH', '/dags/sales', { paused: false }));
    assert.equal(await paused(), false);
    assert.deepEqual((await auditRows(site, 'pause')).length, 1);
  });

  it('a run is cancelled, cleared after a preview that changes nothing, and marked', async () => {
    await trigger('r1');
    const path = '/dags/sales/runs/r1';
    assert.deepEqual(await done(call('POST', `${path}/cancel`)), { state: 'failed' });
    const late = await call('POST', `${path}/cancel`);
    assert.deepEqual([late.status, await codeOf(late)], [409, 'run.finished']);
    await done(call('POST', `${path}/mark`, { state: 'success' }));
    assert.equal(await stateOf('r1'), 'success');
    const preview = await done(call('POST', `${path}/clear`, { dryRun: true }));
    assert.equal(preview.state, 'success');
    assert.equal(await stateOf('r1'), 'success');
    const cleared = await done(call('POST', `${path}/clear`, {}));
    assert.equal(cleared.count, preview.count);
    assert.deepEqual(cleared.tasks, preview.tasks);
    assert.ok(['queued', 'running'].includes(String(cleared.state)), String(cleared.state));
    const unknown = await call('POST', `${path}/clear`, { tasks: ['nix'] });
    assert.deepEqual([unknown.status, await codeOf(unknown)], [404, 'not_found.task']);
    assert.deepEqual(
      (await auditRows(site, 'clear')).map(({ actor, subject }) => [actor, subject]),
      [['eva', 'sales/r1']],
    );
  });

  it('a task that waits gets another priority and pool; one that is at work does not', async () => {
    await trigger('r2');
    const path = '/dags/sales/runs/r2/tasks/load/-1';
    const set = (state: string) =>
      site.test.pool.query(
        `INSERT INTO podline.task_instance (run_id, dag_id, task_id, pool, executor, state)
         SELECT id, dag_id, 'load', 'default_pool', 'local', $1 FROM podline.run WHERE run_id = 'r2'
         ON CONFLICT (run_id, task_id, map_index) DO UPDATE SET state = excluded.state`,
        [state],
      );
    await set('scheduled');
    await done(call('PUT', '/pools/night', { slots: 2 }));
    await done(call('PATCH', path, { priority: 7, pool: 'night' }));
    const task = await done(eva.api(path));
    assert.deepEqual([task.priority, task.pool], [7, 'night']);
    const nowhere = await call('PATCH', path, { pool: 'nowhere' });
    assert.deepEqual([nowhere.status, await codeOf(nowhere)], [404, 'not_found.pool']);
    await done(call('PUT', '/pools/none', { slots: 0 }));
    const small = await call('PATCH', path, { pool: 'none' });
    assert.deepEqual([small.status, await codeOf(small)], [400, 'request.bad']);
    await set('queued');
    await done(call('PATCH', path, { priority: 8 }));
    const first = await done(eva.api(path));
    assert.deepEqual([first.state, first.priority, first.pool], ['queued', 8, 'night']);
    await set('launching');
    const late = await call('PATCH', path, { priority: 1 });
    assert.equal(late.status, 409);
    const problem = (await late.json()) as { code: string; detail: string; remedy: string };
    assert.equal(problem.code, 'refused.task');
    assert.match(problem.detail, /it is launching, a process has it/);
    assert.match(problem.remedy, /others can be moved before it/);
    const [entry] = await auditRows(site, 'task.change');
    assert.deepEqual(entry, {
      actor: 'eva',
      subject: 'sales/r2/load',
      details: { mapIndex: -1, priority: 7, pool: 'night' },
    });
  });

  it('pools and variables are made, changed and deleted', async () => {
    await done(call('PUT', '/pools/etl', { slots: 3, description: 'loads' }));
    const { items } = (await done(eva.api('/pools'))) as { items: Answer[] };
    assert.equal(items.find(({ name }) => name === 'etl')?.slots, 3);
    await done(call('DELETE', '/pools/etl'));
    const gone = await call('DELETE', '/pools/etl');
    assert.deepEqual([gone.status, await codeOf(gone)], [404, 'not_found.pool']);
    const needed = await call('DELETE', '/pools/default_pool');
    assert.deepEqual([needed.status, await codeOf(needed)], [409, 'refused.pool']);
    await done(call('PUT', '/variables/rate', { value: { eur: 1.1 } }));
    const page = (await done(eva.api('/variables'))) as { items: Answer[] };
    assert.deepEqual(page.items[0]?.value, { eur: 1.1 });
    const audit = await auditRows(site, 'variable.set');
    assert.doesNotMatch(JSON.stringify(audit), /1\.1/, 'values stay out of the audit log');
    await done(call('DELETE', '/variables/rate'));
  });

  it('who may only look changes nothing; who has a tag does so where it is', async () => {
    const vic = await signedIn('vic');
    const fin = await signedIn('fin');
    const tries: [string, string, unknown][] = [
      ['PATCH', '/dags/sales', { paused: true }],
      ['POST', '/dags/sales/runs', {}],
      ['POST', '/dags/sales/backfills', { from: '2026-01-01', to: '2026-01-02' }],
      ['POST', '/dags/sales/runs/r1/cancel', undefined],
      ['POST', '/dags/sales/runs/r1/clear', { dryRun: true }],
      ['POST', '/dags/sales/runs/r1/mark', { state: 'failed' }],
      ['PATCH', '/dags/sales/runs/r1/tasks/load/-1', { priority: 2 }],
      ['PUT', '/pools/x', { slots: 1 }],
      ['PUT', '/variables/x', { value: 1 }],
    ];
    for (const [method, path, body] of tries) {
      const answer = await vic.api(path, { method, body });
      assert.deepEqual([answer.status, await codeOf(answer)], [403, 'auth.forbidden'], path);
    }
    await done(fin.api('/dags/sales/runs', { method: 'POST', body: { runId: 'fin1' } }));
    const hidden = await fin.api('/dags/hidden/runs', { method: 'POST', body: {} });
    assert.equal(hidden.status, 404);
    const pool = await fin.api('/pools/x', { method: 'PUT', body: { slots: 1 } });
    assert.equal(pool.status, 403);
  });

  it('what makes no sense is refused in words', async () => {
    const bad: [string, string, unknown][] = [
      ['POST', '/dags/sales/runs', { runId: '../../x' }],
      ['POST', '/dags/sales/runs', { runId: 'scheduled__2026' }],
      ['POST', '/dags/sales/runs', { params: [1] }],
      ['POST', '/dags/sales/runs', { unknown: true }],
      ['POST', '/dags/sales/runs', '{"params": {"__proto__": {"x": 1}}}'],
      ['POST', '/dags/sales/runs', '{"note": "\\u0000"}'],
      ['POST', '/dags/sales/runs', '{"note": '],
      ['POST', '/dags/sales/runs', 'null'],
      ['POST', '/dags/sales/backfills', { from: '2026-01-01T00:00:00Z', to: '1e309' }],
      ['POST', '/dags/sales/runs/r1/mark', { state: 'running' }],
      ['POST', '/dags/sales/runs/r1/mark', { state: 'failed', mapIndex: 1e309 }],
      ['PATCH', '/dags/sales/runs/r1/tasks/load/-1', {}],
      ['PATCH', '/dags/sales/runs/r1/tasks/load/-1', { priority: 1.5 }],
      ['PATCH', '/dags/sales/runs/r1/tasks/load/NaN', { priority: 1 }],
      ['PUT', '/pools/a%20b', { slots: 1 }],
      ['PUT', '/pools/x', { slots: -1 }],
      ['PUT', '/pools/x', { slots: '3' }],
      ['PUT', '/variables/a%00b', { value: 1 }],
      ['PUT', '/variables/x', {}],
      ['PUT', '/variables/x', '{"value": "\\u0000"}'],
    ];
    for (const [method, path, body] of bad) {
      const answer = await call(method, path, body);
      const text = await answer.text();
      const what = `${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`;
      assert.ok(answer.status >= 400 && answer.status < 500, what);
      assert.match(text, /"code":/, what);
    }
    const nested = (levels: number) => `{"value": ${'['.repeat(levels)}${']'.repeat(levels)}}`;
    for (const [path, method] of [
      ['/variables/deep', 'PUT'],
      ['/dags/sales/runs', 'POST'],
    ] as const) {
      const deep = await call(method, path, nested(30_000));
      assert.deepEqual([deep.status, await codeOf(deep)], [400, 'request.bad'], path);
    }
    await done(call('PUT', '/variables/deep', nested(900)));
    const huge = await call('POST', '/dags/sales/runs', { note: 'x'.repeat(3_000_000) });
    assert.equal(huge.status, 413);
  });

  it('a run knows the span of who asked for it; what makes no sense as one is passed over', async () => {
    const good = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const bad = [
      '',
      'x',
      `ff${good.slice(2)}`,
      good.replaceAll('a', '0'),
      `${good}0`,
      'y'.repeat(4000),
    ];
    const callers: unknown[] = [];
    for (const [index, traceparent] of [good, `${good}-more`, ...bad].entries()) {
      const runId = `asked_${index}`;
      await done(call('POST', '/dags/sales/runs', { runId }, { traceparent }));
      const { rows } = await site.test.pool.query<{ caller: string | null }>(
        'SELECT caller FROM podline.run WHERE run_id = $1',
        [runId],
      );
      callers.push(rows[0]?.caller);
    }
    assert.deepEqual(callers, [good, good, ...bad.map(() => null)]);
  });
});
