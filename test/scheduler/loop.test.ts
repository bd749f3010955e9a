/** The real loop: it sleeps when there is nothing, and wakes at once for whatever comes. */
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { bash, dag } from 'podline/dag';
import { commandRun } from '../../runtime/commands/commandRun.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import type { Launch } from '../../runtime/database/queries/launchAttempts.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { SchedulerLoop } from '../../runtime/scheduler/loop.ts';
import type { Executor } from '../../runtime/scheduler/tick.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

/** Hands launches on to the scripted executor and says when there was one. */
class Watched implements Executor {
  readonly name = 'local';
  readonly workerId = 'test';
  readonly #inner: Executor;
  #waiting: (() => void)[] = [];
  launches = 0;

  constructor(inner: Executor) {
    this.#inner = inner;
  }

  freeSlots(): number {
    return 100;
  }

  start(launches: Launch[]): void {
    this.launches += launches.length;
    this.#inner.start(launches);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

describe('scheduler loop', () => {
  engineIt('starts what a command brought back at once, not at the next poll', async (engine) => {
    await engine.register(dag('d', {}, (d) => d.task('a', work)));
    engine.script('a', 'hang');
    const watched = new Watched(engine.executor);
    const loop = new SchedulerLoop({
      database: engine.database,
      url: engine.testDatabase.url,
      executors: [watched],
      deliver: () => Promise.resolve(),
      log: openLog('silent'),
    });
    loop.start();
    try {
      const first = watched.next();
      const { runId } = await triggerRun(engine.database, 'd');
      await first;
      await engine.executor.drain();
      // Asleep now.
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        const again = watched.next();
        const key = { dagId: 'd', runId };
        const kind = { tasks: ['a'], upstream: false, downstream: true, onlyFailed: false };
        const begin = performance.now();
        await commandRun(engine.database, key, { kind: 'clear', ...kind, latestVersion: false });
        // What the executor does once the old process is gone.
        await engine.executor.stopUnwanted();
        await again;
        times.push(performance.now() - begin);
        await engine.executor.drain();
      }
      // The poll comes every 2 s: three times well below it is no accident.
      assert.ok(Math.max(...times) < 1200, times.join(', '));
      await commandRun(engine.database, { dagId: 'd', runId }, { kind: 'cancel' });
    } finally {
      await loop.stop();
    }
  });

  engineIt(
    'a DAG that catches up behind its own limit costs no more than an idle one',
    async (engine) => {
      await engine.register(
        dag(
          'd',
          {
            schedule: '@daily',
            startDate: '2025-01-01T00:00:00Z',
            catchup: true,
            maxActiveRuns: 1,
          },
          (d) => d.task('a', work),
        ),
      );
      engine.script('a', 'hang');
      await engine.settle();
      let queries = 0;
      const { database } = engine;
      const counted = new Proxy(database, {
        get(target, name) {
          if (name === 'query' || name === 'connect') queries += 1;
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        },
      });
      const loop = new SchedulerLoop({
        database: counted,
        url: engine.testDatabase.url,
        executors: [engine.executor],
        deliver: () => Promise.resolve(),
        log: openLog('silent'),
      });
      loop.start();
      try {
        // Measured over a second on purpose: it is the rate that matters.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        assert.ok(queries < 30, `${queries} in a second`);
      } finally {
        await loop.stop();
      }
    },
  );
});
