/** Stores, records, who may see what, and bad input: over all routes that read. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { audit } from '../../../runtime/commands/audit.ts';
import { z } from 'zod';
import type { Grant } from '../../../src/model/access.ts';
import { MAX_ID_LENGTH } from '../../../src/plan/ids.ts';
import { Dag, DagPage } from '../../../runtime/web/api/schema/dags.ts';
import { Overview } from '../../../runtime/web/api/schema/overview.ts';
import {
  AuditPage,
  BuildErrorList,
  ConnectionList,
  PoolList,
  VariablePage,
  WorkerList,
} from '../../../runtime/web/api/schema/platform.ts';
import { RunPage } from '../../../runtime/web/api/schema/runs.ts';
import { openSite, problemOf, registerSales, type Site } from './site.ts';

const OpenApi = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.object({ get: z.object({ operationId: z.string().optional() }).optional() }),
  ),
});

const FINANCE: Grant[] = [{ role: 'viewer', tag: 'finance' }];
const HIDDEN: Grant[] = [{ role: 'viewer', dag: 'hidden' }];

/** Ids, cursors and numbers that somebody may send. */
const HOSTILE = [
  ...['%00', '..%2f..%2fetc%2fpasswd', '%0d%0aSet-Cookie:x=1', '%e2%80%ae', '%ff', 'a'.repeat(300)],
  ...['__proto__', 'constructor', "'%20OR%201=1--", '%22;DROP%20TABLE%20podline.run;--', '$1'],
  ...[
    '<script>alert(1)<%2fscript>',
    '-1',
    '0',
    '1.5',
    '1e309',
    'NaN',
    '99999999999999999999',
    '%20',
  ],
];

