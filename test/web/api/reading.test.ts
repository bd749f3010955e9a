/** What the API tells of DAGs, runs and tasks that the real engine ran. */
import assert from 'node:assert/strict';
import { createBackfill } from '../../../runtime/commands/backfill.ts';
import { Dag, DagPage } from '../../../runtime/web/api/schema/dags.ts';
import { Graph, Grid, GridRuns } from '../../../runtime/web/api/schema/graph.ts';
import {
  Calendar,
  Diff,
  Durations,
  Version,
  VersionPage,
} from '../../../runtime/web/api/schema/history.ts';
import { Overview } from '../../../runtime/web/api/schema/overview.ts';
import { BackfillPage } from '../../../runtime/web/api/schema/platform.ts';
import {
  Run,
  AssetList,
  RunPage,
  TaskPage,
  TaskStates,
} from '../../../runtime/web/api/schema/runs.ts';
import { TaskInstance } from '../../../runtime/web/api/schema/taskInstance.ts';
import type { z } from 'zod';
import { openSite, problemOf, registerSales, type Site } from './site.ts';
import { dag, bash } from 'podline/dag';

describe('the API about DAGs, runs and tasks', function () {
  this.timeout(60_000);
  let site: Site;
  let failed: string;
  let good: string;
  before(async () => {
    site = await openSite();
    // Its row comes first: from here on the id of a version is another than its number.
    const first = dag('early', {}, (d) => void d.task('one', bash({ script: 'true' })));
    await site.engine.register(first);
    await site.engine.database.query(`DELETE FROM podline.dag WHERE dag_id = 'early'`);
    await registerSales(site.engine);
    site.engine.script('each', { output: { rows: 3 } });
    site.engine.script('warehouse.load', {
      fails: 'exit_code',
      exitCode: 3,
      message: 'no such table',
    });
    failed = await site.engine.run('sales');
    await site.engine.advance('1h');
    site.engine.script('warehouse.load', { output: 'x'.repeat(70_000) });
    good = await site.engine.run('sales');
  });
  after(() => site.close());

  it('lists DAGs with their last runs, and tells one whole', async () => {
    const { items, next } = await site.read(DagPage, '/dags');
    assert.deepEqual(
      items.map(({ dagId }) => dagId),
      ['hidden', 'sales'],
    );
    assert.equal(next, null);
    const sales = await site.read(Dag, '/dags/sales');
    assert.deepEqual(
      sales.lastRuns.map(({ runId, state }) => [runId, state]),
      [
        [good, 'success'],
        [failed, 'failed'],
      ],
    );
    assert.equal(sales.description, 'Sales of a day');
    assert.equal(sales.tasks, 3);
    assert.equal(sales.version, 1);
    assert.equal(sales.buildErrors.length, 0);
    assert.match(sales.versionCreatedAt, /^20\d\d-.*Z$/);
  });

  it('tells a run, why it failed, and how many tasks are where', async () => {
    const run = await site.read(Run, `/dags/sales/runs/${encodeURIComponent(failed)}`);
    assert.equal(run.state, 'failed');
    assert.match(run.reason ?? '', /warehouse\.load/);
    assert.deepEqual(run.counts, { success: 3, failed: 1, upstream_failed: 1 });
    assert.equal(run.version, 1);
    assert.equal(run.isLatestVersion, true);
    const latest = await site.read(Run, '/dags/sales/runs/latest');
    assert.equal(latest.runId, good);
    assert.equal(latest.reason, null);
  });

  it('lists task instances in the order of the plan, by pages, by state', async () => {
    const base = `/dags/sales/runs/${encodeURIComponent(failed)}/tasks`;
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: z.output<typeof TaskPage> = await site.read(
        TaskPage,
        `${base}?limit=2${next && `&cursor=${next}`}`,
      );
      assert.ok(page.items.length <= 2);
      for (const { taskId, mapIndex } of page.items) seen.push(`${taskId} ${mapIndex}`);
      next = page.next;
    }
    assert.deepEqual(seen, ['each 0', 'each 1', 'each 2', 'warehouse.load -1', 'report -1']);
    const from = await site.read(TaskPage, `${base}?taskId=each&fromMapIndex=1&limit=1`);
    assert.deepEqual([from.items[0]?.mapIndex, from.items.length], [1, 1]);
    const { items } = await site.read(TaskPage, `${base}?state=failed`);
    assert.equal(items.length, 1);
    const [task] = items;
    assert.match(task?.reason ?? '', /no such table/);
    const [first, second] = task?.bars ?? [];
    assert.ok(first?.endedAt && second && first.endedAt <= second.launchedAt, 'both attempts');
    assert.ok(task?.queuedAt && task.launchedAt && task.startedAt && task.endedAt);
  });

  it('tells states in short: of a mapped task the counts, too', async () => {
    const { tasks } = await site.read(
      TaskStates,
      `/dags/sales/runs/${encodeURIComponent(failed)}/states`,
    );
    const byId = new Map(tasks.map((task) => [task.taskId, task]));
    assert.deepEqual(byId.get('each')?.counts, { success: 3 });
    assert.equal(byId.get('warehouse.load')?.state, 'failed');
    assert.equal(byId.get('report')?.state, 'upstream_failed');
  });

  it('tells the graph of a run and of a DAG', async () => {
    const paths = ['/dags/sales/graph', '/dags/sales/graph?version=1'];
    for (const path of [...paths, '/dags/sales/runs/latest/graph']) {
      const { nodes, edges, groups, version } = await site.read(Graph, path);
      assert.deepEqual(
        nodes.map(({ taskId, isMapped }) => [taskId, isMapped]),
        [
          ['each', true],
          ['warehouse.load', false],
          ['report', false],
        ],
      );
      assert.deepEqual(edges, [
        [0, 1],
        [1, 2],
      ]);
      assert.equal(version, 1);
      assert.equal(nodes[1]?.group, 'warehouse');
      assert.deepEqual(groups, [{ id: 'warehouse', label: null, parent: null }]);
    }
    const lost = await problemOf(await site.get('/dags/sales/graph?version=999999'));
    assert.equal(lost.code, 'not_found.version');
  });

  it('tells a grid of cells, newest run first, by pages', async () => {
    const grid = await site.read(Grid, '/dags/sales/grid?runs=1');
    const of = (run?: { cells: string }) =>
      Array.from(run?.cells ?? '', (cell) => grid.states[parseInt(cell, 36)]);
    assert.deepEqual(of(grid.runs[0]), ['success', 'success', 'success']);
    assert.deepEqual(grid.runs[0]?.mapped, { 0: { success: 3 } });
    assert.equal(grid.runs[0].version, 1);
    const older = await site.read(Grid, `/dags/sales/grid?runs=1&before=${grid.next}`);
    assert.deepEqual(of(older.runs[0]), ['success', 'failed', 'upstream_failed']);
    assert.equal(older.next, null);
  });

  it('tells single runs of a grid, and its tasks only to who has none or others', async () => {
    const { order, runs, tasks } = await site.read(Grid, '/dags/sales/grid');
    const ask = async (query: Record<string, string>, dag = 'sales') =>
      site.read(GridRuns, `/dags/${dag}/grid/runs?${new URLSearchParams(query).toString()}`);
    const alone = await ask({ runId: failed });
    assert.deepEqual(alone.tasks, tasks);
    assert.deepEqual(alone.runs, [runs[1]]);
    const known = await ask({ runId: good, order: order ?? '' });
    assert.deepEqual([known.tasks, known.runs, known.order], [null, [runs[0]], order]);
    const both = [failed, good, 'nothing'].map((id) => `runId=${encodeURIComponent(id)}`);
    const named = await site.read(GridRuns, `/dags/sales/grid/runs?${both.join('&')}`);
    assert.deepEqual(named.runs, runs);
    // Of another DAG: neither its runs nor its tasks.
    const hidden = await ask({ runId: good, order: order ?? '' }, 'hidden');
    assert.deepEqual(hidden.runs, []);
    assert.deepEqual(
      hidden.tasks?.map(({ taskId }) => taskId),
      ['load'],
    );
    for (const query of ['', '?runId=', `?runId=${good}&order=x`]) {
      assert.equal((await site.get(`/dags/sales/grid/runs${query}`)).status, 400, query);
    }
  });

  it('tells a task instance: attempts, causes in words, outputs; long ones by length', async () => {
    const base = `/dags/sales/runs/${encodeURIComponent(failed)}/tasks/warehouse.load/-1`;
    const task = await site.read(TaskInstance, base);
    assert.equal(task.state, 'failed');
    assert.deepEqual(
      task.attemptList.map(({ number, exitCode, causeWords, isInfrastructure }) => [
        ...[number, exitCode, causeWords, isInfrastructure],
      ]),
      [
        [2, 3, 'no such table', false],
        [1, 3, 'no such table', false],
      ],
    );
    assert.equal((task.task as { operator: string }).operator, 'bash');
    assert.deepEqual(task.upstream, ['each']);
    const each = await site.read(TaskInstance, `/dags/sales/runs/latest/tasks/each/1`);
    assert.deepEqual(each.xcoms[0]?.value, { rows: 3 });
    const long = await site.read(TaskInstance, '/dags/sales/runs/latest/tasks/warehouse.load/-1');
    const [xcom] = long.xcoms;
    assert.deepEqual([xcom?.value, xcom?.bytes, xcom?.isLong], [null, 70_002, true]);
    for (const lost of ['warehouse.load/0', 'nothing/-1']) {
      const answer = await site.get(base.replace('warehouse.load/-1', lost));
      assert.equal(answer.status, 404);
      assert.equal((await problemOf(answer)).code, 'not_found.task');
    }
  });

  it('tells which assets a run wrote, and who reads them', async () => {
    const { assets } = await site.read(
      AssetList,
      `/dags/sales/runs/${encodeURIComponent(failed)}/assets`,
    );
    const use = (taskId: string, state: string, isMapped = false) => ({
      taskId,
      isMapped,
      state,
      at: null,
    });
    assert.deepEqual(
      assets.map(({ name, writtenBy }) => [name, writtenBy]),
      [
        ['s3://shop/orders', []],
        ['warehouse.sales', [use('warehouse.load', 'failed')]],
      ],
    );
    assert.deepEqual(assets[1]?.readBy, [use('report', 'upstream_failed')]);
    const later = await site.read(AssetList, '/dags/sales/runs/latest/assets');
    const [each] = later.assets[0]?.readBy ?? [];
    assert.deepEqual([each?.isMapped, each?.state], [true, 'success']);
    const [load] = later.assets[1]?.writtenBy ?? [];
    assert.equal(load?.state, 'success');
    assert.match(load.at ?? '', /^20\d\d-.*Z$/);
  });

  it('lists runs of all DAGs: filters, pages, and no row twice when new ones come', async () => {
    const first = await site.read(RunPage, '/runs?limit=1');
    assert.equal(first.items[0]?.runId, good);
    await site.engine.run('hidden');
    const second = await site.read(RunPage, `/runs?limit=1&cursor=${first.next}`);
    assert.equal(second.items[0]?.runId, failed);
    assert.equal(second.next, null);
    const ids = async (query: string) =>
      (await site.read(RunPage, `/runs?${query}`)).items.map(({ dagId }) => dagId);
    assert.deepEqual(await ids('state=failed'), ['sales']);
    assert.deepEqual(await ids('state=running'), []);
    assert.deepEqual(await ids('dagId=hidden'), ['hidden']);
    assert.deepEqual(await ids('kind=scheduled'), []);
    assert.equal((await ids('since=2026-01-01T00:30:00Z')).length, 2);
    assert.deepEqual(await ids('dagId=sales&state=queued'), []);
    // A day of no DAG begins nowhere: refused, not left out.
    const refused = await site.get('/runs?day=2026-01-01');
    assert.equal(refused.status, 400);
    assert.match((await problemOf(refused)).detail, /day: .*name it with `dagId`, or use `since`/);
  });

  it('tells the day, the durations, and the home page', async () => {
    const { days, timezone } = await site.read(Calendar, '/dags/sales/calendar?year=2026');
    assert.equal(timezone, 'UTC');
    assert.deepEqual(days, [{ day: '2026-01-01', queued: 0, running: 0, success: 1, failed: 1 }]);
    assert.deepEqual((await site.read(Calendar, '/dags/sales/calendar?year=2025')).days, []);
    const ofDay = async (day: string, more = '') =>
      (await site.read(RunPage, `/runs?dagId=sales&day=${day}${more}`)).items.length;
    assert.equal(await ofDay('2026-01-01'), 2);
    assert.equal(await ofDay('2026-01-01', '&state=failed'), 1);
    assert.equal(await ofDay('2026-01-02'), 0);
    assert.equal((await site.get('/runs?dagId=sales&day=2026-02-30')).status, 400);
    const { runs, tasks } = await site.read(Durations, '/dags/sales/durations');
    assert.deepEqual(
      runs.map(({ runId }) => runId),
      [failed, good],
    );
    assert.equal(tasks.length, 3);
    const load = await site.read(Durations, '/dags/sales/durations?taskId=warehouse.load');
    assert.equal(load.runs.length, 2);
    const home = await site.read(Overview, '/overview');
    assert.equal(home.dags.total, 2);
    assert.equal(home.runs.failed, 1);
    assert.equal(home.failed[0]?.runId, failed);
    assert.equal(
      home.hours.reduce((sum, hour) => sum + hour.failed, 0),
      1,
    );
    assert.equal(home.pools[0]?.name, 'default_pool');
  });

  it('tells open runs first that began first, and says what they wait for', async () => {
    site.engine.script('warehouse.load', 'hang');
    await site.engine.advance('1m');
    const open = await site.engine.run('sales');
    const home = await site.read(Overview, '/overview');
    assert.deepEqual(
      home.active.map(({ runId }) => runId),
      [open],
    );
    assert.equal(home.tasks.running, 1);
    const report = await site.read(TaskInstance, '/dags/sales/runs/latest/tasks/report/-1');
    assert.equal(report.reason, 'waits for warehouse.load (running)');
    await site.engine.executor.finish('warehouse.load');
    await site.engine.settle();
    site.engine.script('warehouse.load', {});
  });

  it('tells versions, their tasks, and the difference in words', async () => {
    const [before] = (await site.read(VersionPage, '/dags/sales/versions')).items;
    await registerSales(site.engine, true);
    const { items } = await site.read(VersionPage, '/dags/sales/versions');
    assert.deepEqual(
      items.map(({ version, isCurrent, tasks }) => [version, isCurrent, tasks]),
      [
        [2, true, 4],
        [1, false, 3],
      ],
    );
    const after = await site.read(Version, `/dags/sales/versions/${items[0]?.version}`);
    const page = await site.read(VersionPage, '/dags/sales/versions?limit=1');
    const older = await site.read(VersionPage, `/dags/sales/versions?limit=1&cursor=${page.next}`);
    assert.deepEqual([older.items, older.next], [[items[1]], null]);
    const moved = await site.read(Run, '/dags/sales/runs/latest');
    assert.deepEqual([moved.version, moved.isLatestVersion], [1, false]);
    const graph = await site.read(Graph, '/dags/sales/runs/latest/graph');
    assert.deepEqual([graph.version, graph.nodes.length], [1, 3]);
    assert.equal((await site.read(Graph, '/dags/sales/graph')).version, 2);
    assert.equal((after.taskList.at(-1) as { id: string }).id, 'more');
    assert.deepEqual(after.files, []);
    const diff = await site.read(
      Diff,
      `/dags/sales/versions/${before?.version}/diff/${items[0]?.version}`,
    );
    assert.equal(diff.changes.at(-1), '+ task more (bash, after warehouse.load)');
    assert.deepEqual(
      diff.tasks.map(({ taskId, kind }) => `${taskId} ${kind}`),
      // Priorities follow from what comes behind.
      ['each changed', 'warehouse.load changed', 'more added'],
    );
    assert.deepEqual([diff.from, diff.to], [1, 2]);
    // Of another DAG that has one: its number 1 is not the one of sales.
    const other = await site.read(Version, '/dags/hidden/versions/1');
    assert.deepEqual(
      (other.taskList as { id: string }[]).map(({ id }) => id),
      ['load'],
    );
    const foreign = await site.get('/dags/hidden/versions/2');
    assert.equal((await problemOf(foreign)).code, 'not_found.version');
    const file = await site.get(`/dags/sales/versions/${before?.version}/file?path=../etc/passwd`);
    assert.equal((await problemOf(file)).code, 'not_found.file');
  });

  it('lists backfills with the states of their runs', async () => {
    await site.engine.register(
      dag(
        'daily',
        { schedule: '@daily', startDate: '2025-12-01T00:00:00Z' },
        (d) => void d.task('one', bash({ script: 'true' })),
      ),
    );
    const range = { from: '2025-12-01T00:00:00Z', to: '2025-12-03T00:00:00Z' };
    await createBackfill(site.engine.database, 'daily', range);
    const { items } = await site.read(BackfillPage, '/backfills?dagId=daily');
    const [backfill] = items;
    assert.ok(backfill && items.length === 1);
    assert.deepEqual(backfill.counts, { queued: 3 });
    const runs = await site.read(RunPage, `/runs?backfill=${backfill.id}`);
    assert.equal(runs.items.length, 3);
    await site.engine.settle();
    assert.deepEqual((await site.read(BackfillPage, '/backfills')).items[0]?.counts, {
      success: 3,
    });
  });
});
