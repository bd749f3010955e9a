/**
 * What each route reads of a large database: asked of PostgreSQL itself, which says how many rows of each table a
 * statement touched. Times depend on the machine; rows do not.
 */
import assert from 'node:assert/strict';
import { type FastifyInstance, fastify } from 'fastify';
import type { Database } from '../../runtime/database/pool.ts';
import { openPool } from '../../runtime/database/pool.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import { type Identity, LOCAL } from '../../src/model/access.ts';
import { serveApi } from '../../runtime/web/api/api.ts';
import { Auth } from '../../runtime/web/auth/auth.ts';
import { NO_AUTH_SETTINGS } from '../../runtime/people/settings.ts';
import { fill, open, writeLog, writeLogs } from './fill.ts';

const TASKS = 10;
const DAGS = 1000;
/** 1,000,000 task instances. */
const RUNS = 100;
const LOG_BYTES = 100 * 1024 * 1024;
const LARGE = new Set(['task_instance', 'attempt', 'run', 'log_chunk', 'xcom']);

interface Statement {
  text: string;
  values: unknown[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

describe('a large database', function () {
  this.timeout(600_000);
  let test: TestDatabase;
  let database: Database;
  let server: FastifyInstance;
  let identity: Identity = LOCAL;
  const asked: Statement[] = [];

  before(async () => {
    test = await testDatabase();
    database = openPool(test.url, { looking: true, applicationName: 'podline-web' });
    await fill(database, { dags: DAGS, runs: RUNS, tasks: TASKS });
    await open(database, 200);
    const { rows } = await database.query<{ id: number }>(
      `SELECT a.id FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
         JOIN podline.run r ON r.id = t.run_id WHERE r.dag_id = 'dag-7' AND r.run_id = 'run-1' AND t.task_id = 't3'`,
    );
    await writeLogs(database);
    await writeLog(database, rows[0]?.id ?? 0, LOG_BYTES);
    await database.query('ANALYZE');
    const recorded = new Proxy(database, {
      get(pool, name) {
        if (name !== 'query') return Reflect.get(pool, name) as unknown;
        return (first: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
          const text = typeof first === 'string' ? first : first.text;
          asked.push({
            text,
            values: values ?? (typeof first === 'string' ? [] : (first.values ?? [])),
          });
          return pool.query(first as never, values as never) as unknown;
        };
      },
    });
    const log = openLog('silent');
    server = fastify();
    server.decorateRequest('identity', null);
    server.addHook('onRequest', async (request) => void (request.identity = identity));
    serveApi(server, { database: recorded, auth: new Auth(database, NO_AUTH_SETTINGS, log) }, log);
    await server.ready();
  });
  after(async () => {
    await server.close();
    await database.end();
    await test.drop();
  });

  /** Rows of large tables that the statements of a request touched, and what it took. */
  async function cost(url: string) {
    asked.length = 0;
    const warm = await server.inject(`/api/v1${url}`);
    assert.equal(warm.statusCode, 200, `${url}: ${warm.body.slice(0, 500)}`);
    const statements = [...asked];
    const began = performance.now();
    await server.inject(`/api/v1${url}`);
    const took = performance.now() - began;
    let rows = 0;
    const wholes: string[] = [];
    for (const { text, values } of statements) {
      const { rows: plans } = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
        values,
      );
      const visit = (node: PlanNode): void => {
        if (LARGE.has(node['Relation Name'] ?? '')) {
          const removed =
            (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
          rows += (node['Actual Rows'] + removed) * node['Actual Loops'];
          if (node['Node Type'] === 'Seq Scan' && node['Actual Rows'] > 0)
            wholes.push(node['Relation Name'] ?? '');
        }
        node.Plans?.forEach(visit);
      };
      for (const { Plan } of plans[0]?.['QUERY PLAN'] ?? []) visit(Plan);
    }
    return { rows, took, wholes };
  }

  const run = '/dags/dag-7/runs/run-1';
  /** What a route shows, and so how many rows it may touch. */
  const MOST: [string, number][] = [
    ['/dags?limit=50', 51 * 20],
    ['/dags?q=dag-99&limit=50', 51 * 20],
    ['/dags?tag=team-3&limit=50', 51 * 20],
    ['/dags/dag-7', 20],
    // Runs of a day are counted.
    ['/overview', 24 * DAGS + 2_500],
    ['/runs', 51],
    ['/runs?state=failed', 51],
    ['/runs?state=running', 250],
    ['/runs?dagId=dag-7', 51],
    [`/runs?dagId=dag-7&day=${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}`, 60],
    [`/runs?since=${new Date(Date.now() - 30 * 60_000).toISOString()}`, 251],
    ['/dags/dag-7/grid?runs=25', 26 * (TASKS + 1)],
    ['/dags/dag-7/grid/runs?runId=run-1&runId=run-2', 2 * (TASKS + 1)],
    ['/dags/dag-7/graph', 0],
    ['/dags/dag-7/calendar', RUNS + 10],
    ['/dags/dag-7/durations', RUNS * (TASKS + 1) + 10],
    ['/dags/dag-7/versions', 0],
    [run, TASKS + 1],
    [`${run}/tasks`, TASKS * 4 + 1],
    [`${run}/states`, TASKS + 1],
    [`${run}/graph`, 1],
    [`${run}/tasks/t3/-1`, TASKS * 2 + 5],
    // Lengths of 6,400 chunks, twice, and the text of sixteen.
    [`${run}/tasks/t3/-1/attempts/1/log?after=50000000`, 2 * 6_400 + 64],
    [`${run}/tasks/t3/-1/attempts/1/log?after=-65536`, 2 * 6_400 + 64],
    ['/pools', 0],
    ['/variables', 0],
    ['/connections', 0],
    ['/workers', 400],
    ['/audit', 0],
    ['/backfills', 0],
    ['/build-errors', 0],
  ];
  for (const [url, most] of MOST) {
    it(`GET ${url.replace(/(since|day)=.*/, '$1=')} reads what it shows`, async () => {
      const { rows, took, wholes } = await cost(url);
      assert.deepEqual(wholes, [], 'a large table is read whole');
      assert.ok(rows <= most, `${rows} rows of large tables, ${most} would do`);
      assert.ok(took < 1000, `${took} ms`);
    });
  }

  it('is read no further by who may see ten DAGs', async () => {
    identity = { ...LOCAL, grants: [{ role: 'viewer', dag: 'dag-7' }] };
    try {
      const { rows } = await cost('/dags');
      assert.ok(rows <= 20, `${rows}`);
      const runs = await cost('/runs');
      assert.ok(runs.took < 1000, `${runs.took} ms`);
    } finally {
      identity = LOCAL;
    }
  });
});
