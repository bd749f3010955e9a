/**
 * A test on the real engine: database, virtual clock, scripted outcomes. Whatever the test does, all
 * invariants must hold when it is over. Tests of a process share one engine, emptied in between (20 ms
 * instead of 300 for a new database), unless they need options of their own.
 */
import assert from 'node:assert/strict';
import { TestEngine, type TestEngineOptions } from '../../runtime/testing/index.ts';

let shared: Promise<TestEngine> | undefined;

export function engineIt(
  title: string,
  body: (engine: TestEngine) => Promise<void>,
  options: TestEngineOptions = {},
): void {
  const { start = '2026-01-01T00:00:00Z', ...own } = options;
  const isShared = Object.keys(own).length === 0;
  it(title, async () => {
    const engine = isShared ? await (shared ??= TestEngine.open()) : await TestEngine.open(options);
    try {
      if (isShared) await empty(engine, new Date(start));
      await body(engine);
      assert.deepEqual(await engine.check(), []);
    } finally {
      if (!isShared) await engine.close();
    }
  });
}

const EMPTY = `
TRUNCATE podline.event, podline.outbox, podline.log_chunk, podline.xcom, podline.attempt, podline.task_instance,
         podline.run, podline.backfill, podline.plan_task, podline.version_source, podline.source_text, podline.dag_version, podline.dag_load, podline.dag,
         podline.worker, podline.audit`;

async function empty(engine: TestEngine, start: Date): Promise<void> {
  await engine.database.query(EMPTY);
  await engine.database.query(`DELETE FROM podline.pool WHERE name <> 'default_pool'`);
  await engine.database.query('UPDATE podline.pool SET used = 0, slots = 128');
  await engine.clock.set(start);
  engine.restartScheduler();
  engine.delivered.length = 0;
  engine.executor.slots = 10_000;
  engine.executor.scripts.clear();
  engine.executor.hanging.clear();
  engine.executor.stopped.clear();
  engine.executor.ledger.length = 0;
}

/** Task ids in the order in which their code was started. */
export function started(engine: TestEngine): string[] {
  return engine.executor.ledger.map(({ task, mapIndex }) =>
    mapIndex < 0 ? task : `${task}[${mapIndex}]`,
  );
}
