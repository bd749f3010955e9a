/**
 * Model-based test: random DAGs, random interleavings of two schedulers, workers, clock, restarts and people.
 * PODLINE_MODEL_RUNS and PODLINE_MODEL_SEED ask for more or for others.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import { registerDag } from '../../runtime/register/registerDags.ts';
import type { Outcome } from '../../runtime/worker/assignment.ts';
import { NaiveRun } from './model/naive.ts';
import { type Attempt, Rig } from './model/rig.ts';
import {
  anyShape,
  choiceOf,
  dagOf,
  gateOf,
  idOf,
  listOf,
  luckOf,
  type Shape,
} from './model/shape.ts';

const { PODLINE_MODEL_RUNS, PODLINE_MODEL_SEED } = process.env;
const SEED = Number(PODLINE_MODEL_SEED ?? 20260101);
const RUNS = Number(PODLINE_MODEL_RUNS ?? 100);
const DAG = 'model';
const RUN_IDS = ['r0', 'r1'];

let rig: Rig;

async function begin(shape: Shape): Promise<void> {
  await rig.empty();
  await register(shape);
  for (const runId of RUN_IDS) await rig.trigger(DAG, runId);
}

async function register(shape: Shape): Promise<void> {
  const plan = compile(dagOf(DAG, shape));
  const hash = versionHash(plan, null);
  await registerDag(rig.database, { plan, hash, source: 'model.ts', bundle: null }, 'local');
}

function outcomeOf(shape: Shape, attempt: Attempt): Outcome {
  const { taskId, mapIndex, number } = attempt.launch;
  const task = Number(taskId.slice(1));
  const luck = luckOf(shape, task, mapIndex, number);
  if (luck === 'bad') return { state: 'failed', cause: 'exit_code', exitCode: 1 };
  if (luck === 'skip') return { state: 'skipped' };
  const { flow } = shape.tasks[task] ?? {};
  if (flow === 'branch') return { state: 'success', choice: choiceOf(shape, task).map(idOf) };
  if (flow === 'gate') return { state: 'success', choice: gateOf(shape, task) };
  const length = listOf(shape, task, mapIndex);
  if (length === null) return { state: 'success', xcom: 42 };
  const xcom = Array.from({ length }, (_, at) => at);
  return { state: 'success', xcom, mapLength: length };
}

/** One of a list, by any number. */
function pick<T>(list: T[], at: number): T | undefined {
  return list[at % Math.max(1, list.length)];
}

const by = fc.constantFrom(0, 1);
const at = fc.nat(50);

const anyWork = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('tick' as const), by }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('claim' as const), at }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('finish' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), by }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      seconds: fc.constantFrom(1, 5, 10),
    }),
  },
);

const run = fc.constantFrom(...RUN_IDS);
const task = fc.nat(7);
const bool = fc.boolean();

const anyWish = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('clear' as const),
      run,
      task: fc.option(task, { nil: null }),
      mapIndex: fc.constantFrom(null, null, null, 0, 1),
      upstream: bool,
      downstream: bool,
      onlyFailed: bool,
      latestVersion: bool,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('mark' as const),
      run,
      task: fc.option(task, { nil: null, freq: 4 }),
      state: fc.constantFrom('success' as const, 'failed' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), run }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), paused: bool }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reap' as const) }) },
  // Another version of the DAG, which a clear may move a run to.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('version' as const), shape: anyShape }) },
);

type Work = typeof anyWork extends fc.Arbitrary<infer T> ? T : never;
type Wish = typeof anyWish extends fc.Arbitrary<infer T> ? T : never;

/** Steps, some of them at the same time as others. */
const anySteps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: anyWork.map((one): (Work | Wish)[] => [one]) },
    { weight: 2, arbitrary: anyWish.map((one): (Work | Wish)[] => [one]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof<fc.Arbitrary<Work | Wish>[]>(anyWork, anyWish), {
        minLength: 2,
        maxLength: 4,
      }),
    },
  ),
  { minLength: 5, maxLength: 40 },
);

/** Does one step; `naive` hears of what the engine will have to decide. */
async function act(shape: Shape, step: Work | Wish, naive?: Map<string, NaiveRun>): Promise<void> {
  const tell = (attempt: Attempt, how: 'report' | 'died') => {
    const { runId, taskId, mapIndex } = attempt.launch;
    naive?.get(RUN_IDS[runIndex(runId)] ?? '')?.ended(Number(taskId.slice(1)), mapIndex, how);
  };
  switch (step.do) {
    case 'tick':
      await rig.tick(step.by);
      break;
    case 'claim': {
      const attempt = pick(rig.open(), step.at);
      if (attempt) await rig.claim(attempt);
      break;
    }
    case 'finish': {
      const attempt = pick(rig.open(), step.at);
      if (!attempt) break;
      const reply = await rig.report(attempt, outcomeOf(shape, attempt));
      if (reply === 'recorded') tell(attempt, 'report');
      break;
    }
    case 'die': {
      const attempt = pick(rig.open(), step.at);
      if (attempt && (await rig.die(attempt))) tell(attempt, 'died');
      break;
    }
    case 'again': {
      const attempt = pick(
        rig.attempts().filter(({ answered, secret }) => answered && secret),
        step.at,
      );
      if (!attempt?.reported) break;
      const reply = await rig.report(attempt, attempt.reported);
      assert.ok(reply === 'duplicate' || reply === 'stale', reply);
      break;
    }
    case 'restart':
      rig.restart(step.by);
      break;
    case 'advance':
      await rig.advance(step.seconds);
      for (const each of naive?.values() ?? []) each.timePasses(rig.now);
      break;
    case 'reap':
      await rig.reap();
      break;
    case 'version':
      await register(step.shape);
      break;
    case 'pause':
      await rig.pause(step.paused);
      break;
    case 'cancel':
      await rig.command(DAG, step.run, { kind: 'cancel' }).catch(ignoreRefusal);
      break;
    case 'mark': {
      const tasks = step.task === null ? [] : [idOf(step.task % shape.tasks.length)];
      await rig
        .command(DAG, step.run, { kind: 'mark', state: step.state, tasks })
        .catch(ignoreRefusal);
      break;
    }
    case 'clear': {
      const { do: _do, run: runId, task: position, mapIndex, ...flags } = step;
      const tasks = position === null ? [] : [idOf(position % shape.tasks.length)];
      const only = mapIndex === null ? {} : { mapIndex };
      await rig
        .command(DAG, runId, { kind: 'clear', tasks, ...only, ...flags })
        .catch(ignoreRefusal);
      break;
    }
  }
}

