/** DAGs that come through the API: what would change is told first, a DAG has one owner, and no bad archive is a 500. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { bash, dag } from 'podline/dag';
import { auditRows, Browser, codeOf, makeUser, openSite, type Site } from './auth/browser.ts';
import { compile } from '../../src/plan/compile.ts';
import type { Json, JsonObject, Plan } from '../../src/plan/plan.ts';
import { registerSamples } from './auth/sampleDags.ts';
import { packedBuild, packedPlans } from './packedBuild.ts';

interface Deployed {
  managedBy: string;
  dags: { dagId: string; change: string; changes: string[]; version: number | null }[];
}

const simple = (id: string, schedule: string | null = null) =>
  dag(id, { schedule, startDate: '2026-01-01', tags: ['etl'] }, (d) => {
    d.task('load', bash({ script: 'true' }));
  });

/** The same with one part left out, or of another kind; of lists, the first of each. */
function* changed(value: Json): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  const names = Array.isArray(value) ? ['0', '1'].slice(0, value.length) : Object.keys(value);
  for (const name of names) {
    const part = (value as JsonObject)[name] ?? null;
    const others: (Json | undefined)[] = [undefined, null, -1.5, 'x', [], {}, true];
    for (const other of [...others, ...changed(part)]) {
      const copy = structuredClone(value) as JsonObject;
      if (other === undefined) delete copy[name];
      else copy[name] = other;
      yield copy;
    }
  }
}