describe('the API about the platform', function () {
  this.timeout(60_000);
  let site: Site;
  let reading: string[];
  before(async () => {
    site = await openSite();
    await registerSales(site.engine);
    await site.engine.run('sales');
    await site.engine.run('hidden');
    await site.engine.database.query(
      `INSERT INTO podline.variable (key, value, description) VALUES ('colour', '"red"', 'a colour'), ('zebra', '1', NULL)`,
    );
    await site.engine.database.query(
      `INSERT INTO podline.build_error (source, errors)
       SELECT source, '[{"source":"x","file":"x.ts","line":3,"column":1,"code":"build.failed","message":"no","remedy":"mend"}]'
         FROM podline.dag`,
    );
    await audit(site.engine.database, 'ada', 'trigger', 'sales run');
    await audit(site.engine.database, 'bob', 'pause', 'hidden');
    reading = site.web.routes
      .filter(({ method, url }) => method === 'GET' && url.startsWith('/api/v1/'))
      .map(({ url }) => url.slice('/api/v1'.length))
      .filter((url) => !/^\/(health|auth|events|openapi)/.test(url));
    assert.ok(reading.length > 25);
  });
  after(() => site.close());

  it('lists pools, workers and connections', async () => {
    const { items } = await site.read(PoolList, '/pools');
    assert.deepEqual(items[0]?.name, 'default_pool');
    assert.deepEqual((await site.read(ConnectionList, '/connections')).items, []);
    assert.deepEqual((await site.read(WorkerList, '/workers')).clusters, []);
  });

  it('tells values of variables to who may edit, alone', async () => {
    const { items } = await site.read(VariablePage, '/variables');
    assert.deepEqual(
      items.map(({ key, value }) => [key, value]),
      [
        ['colour', 'red'],
        ['zebra', 1],
      ],
    );
    const viewer = await site.read(VariablePage, '/variables?limit=1', [{ role: 'viewer' }]);
    assert.equal('value' in (viewer.items[0] ?? {}), false);
    const next = await site.read(VariablePage, `/variables?cursor=${viewer.next}`, [
      { role: 'viewer' },
    ]);
    assert.deepEqual(
      next.items.map(({ key }) => key),
      ['zebra'],
    );
  });

  it('lists who did what, to administrators alone', async () => {
    const who = async (query: string) =>
      (await site.read(AuditPage, `/audit?${query}`)).items.map(({ actor }) => actor);
    assert.deepEqual(await who('limit=2'), ['bob', 'ada']);
    assert.deepEqual(await who('actor=ada'), ['ada']);
    assert.deepEqual(await who('subject=hid&actor=bob'), ['bob']);
    assert.deepEqual(await who('action=pause&since=2020-01-01T00:00:00Z'), ['bob']);
    assert.equal((await site.get('/audit', [{ role: 'editor' }])).status, 403);
  });

  it('narrows every list to what may be seen', async () => {
    const dagsOf = async (path: '/dags' | '/runs', grants: Grant[]) =>
      (await site.read(path === '/dags' ? DagPage : RunPage, path, grants)).items.map(
        ({ dagId }) => dagId,
      );
    for (const [grants, own] of [
      [FINANCE, 'sales'],
      [HIDDEN, 'hidden'],
    ] as const) {
      assert.deepEqual(await dagsOf('/dags', grants), [own]);
      assert.deepEqual(await dagsOf('/runs', grants), [own]);
      const home = await site.read(Overview, '/overview', grants);
      assert.equal(home.dags.total, 1);
      assert.equal(home.runs.success, 1);
      const errors = await site.read(BuildErrorList, '/build-errors', grants);
      assert.deepEqual(
        errors.items.map(({ dags }) => dags),
        [[own]],
      );
    }
    assert.deepEqual(await dagsOf('/runs', []), []);
    assert.deepEqual((await site.read(BuildErrorList, '/build-errors', [])).items, []);
  });

  it('answers 404 for every address below a DAG that may not be seen', async () => {
    const below = reading.filter((url) => url.startsWith('/dags/:dagId'));
    assert.ok(below.length >= 15);
    for (const url of below) {
      const path = url
        .replace(':dagId', 'hidden')
        .replace(':runId', 'latest')
        .replace(':taskId', 'load')
        .replace(':mapIndex', '-1')
        .replaceAll(/:(number|version|from|to)/g, '1');
      const query = url.endsWith('/file') ? '?path=a' : '';
      const answer = await site.get(path + query, FINANCE);
      assert.equal(answer.status, 404, url);
      assert.equal((await problemOf(answer)).code, 'not_found.dag', url);
    }
  });

  it('answers bad ids, cursors and numbers with a 4xx and a code', async () => {
    for (const url of reading) {
      for (const bad of HOSTILE) {
        const paths = [url.replaceAll(/:\w+/g, bad)];
        if (url.startsWith('/dags/:dagId/')) {
          paths.push(url.replace(':dagId', 'sales').replaceAll(/:\w+/g, bad));
          paths.push(
            url.replace(':dagId', 'sales').replace(':runId', 'latest').replaceAll(/:\w+/g, bad),
          );
        }
        await Promise.all(
          paths.map(async (path) => {
            const answer = await site.get(path);
            const text = await answer.text();
            assert.ok(answer.status < 500, `${path}: ${answer.status} ${text}`);
            if (answer.status >= 400) assert.match(text, /"status":4\d\d/, path);
          }),
        );
      }
    }
    for (const url of reading) {
      const at = url
        .replace(':dagId', 'sales')
        .replace(':runId', 'latest')
        .replaceAll(/:\w+/g, '1');
      const names = ['cursor', 'limit', 'before', 'after', 'runs', 'since', 'q', 'state', 'path'];
      await Promise.all(
        names.flatMap((name) =>
          ['%00', '-1', '1e309', "'"].map(async (bad) => {
            const answer = await site.get(`${at}?${name}=${bad}`);
            assert.ok(answer.status < 500, `${at}?${name}=${bad}: ${await answer.text()}`);
          }),
        ),
      );
    }
    for (const cursor of ['e30', 'bm8', btoa('{"before":"x"}'), btoa('{"after":5}')]) {
      const answer = await site.get(`/runs?cursor=${cursor}`);
      assert.equal((await problemOf(answer)).code, 'request.bad_cursor', cursor);
    }
    assert.equal((await site.get('/me')).status, 200, 'the webserver goes on');
  });

  it('takes ids as long as ids may be, in every alphabet', async () => {
    const id = 'd'.repeat(MAX_ID_LENGTH);
    const nothing = bash({ script: 'true' });
    await site.engine.register(dag(id, {}, (d) => void d.task('t'.repeat(200), nothing)));
    assert.equal((await site.read(Dag, `/dags/${id}`)).dagId, id);
    const unknown = await problemOf(
      await site.get(`/dags/${encodeURIComponent('字'.repeat(250))}`),
    );
    assert.equal(unknown.code, 'not_found.dag');
  });

  it('tells also what never reaches a route as problem+json', async () => {
    const answer = await site.get(`/dags?q=${'x'.repeat(20_000)}`);
    assert.equal(answer.status, 431);
    assert.equal((await problemOf(answer)).status, 431);
  });

  it('describes every route that it has', async () => {
    const document = await site.read(OpenApi, '/openapi.json');
    for (const url of reading) {
      const path = `/api/v1${url.replaceAll(/:(\w+)/g, '{$1}')}`;
      const operation = document.paths[path]?.get;
      assert.ok(operation?.operationId, path);
    }
  });
});
