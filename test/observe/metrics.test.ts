/** What is counted, under which names, and that counting stays cheap however long the queues are. */
import assert from 'node:assert/strict';
import { readLoad } from '../../runtime/database/queries/readLoad.ts';
import { openPool } from '../../runtime/database/pool.ts';
import { Heartbeat } from '../../runtime/observe/heartbeat.ts';
import { loadMetrics } from '../../runtime/observe/loadMetrics.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { Metrics } from '../../runtime/observe/metrics.ts';
import { clusterMetrics } from '../../runtime/observe/clusterMetrics.ts';
import { ApiQueue } from '../../runtime/pods/apiQueue.ts';
import { schedulerMetrics } from '../../runtime/observe/schedulerMetrics.ts';
import type { TickResult } from '../../runtime/scheduler/tick.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';

const quiet = openLog('silent');

/** Lines of one metric, without comments. */
async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const lines = (await metrics.text()).split('\n');
  return lines.filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`)).sort();
}

describe('metrics of a process', () => {
  it('say which program it is, and how it does', async () => {
    const metrics = new Metrics('web', quiet);
    const [info = ''] = await linesOf(metrics, 'podline_build_info');
    assert.match(
      info,
      /^podline_build_info\{version="\d+\.\d+\.\d+.*",process="web",node="v\d+.*"\} 1$/,
    );
    for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']) {
      assert.equal((await linesOf(metrics, name)).length, 1, name);
    }
    assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  });
});

describe('metrics of a scheduler', () => {
  const result: TickResult = {
    runs: 2,
    events: 5,
    ended: [],
    moves: 4,
    admitted: 2,
    launched: 3,
    launchedBy: [
      { executor: 'local', count: 2 },
      { executor: 'kubernetes', count: 1 },
    ],
    backlog: false,
    startedRuns: 1,
    endedRuns: 1,
    spans: 0,
  };
  const end = (state: 'success' | 'failed', cause: string | null) => ({
    ...{ instanceId: 1, attemptId: 1, exitCode: null, message: null, outcome: null },
    state,
    cause,
  });

  it('add up what its ticks did', async () => {
    const metrics = new Metrics('scheduler', quiet);
    const meter = schedulerMetrics(metrics, new Heartbeat(60));
    const ended = [end('success', null), end('failed', 'oom'), end('failed', 'oom')];
    meter.ticked({ ...result, ended }, 30);
    meter.ticked(result, 3_000);
    meter.failed('database');
    const text = await metrics.text();
    for (const line of [
      'podline_scheduler_tick_seconds_bucket{le="0.025"} 0',
      'podline_scheduler_tick_seconds_bucket{le="0.05"} 1',
      'podline_scheduler_tick_seconds_count 2',
      'podline_scheduler_tick_seconds_sum 3.03',
      'podline_events_decided_total 10',
      'podline_runs_started_total 2',
      'podline_runs_ended_total 2',
      'podline_attempts_launched_total{executor="local"} 4',
      'podline_attempts_launched_total{executor="kubernetes"} 2',
      'podline_attempts_ended_total{state="success",cause=""} 1',
      'podline_attempts_ended_total{state="failed",cause="oom"} 2',
      'podline_scheduler_failures_total{what="database"} 1',
      'podline_scheduler_failures_total{what="tick"} 0',
    ]) {
      assert.ok(text.includes(`\n${line}\n`), line);
    }
  });

  it('tell the calls to each cluster', async () => {
    const metrics = new Metrics('scheduler', quiet);
    const queue = new ApiQueue({ log: quiet });
    clusterMetrics(metrics, () => [{ name: 'west', stats: queue.stats }]);
    const call = { kind: 'create', namespace: 'etl', onFailed: () => {} } as const;
    await new Promise<void>((resolve) => {
      const run = (): Promise<void> => {
        resolve();
        return Promise.resolve();
      };
      queue.add({ ...call, key: 'a', run });
    });
    await queue.close();
    const text = await metrics.text();
    for (const line of [
      'podline_cluster_calls_total{cluster="west",kind="create"} 1',
      'podline_cluster_calls_total{cluster="west",kind="kill"} 0',
      'podline_cluster_calls_waiting{cluster="west"} 0',
      'podline_cluster_calls_refused_total{cluster="west",how="failed"} 0',
    ]) {
      assert.ok(text.includes(`\n${line}\n`), line);
    }
  });

  it('take no label from what a worker reports', async () => {
    const metrics = new Metrics('scheduler', quiet);
    const meter = schedulerMetrics(metrics, new Heartbeat(60));
    const ended = Array.from({ length: 50 }, (_, index) => end('failed', `made up ${index}`));
    meter.ticked({ ...result, ended }, 1);
    assert.deepEqual(await linesOf(metrics, 'podline_attempts_ended_total'), [
      'podline_attempts_ended_total{state="failed",cause="other"} 50',
    ]);
  });

  it('tell how old the last round of the loop is', async () => {
    let now = 0;
    const metrics = new Metrics('scheduler', quiet);
    const meter = schedulerMetrics(metrics, new Heartbeat(60, () => now));
    now = 12_500;
    const name = 'podline_scheduler_loop_age_seconds';
    assert.deepEqual(await linesOf(metrics, name), [`${name} 12.5`]);
    meter.beat();
    assert.deepEqual(await linesOf(metrics, name), [`${name} 0`]);
  });
});

describe('metrics of the installation', () => {
  let test: TestDatabase;
  before(async () => {
    test = await testDatabase();
  });
  after(() => test.drop());
  afterEach(() =>
    test.pool.query(
      'DELETE FROM podline.task_instance; DELETE FROM podline.attempt; DELETE FROM podline.worker',
    ),
  );

  async function queue(executor: string, count: number, seconds: number): Promise<void> {
    await test.pool.query(
      `INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor, queued_at)
       SELECT 1, 'd', $1, n, 'queued', 'default_pool', $1, now() - make_interval(secs => $3)
         FROM generate_series(1, $2::int) n`,
      [executor, count, seconds],
    );
  }

  let instance = 0;
  async function attempts(executor: string, state: string, count: number, gone = false) {
    await test.pool.query(
      `INSERT INTO podline.attempt (instance_id, run_id, number, executor, state, gone_at)
       SELECT $5 + n, 1, 1, $1, $2, CASE WHEN $4 THEN now() END FROM generate_series(1, $3::int) n`,
      [executor, state, count, gone, (instance += 1000)],
    );
  }

  it('are queues, their age, attempts, pools and who is alive', async () => {
    await queue('local', 3, 90);
    await queue('pool:gpu', 2, 5);
    await attempts('local', 'running', 4, true);
    await test.pool.query(`UPDATE podline.pool SET used = 7`);
    const worker = (id: string, kind: string, executors: string, pid: number, age = 0) =>
      test.pool.query(
        `INSERT INTO podline.worker (id, kind, host, pid, lock_key, executors, slots, heartbeat_at)
         VALUES ($1, $2, 'h', $4, 1, $3, 4, clock_timestamp() - make_interval(secs => $5))`,
        [id, kind, executors, pid, age],
      );
    await worker('a', 'scheduler', '{local}', 1);
    await worker('b', 'scheduler', '{kubernetes}', 1);
    await worker('c', 'scheduler', '{}', 2);
    await worker('d', 'pool', '{pool:gpu}', 3);
    await worker('e', 'pool', '{pool:gpu}', 4, 60);

    const metrics = new Metrics('web', quiet);
    loadMetrics(metrics, test.pool);
    const expected: Record<string, string[]> = {
      podline_database_up: [' 1'],
      podline_tasks_queued: ['{executor="local"} 3', '{executor="pool:gpu"} 2'],
      podline_tasks_active: [],
      podline_pool_slots: ['{pool="default_pool"} 128'],
      podline_pool_slots_used: ['{pool="default_pool"} 7'],
      podline_schedulers_alive: [' 2'],
      podline_executor_workers: [
        '{executor="kubernetes"} 1',
        '{executor="local"} 1',
        '{executor="pool:gpu"} 1',
      ],
      podline_executor_slots: [
        '{executor="kubernetes"} 4',
        '{executor="local"} 4',
        '{executor="pool:gpu"} 4',
      ],
    };
    for (const [name, lines] of Object.entries(expected)) {
      assert.deepEqual(
        await linesOf(metrics, name),
        lines.map((line) => `${name}${line}`),
      );
    }
    const ages = await linesOf(metrics, 'podline_tasks_queued_oldest_seconds');
    assert.match(ages[0] ?? '', /\{executor="local"\} 9\d(\.|$)/);
    assert.match(ages[1] ?? '', /\{executor="pool:gpu"\} [5-9](\.|$)/);
  });

  it('count live attempts by state', async () => {
    await attempts('local', 'running', 4);
    await attempts('kubernetes', 'launching', 2);
    await attempts('kubernetes', 'success', 2);
    const { active } = await readLoad(test.pool);
    assert.deepEqual(
      active.map(({ executor, state, tasks }) => `${executor} ${state} ${tasks}`).sort(),
      ['kubernetes launching 2', 'local running 4'],
    );
  });

  it('stop counting at 10,000, and ask for what they show at most every 5 s', async () => {
    await queue('local', 10_500, 1);
    let queries = 0;
    const counted = new Proxy(test.pool, {
      get(target, name) {
        if (name === 'query') queries += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const metrics = new Metrics('web', quiet);
    loadMetrics(metrics, counted);
    const name = 'podline_tasks_queued';
    assert.deepEqual(await linesOf(metrics, name), [`${name}{executor="local"} 10000`]);
    const once = queries;
    await Promise.all([metrics.text(), metrics.text()]);
    assert.equal(queries, once);
  });

  it('find live rows by index, not by reading the history', async () => {
    await test.pool.query(
      `INSERT INTO podline.attempt (instance_id, run_id, number, executor, state, ended_at, gone_at)
       SELECT n, 1, 1, 'local', 'success', now(), now() FROM generate_series(1, 20000) n`,
    );
    await test.pool.query(
      `INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor)
       SELECT 2, 'd', 't', n, 'success', 'default_pool', 'local' FROM generate_series(1, 20000) n`,
    );
    await test.pool.query('VACUUM ANALYZE podline.attempt');
    const client = await test.pool.connect();
    try {
      const read = async () => {
        const { rows } = await client.query<{ rows: number }>(
          `SELECT sum(seq_tup_read)::int AS rows FROM pg_stat_xact_all_tables
            WHERE schemaname = 'podline' AND relname IN ('attempt', 'task_instance')`,
        );
        return rows[0]?.rows ?? 0;
      };
      await client.query('BEGIN');
      const before = await read();
      await readLoad(client);
      assert.equal((await read()) - before, 0);
      await client.query('SET LOCAL enable_seqscan = on; SELECT count(cause) FROM podline.attempt');
      assert.ok((await read()) - before >= 20_000, 'it would have been seen');
      await client.query('ROLLBACK');
    } finally {
      client.release();
    }
  });

  it('leave figures out when the database is away, and say so once', async () => {
    const warnings: unknown[] = [];
    const log = { ...quiet, warn: (fields: object) => warnings.push(fields) };
    const away = openPool('postgresql://a:b@127.0.0.1:1/c', { patienceMs: 500 });
    const metrics = new Metrics('web', log);
    loadMetrics(metrics, away);
    for (let scrape = 0; scrape < 2; scrape++) {
      assert.deepEqual(await linesOf(metrics, 'podline_database_up'), ['podline_database_up 0']);
      assert.deepEqual(await linesOf(metrics, 'podline_schedulers_alive'), []);
    }
    assert.equal(warnings.length, 1);
    assert.match(JSON.stringify(warnings), /ECONNREFUSED/);
    await away.end();
  });
});