describe('deployment through the API', function () {
  this.timeout(60_000);
  let site: Site;
  const browsers = new Map<string, Browser>();
  before(async () => {
    site = await openSite();
    await registerSamples(site.test.pool);
    await makeUser(site, 'ed', [{ role: 'editor' }]);
    await makeUser(site, 'etl', [{ role: 'editor', tag: 'etl' }]);
    await makeUser(site, 'op', [{ role: 'operator' }]);
    await makeUser(site, 'ci', [{ role: 'deployer', tag: 'etl' }]);
  });
  after(() => site.close());

  async function deploy(who: string, body: Buffer, query = 'name=team', type = 'application/gzip') {
    const browser = browsers.get(who) ?? new Browser(site.base);
    browsers.set(who, browser);
    if (browser.cookies.size === 0) assert.equal((await browser.signIn(who)).status, 204);
    return fetch(`${site.base}/api/v1/deploy?${query}`, {
      method: 'POST',
      headers: {
        cookie: browser.cookieHeader(),
        'x-podline-request': '1',
        origin: site.base,
        'content-type': type,
      },
      body: new Uint8Array(body),
    });
  }
  const taken = async (answer: Promise<Response>): Promise<Deployed> => {
    const { status } = await answer;
    const text = await (await answer).text();
    assert.equal(status, 200, text);
    return JSON.parse(text) as Deployed;
  };
  const known = async () => {
    const { rows } = await site.test.pool.query<{ id: string; owner: string }>(
      `SELECT dag_id AS id, managed_by AS owner FROM podline.dag WHERE active AND managed_by LIKE 'api:%' ORDER BY 1`,
    );
    return rows.map(({ id, owner }) => `${id} ${owner}`);
  };

  it('says first what would change, and then changes it', async () => {
    const first = await packedBuild(simple('one'), simple('two'));
    const plan = await taken(deploy('ed', first, 'name=team&dryRun=true'));
    assert.deepEqual(
      plan.dags.map(({ dagId, change, version }) => [dagId, change, version]),
      [
        ['one', 'new', null],
        ['two', 'new', null],
      ],
    );
    assert.deepEqual(await known(), []);
    assert.deepEqual(
      (await taken(deploy('ed', first))).dags,
      plan.dags.map((dag) => ({ ...dag, version: 1 })),
    );
    assert.deepEqual(await known(), ['one api:team', 'two api:team']);
    const again = await taken(deploy('ed', first, 'name=team&dryRun=true'));
    assert.ok(again.dags.every(({ change, version }) => change === 'unchanged' && version === 1));
    const second = await packedBuild(simple('one', '0 6 * * *'));
    assert.deepEqual(await taken(deploy('etl', second)), {
      managedBy: 'api:team',
      dryRun: false,
      dags: [
        { dagId: 'one', change: 'changed', changes: ['schedule: none => "0 6 * * *"'], version: 2 },
        { dagId: 'two', change: 'removed', changes: [], version: null },
      ],
    });
    assert.deepEqual(await known(), ['one api:team']);
    assert.deepEqual(
      (await auditRows(site, 'deploy')).map(({ actor, subject }) => [actor, subject]),
      [
        ['ed', 'one'],
        ['ed', 'two'],
        ['etl', 'one'],
      ],
    );
    assert.equal((await auditRows(site, 'deploy.remove')).at(-1)?.actor, 'etl');
  });

  it('takes no DAG from another owner', async () => {
    const answer = await deploy('ed', await packedBuild(simple('sales'), simple('three')));
    assert.deepEqual([answer.status, await codeOf(answer)], [409, 'refused.managed']);
    const other = await deploy('ed', await packedBuild(simple('one')), 'name=other');
    assert.deepEqual([other.status, await codeOf(other)], [409, 'refused.managed']);
    assert.deepEqual(await known(), ['one api:team']);
  });

  it('asks for the right to deploy each DAG, as it is and as it will be', async () => {
    assert.equal((await deploy('op', await packedBuild(simple('four')))).status, 403);
    const untagged = dag('five', {}, (d) => void d.task('load', bash({ script: 'true' })));
    for (const who of ['etl', 'ci']) {
      const answer = await deploy(who, await packedBuild(untagged), 'name=mine');
      assert.deepEqual([answer.status, await codeOf(answer)], [403, 'auth.forbidden']);
      // Nor is it told who has the DAG of somebody else.
      const other = await deploy(who, await packedBuild(simple('sales')), 'name=mine');
      assert.deepEqual([other.status, await codeOf(other)], [403, 'auth.forbidden']);
    }
    assert.deepEqual(await known(), ['one api:team']);
  });

  it('says no before any of the build was sent', async () => {
    const browser = new Browser(site.base);
    assert.equal((await browser.signIn('op')).status, 204);
    const request = http.request(`${site.base}/api/v1/deploy?name=team`, {
      method: 'POST',
      headers: {
        cookie: browser.cookieHeader(),
        'x-podline-request': '1',
        'content-type': 'application/gzip',
        'content-length': 30 * 2 ** 20,
      },
    });
    request.flushHeaders();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    assert.equal(answer.statusCode, 403);
    request.on('error', () => undefined);
    request.destroy();
  });

  it('refuses what is no build: 4xx, never 5xx', async () => {
    const good = await packedBuild(simple('six'));
    const cases: [Buffer, string?, string?][] = [
      [Buffer.from('not gzip')],
      [good.subarray(0, 100)],
      [gzipSync(Buffer.alloc(1024))],
      [gzipSync(Buffer.alloc(200 * 2 ** 20))],
      [Buffer.from('{}'), 'name=x', 'application/json'],
      [good, 'name=../x'],
      [good, ''],
    ];
    for (const [index, [body, query, type]] of cases.entries()) {
      const { status } = await deploy('ed', body, query, type);
      assert.ok(status >= 400 && status < 500, `case ${index}: ${status}`);
    }
    const large = await deploy('ed', Buffer.alloc(33 * 2 ** 20));
    assert.equal(large.status, 413);
  });

  it('names no folder of the webserver', async () => {
    const answer = await deploy('ed', Buffer.from('not gzip'));
    assert.match(await answer.text(), /"detail":"the build cannot be taken as a build/);
  });

  it('refuses each plan that lacks something or has it wrong, whoever made its hash', async () => {
    const value = dag('seven', { schedule: '@daily', startDate: '2026-01-01' }, (d) => {
      const first = d.task('first', bash({ script: 'true' }), { retries: 1, env: { A: 'b' } });
      d.map('each', { item: ['a', 'b'] }, () => bash({ script: 'true' }));
      d.task('last', bash({ script: 'true' }), { after: first });
    });
    const good = compile(value) as unknown as JsonObject;
    let refused = 0;
    for (const bad of changed(good)) {
      const archive = await packedPlans(bad as unknown as Plan);
      const answer = await deploy('ed', archive, 'name=seven');
      const text = await answer.text();
      // What may be left out may be another value, too.
      assert.ok(answer.status < 500, `${answer.status} ${text} for ${JSON.stringify(bad)}`);
      if (answer.status === 400) refused += 1;
    }
    assert.ok(refused > 100, `${refused} were refused`);
    const circle = structuredClone(compile(value));
    circle.tasks[0]?.upstream.push('last');
    const answer = await deploy('ed', await packedPlans(circle), 'name=seven');
    assert.deepEqual([answer.status, await codeOf(answer)], [400, 'build.unreadable']);
    assert.deepEqual(await known(), ['one api:team', 'seven api:seven']);
  });
});