/** The run is over already, or the version that it is on has no such task. */
function ignoreRefusal(error: unknown): void {
  const { code } = error as { code?: string };
  if (code !== 'run.finished' && code !== 'not_found.task') throw error;
}

let firstRun = 0;
const runIndex = (runId: number) => runId - firstRun;

/** Lets everything come to its end: every attempt reports, every timer fires. */
async function finishAll(shape: Shape, step: (one: Work | Wish) => Promise<void>): Promise<void> {
  for (let round = 0; round < 400; round++) {
    const states = [...(await rig.runStates()).values()];
    if (states.every((state) => state === 'success' || state === 'failed')) {
      for (const who of [0, 1]) await step({ do: 'tick', by: who === 0 ? 0 : 1 });
      return;
    }
    await step({ do: 'reap' });
    for (let open = rig.open().length; open > 0; open--) await step({ do: 'finish', at: 0 });
    await step({ do: 'tick', by: round % 2 === 0 ? 0 : 1 });
    if (round % 3 === 2) await step({ do: 'advance', seconds: 10 });
  }
  const states = [...(await rig.states())].map(([id, run]) => [id, ...run]);
  assert.fail(`the runs do not end: ${JSON.stringify(states)} ${JSON.stringify(shape)}`);
}

/** As the model speaks: it does not know which slot of the engine an active task is in. */
function coarse(state: string | undefined): string {
  const active = ['scheduled', 'queued', 'launching', 'running'];
  return state === undefined ? 'missing' : active.includes(state) ? 'active' : state;
}

async function compare(shape: Shape, naive: Map<string, NaiveRun>): Promise<void> {
  const states = await rig.states();
  const runs = await rig.runStates();
  for (const [runId, model] of naive) {
    const found: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    model.tasks.forEach((elements, position) => {
      elements.forEach(({ state }, index) => {
        const isMapped = model.expanded.has(position);
        const id = isMapped ? `${idOf(position)}[${index}]` : idOf(position);
        wanted[id] = state;
        const real = coarse(states.get(runId)?.get(id));
        // Fail fast: whether a task had begun depends on slots, which the model does not know.
        const stopped = shape.failFast && real === 'skipped' && state === 'failed';
        found[id] = stopped ? 'failed' : real;
      });
    });
    const real = [...(states.get(runId)?.keys() ?? [])].sort();
    assert.deepEqual(real, Object.keys(wanted).sort(), runId);
    assert.deepEqual(found, wanted, runId);
    if (!shape.failFast) assert.equal(runs.get(runId), model.state(), runId);
  }
}

describe('model', function () {
  this.timeout(0);

  before(async () => {
    rig = await Rig.open();
    console.log(`    seed ${SEED}, ${RUNS} runs each (PODLINE_MODEL_SEED, PODLINE_MODEL_RUNS)`);
  });
  after(() => rig.close());

  it('two schedulers reach, tick by tick, what the naive model says', async () => {
    const steps = fc.array(anyWork, { minLength: 5, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyShape, steps, async (shape, list) => {
        await begin(shape);
        const naive = new Map(RUN_IDS.map((runId) => [runId, new NaiveRun(shape)]));
        // Starts the runs; the tick after that looks at them for the first time.
        await rig.tick(0, { admitAnyway: false });
        const { rows } = await rig.database.query<{ id: number }>(
          'SELECT min(id) AS id FROM podline.run',
        );
        firstRun = rows[0]?.id ?? 0;
        const step = async (one: Work | Wish) => {
          await act(shape, one, naive);
          if (one.do === 'tick') {
            for (const each of naive.values()) each.tick(rig.now);
            await compare(shape, naive);
          }
          assert.deepEqual(await rig.broken(), [], JSON.stringify(one));
        };
        await step({ do: 'tick', by: 0 });
        for (const one of list) await step(one);
        await finishAll(shape, step);
        await compare(shape, naive);
        const number = await rig.database.query('SELECT FROM podline.event');
        assert.equal(number.rowCount, 0);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('with people in between, the invariants hold after every step and every run ends', async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, anySteps, async (shape, list) => {
        await begin(shape);
        const step = async (...together: (Work | Wish)[]) => {
          await Promise.all(together.map((one) => act(shape, one)));
          assert.deepEqual(await rig.broken(), [], JSON.stringify(together));
        };
        for (const together of list) await step(...together);
        await rig.pause(false);
        await finishAll(shape, step);
        const { rows } = await rig.database.query(
          'SELECT sum(used)::int AS used, (SELECT sum(active_tasks + active_runs)::int FROM podline.dag_load) AS load FROM podline.pool',
        );
        assert.deepEqual(rows, [{ used: 0, load: 0 }]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
