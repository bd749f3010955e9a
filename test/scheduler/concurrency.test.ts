/** Two schedulers on one database at the same instant: every tick one run, nothing doubled, nothing lost. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { openPool } from '../../runtime/database/pool.ts';
import { collectDue } from '../../runtime/database/queries/collectDue.ts';
import { RunCache } from '../../runtime/scheduler/runCache.ts';
import { tick } from '../../runtime/scheduler/tick.ts';
import { makeDueRuns } from '../../runtime/scheduler/timetable.ts';
import { ScriptedExecutor } from '../../runtime/testing/scriptedExecutor.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

/** Schedulers with memories and executors of their own, all doing everything at the same time. */
async function schedulers(engine: TestEngine, count: number) {
  const worker = openPool(engine.testDatabase.workerUrl);
  const all = Array.from({ length: count }, (_, at) => ({
    cache: new RunCache(),
    executor: new ScriptedExecutor({
      workerId: `w${at}`,
      worker,
      owner: engine.database,
    }),
  }));
  const round = async () => {
    const results = await Promise.all(
      all.map(async ({ cache, executor }) => {
        const due = await collectDue(engine.database, ['local'], 3600);
        const made = due.dags ? await makeDueRuns(engine.database) : 0;
        const result = await tick(engine.database, {
          executors: [executor],
          cache,
          random: () => 0.5,
          admitAnyway: true,
          launchAnyway: true,
        });
        await executor.stopUnwanted();
        const ran = await executor.drain();
        return made > 0 || ran || result.runs > 0 || result.startedRuns > 0 || result.admitted > 0;
      }),
    );
    return results.some(Boolean);
  };
  return {
    all,
    round,
    /** Until nobody finds anything three times in a row. */
    async settle() {
      for (let idle = 0; idle < 3;) idle = (await round()) ? 0 : idle + 1;
    },
    started: () => all.flatMap(({ executor }) => executor.ledger),
    close: () => worker.end(),
  };
}

describe('several schedulers at once', () => {
  engineIt('twenty DAGs, ten ticks each: one run a tick, one attempt a task', async (engine) => {
    const ids = Array.from({ length: 20 }, (_, at) => `d${at}`);
    await engine.register(
      ...ids.map((id) =>
        dag(id, { schedule: '@hourly', startDate: '2025-12-31T14:00:00Z', catchup: true }, (d) => {
          const a = d.task('a', work);
          d.task('b', work, { after: a });
        }),
      ),
    );
    const group = await schedulers(engine, 3);
    try {
      await group.settle();
    } finally {
      await group.close();
    }
    for (const id of ids) {
      const runs = await engine.runs(id);
      assert.equal(runs.length, 10, id);
      assert.equal(new Set(runs.map(({ logicalDate }) => logicalDate?.getTime())).size, 10);
      assert.deepEqual(new Set(runs.map(({ state }) => state)), new Set(['success']));
    }
    const started = group.started();
    assert.equal(started.length, 400);
    assert.equal(new Set(started.map(({ attemptId }) => attemptId)).size, 400);
    const busy = group.all.filter(({ executor }) => executor.ledger.length > 0);
    assert.ok(busy.length > 1, 'the work was shared');
  });

  engineIt('one pool, many runs: the limit holds in every snapshot', async (engine) => {
    await engine.database.query(`INSERT INTO podline.pool (name, slots) VALUES ('small', 3)`);
    await engine.register(
      dag('pooled', { defaults: { pool: 'small' }, maxActiveTasks: 100 }, (d) => {
        for (let at = 0; at < 6; at++) d.task(`t${at}`, work, { poolSlots: 1 + (at % 2) });
      }),
    );
    for (let at = 0; at < 10; at++)
      await triggerRun(engine.database, 'pooled', { runId: `r${at}` });
    const group = await schedulers(engine, 2);
    let most = 0;
    const stop = new AbortController();
    const watcher = (async () => {
      while (!stop.signal.aborted) {
        const { rows } = await engine.database.query<{ used: number; held: number }>(
          `SELECT used, (SELECT coalesce(sum(pool_slots), 0)::int FROM podline.task_instance
                          WHERE state IN ('queued', 'launching', 'running')) AS held
             FROM podline.pool WHERE name = 'small'`,
        );
        assert.equal(rows[0]?.used, rows[0]?.held);
        most = Math.max(most, rows[0]?.used ?? 0);
      }
    })();
    try {
      await group.settle();
    } finally {
      stop.abort();
      await watcher;
      await group.close();
    }
    assert.equal(most, 3);
    const states = (await engine.runs('pooled')).map(({ state }) => state);
    assert.deepEqual(new Set(states), new Set(['success']));
    assert.equal(group.started().length, 60);
  });

  engineIt(
    'people at the same time: cancel and clear race with ticks and reports',
    async (engine) => {
      await engine.register(
        dag('raced', { maxActiveRuns: 50, maxActiveTasks: 100 }, (d) => {
          let last = d.task('t0', work);
          for (let at = 1; at < 4; at++) last = d.task(`t${at}`, work, { after: last });
        }),
      );
      const ids = Array.from({ length: 12 }, (_, at) => `r${at}`);
      for (const runId of ids) await triggerRun(engine.database, 'raced', { runId });
      const group = await schedulers(engine, 2);
      try {
        await group.round();
        await Promise.all([
          group.settle(),
          ...ids.map(async (runId, at) => {
            const key = { dagId: 'raced', runId };
            if (at % 3 === 0) {
              // May be over already: then there is nothing to cancel.
              await commandRun(engine.database, key, { kind: 'cancel' }).catch((error: unknown) => {
                assert.equal((error as { code?: string }).code, 'run.finished');
              });
            } else if (at % 3 === 1) {
              await commandRun(engine.database, key, {
                kind: 'clear',
                tasks: ['t1'],
                upstream: false,
                downstream: true,
                onlyFailed: false,
                latestVersion: false,
              });
            }
          }),
        ]);
        await group.settle();
      } finally {
        await group.close();
      }
      for (const [at, runId] of ids.entries()) {
        const state = await engine.runState('raced', runId);
        if (at % 3 !== 0) assert.equal(state, 'success', runId);
        else assert.ok(state === 'failed' || state === 'success', runId);
      }
    },
  );
});
