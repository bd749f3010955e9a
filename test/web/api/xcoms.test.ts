/** Outputs as files: whole and to the last digit, however long, and never shown by a browser as a page. */
import assert from 'node:assert/strict';
import { TaskInstance } from '../../../runtime/web/api/schema/taskInstance.ts';
import { openSite, problemOf, registerSales, type Site } from './site.ts';

const MINE = [{ role: 'viewer' as const, tag: 'finance' }];

describe('outputs by the API', function () {
  this.timeout(60_000);
  let site: Site;
  const base = '/dags/sales/runs/latest/tasks/each/1';
  before(async () => {
    site = await openSite();
    await registerSales(site.engine);
    site.engine.script('each', { output: { rows: 3 } });
    await site.engine.run('sales');
    await site.engine.run('hidden');
  });
  after(() => site.close());

  /** `json` is what a worker stored. */
  async function store(key: string, json: string): Promise<void> {
    await site.engine.database.query(
      `INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
       SELECT max(run_id), 'each', 1, $1, $2::jsonb FROM podline.task_instance WHERE task_id = 'each'`,
      [key, json],
    );
  }
  const download = (key?: string) => {
    const query = key === undefined ? '' : `?key=${encodeURIComponent(key)}`;
    return site.get(`${base}/xcom/download${query}`, MINE);
  };

  it('are what the task returned, where no key is said', async () => {
    const answer = await download();
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(await answer.text(), '{"rows": 3}');
  });

  it('are whole: five megabytes, of which the page has the length alone', async () => {
    const value = { text: 'ü😀x'.repeat(600_000), end: true };
    await store('large', JSON.stringify(value));
    const { xcoms } = await site.read(TaskInstance, base);
    const told = xcoms.find(({ key }) => key === 'large');
    assert.deepEqual([told?.isLong, told?.value], [true, null]);
    assert.ok(told && told.bytes > 4_000_000);
    const answer = await download('large');
    assert.equal(answer.headers.get('content-length'), String(told.bytes));
    assert.deepEqual(await answer.json(), value);
    const head = await fetch(`${site.base}/api/v1${base}/xcom/download?key=large`, {
      method: 'HEAD',
      headers: { 'x-grants': JSON.stringify(MINE) },
    });
    assert.equal(head.headers.get('content-length'), String(told.bytes));
  });

  it('keep the digits of numbers that JavaScript has not', async () => {
    const json = '[12345678901234567890123, 0.10000000000000000001]';
    await store('digits', json);
    assert.equal(await (await download('digits')).text(), json);
  });

  it('are saved and never shown, whatever stands in them and in their keys', async () => {
    const html = '<html><script>alert(document.cookie)</script></html>';
    const keys = [
      "x.html\"; filename*=UTF-8''evil.html",
      'a\r\nset-cookie: x=y',
      '../../etc/passwd',
      'ключ ‮lmth.',
      '..',
      '',
      '%2e%2e/a?b#c',
    ];
    for (const key of keys) {
      await store(key, JSON.stringify(html));
      const answer = await download(key);
      const hint = JSON.stringify(key);
      assert.equal(answer.status, 200, hint);
      assert.equal(await answer.json(), html, hint);
      const { headers } = answer;
      assert.match(headers.get('content-type') ?? '', /^application\/json;/, hint);
      const disposition = headers.get('content-disposition') ?? '';
      assert.match(
        disposition,
        /^attachment; filename="sales-[\w.-]+-each-1-[\w.-]*\.json"$/,
        hint,
      );
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/);
      assert.equal(headers.get('set-cookie'), null);
    }
  });

  it('are nothing where there is none, and for who may not see the DAG', async () => {
    const missing = [
      ['each/1', 'nothing', 'not_found.xcom'],
      ['each/7', 'return_value', 'not_found.xcom'],
      ['other/-1', 'return_value', 'not_found.xcom'],
    ] as const;
    for (const [where, key, code] of missing) {
      const path = base.replace('each/1', where);
      const answer = await site.get(`${path}/xcom/download?key=${key}`, MINE);
      assert.equal(answer.status, 404, where);
      const problem = await problemOf(answer);
      assert.equal(problem.code, code);
      assert.match(problem.detail, new RegExp(`has no output "${key}"`));
    }
    const elsewhere = await site.get(`${base.replace('latest', 'none')}/xcom/download`, MINE);
    assert.equal((await problemOf(elsewhere)).code, 'not_found.run');
    const others = '/dags/hidden/runs/latest/tasks/load/-1/xcom/download';
    assert.equal((await site.get(others)).status, 404);
    assert.equal((await problemOf(await site.get(others))).code, 'not_found.xcom');
    assert.equal((await problemOf(await site.get(others, MINE))).code, 'not_found.dag');
    const deployer = [{ role: 'deployer' as const }];
    const refused = await site.get(`${base}/xcom/download`, deployer);
    assert.equal((await problemOf(refused)).code, 'not_found.dag');
  });

  it('have keys that PostgreSQL can hold: others are 400', async () => {
    for (const key of ['a\0b', 'x'.repeat(1001)]) {
      const answer = await download(key);
      assert.equal(answer.status, 400);
      assert.equal((await problemOf(answer)).code, 'request.bad');
    }
  });
});
