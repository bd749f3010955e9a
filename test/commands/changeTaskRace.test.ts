/** Other pools for what waits, by many at once, while two schedulers launch and hand out slots: no limit is passed. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { changeTask } from '../../runtime/commands/changeTask.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { RunCache } from '../../runtime/scheduler/runCache.ts';
import { tick } from '../../runtime/scheduler/tick.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from '../scheduler/engineIt.ts';

const POOLS = ['left', 'right'] as const;
const SLOTS = 3;
const ENOUGH_MOVES = 20;

/** Eight runs of six tasks of one or two slots, all of them in the pool on the left. */
async function fill(engine: TestEngine): Promise<void> {
  for (const name of POOLS) {
    await engine.database.query('INSERT INTO podline.pool (name, slots) VALUES ($1, $2)', [
      ...[name, SLOTS],
    ]);
  }
  await engine.register(
    dag('raced', { defaults: { pool: 'left' }, maxActiveRuns: 50, maxActiveTasks: 100 }, (d) => {
      for (let at = 0; at < 6; at++)
        d.task(`t${at}`, bash({ script: 'true' }), { poolSlots: 1 + (at % 2) });
    }),
  );
  for (let at = 0; at < 8; at++) await triggerRun(engine.database, 'raced', { runId: `r${at}` });
}

/** Looks at both pools until it is stopped; returns the most slots that it saw held. */
async function watch(engine: TestEngine, stop: AbortSignal) {
  const most = { left: 0, right: 0 };
  while (!stop.aborted) {
    const { rows } = await engine.database.query<{
      name: 'left' | 'right';
      used: number;
      held: number;
    }>(
      `SELECT p.name, p.used, (SELECT coalesce(sum(t.pool_slots), 0)::int FROM podline.task_instance t
               WHERE t.pool = p.name AND t.state IN ('queued', 'launching', 'running')) AS held
         FROM podline.pool p WHERE p.name IN ('left', 'right')`,
    );
    for (const { name, used, held } of rows) {
      assert.equal(used, held, name);
      assert.ok(held <= SLOTS, `${held} slots of ${name}`);
      most[name] = Math.max(most[name], held);
    }
  }
  return most;
}

/** Moves one task after another that waits to the other pool, until it is over. */
async function move(engine: TestEngine, seed: number, isOver: () => boolean, onMoved: () => void) {
  for (let at = seed; !isOver(); at += 7) {
    const { rows } = await engine.database.query<{
      id: number;
      runId: string;
      pool: string;
      taskId: string;
    }>(
      `SELECT r.id, r.run_id AS "runId", t.pool, t.task_id AS "taskId"
         FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id
        WHERE t.state IN ('scheduled', 'queued') ORDER BY t.id OFFSET $1 LIMIT 1`,
      [at % 12],
    );
    const [found] = rows;
    if (!found) continue;
    const pool = found.pool === 'left' ? 'right' : 'left';
    const key = { taskId: found.taskId, mapIndex: -1 };
    try {
      const change = { pool, priority: at };
      await changeTask(engine.database, { ...found, dagId: 'raced' }, key, change, 'ada');
      onMoved();
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'refused.task');
    }
  }
}

describe('pools of many tasks that wait', () => {
  engineIt(
    'moved to and fro while slots are handed out: limits hold in every snapshot',
    async (engine) => {
      await fill(engine);
      // Nothing is launched until enough were moved, however fast this machine is; then one at a time.
      engine.executor.slots = 0;
      let moved = 0;
      const stop = new AbortController();
      const isOver = () => stop.signal.aborted || moved > 10 * ENOUGH_MOVES;
      const cache = new RunCache();
      const step = async () => {
        // The second scheduler has a memory of its own, which the changes make old.
        await tick(engine.database, {
          ...{ executors: [engine.executor], cache, random: () => 0.5 },
          ...{ admitAnyway: true, launchAnyway: true, maxRuns: 3 },
        });
        await engine.executor.drain();
        await engine.settle();
      };
      const isDone = async () =>
        (await engine.runs('raced')).every(({ state }) => state === 'success');
      const work = async () => {
        while (moved <= ENOUGH_MOVES && !stop.signal.aborted) await step();
        engine.executor.slots = 1;
        while (!stop.signal.aborted && !(await isDone())) await step();
      };
      // Who fails, or is done, ends the others.
      const end = () => stop.abort();
      const failing = (error: unknown) => {
        end();
        throw error;
      };
      const watcher = watch(engine, stop.signal);
      const all = [
        work().finally(end),
        watcher.catch(failing),
        ...[1, 2, 3].map((seed) => move(engine, seed, isOver, () => (moved += 1)).catch(failing)),
      ];
      await Promise.allSettled(all);
      await Promise.all(all);
      const most = await watcher;
      assert.ok(most.left > 0 && most.right > 0, 'both pools were used');
      assert.equal(engine.executor.ledger.length, 48);
    },
  );
});
