/** Mapped tasks on the real engine: over literals and outputs, products, zips, limits, partial failure, re-expansion. */
import assert from 'node:assert/strict';
import { dag, sensor, typescript } from 'podline/dag';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt, started } from './engineIt.ts';

const list = typescript({ run: (): number[] => [] });
const one = typescript({ run: () => null });

/** source (its script gives the list) -> each -> after. */
const overOutput = dag('over', {}, (d) => {
  const source = d.task('source', list);
  const each = d.map('each', { n: source.output }, () => one);
  d.task('after', one, { after: each, triggerRule: 'all_done' });
});

async function statesOf(engine: TestEngine, task: string, runId?: string) {
  const runs = await engine.runs('over');
  const states = await engine.states('over', runId ?? runs.at(-1)?.runId ?? '');
  return Object.entries(states)
    .filter(([id]) => id === task || id.startsWith(`${task}[`))
    .map(([id, state]) => `${id.slice(task.length)}${state}`);
}

describe('mapped tasks', () => {
  engineIt('one instance for each element of a literal list', async (engine) => {
    await engine.register(
      dag('literal', {}, (d) => {
        d.map('each', { n: [1, 2, 3] }, () => one);
      }),
    );
    const run = await engine.run('literal');
    assert.deepEqual(await engine.states('literal', run), {
      'each[0]': 'success',
      'each[1]': 'success',
      'each[2]': 'success',
    });
  });

  engineIt('over the output of a task: a list, or the values of a mapping', async (engine) => {
    await engine.register(overOutput);
    engine.script('source', { output: [10, 20] });
    await engine.run('over', { runId: 'list' });
    assert.deepEqual(await statesOf(engine, 'each'), ['[0]success', '[1]success']);
    engine.script('source', { output: { a: 1, b: 2, c: 3 } });
    await engine.run('over', { runId: 'mapping' });
    assert.equal((await statesOf(engine, 'each')).length, 3);
  });

  engineIt('products and zips', async (engine) => {
    const lists = { a: [1, 2, 3], b: ['x', 'y'] };
    await engine.register(
      dag('product', {}, (d) => {
        d.map('each', lists, () => one);
      }),
      dag('zip', {}, (d) => {
        d.map('each', { a: [1, 2], b: ['x', 'y'] }, () => one, { combine: 'zip' });
      }),
      dag('uneven', {}, (d) => {
        const source = d.task('source', list);
        d.map('each', { a: source.output, b: ['x'] }, () => one, { combine: 'zip' });
      }),
    );
    const count = async (id: string) =>
      Object.keys(await engine.states(id, await engine.run(id))).length;
    assert.equal(await count('product'), 6);
    assert.equal(await count('zip'), 2);
    engine.script('source', { output: [1, 2] });
    const run = await engine.run('uneven');
    assert.equal((await engine.states('uneven', run)).each, 'failed');
    assert.equal(await engine.runState('uneven', run), 'failed');
  });

  engineIt(
    'no elements: skipped, and what follows is skipped or runs by its rule',
    async (engine) => {
      await engine.register(overOutput);
      engine.script('source', { output: [] });
      await engine.run('over');
      assert.deepEqual(await statesOf(engine, 'each'), ['skipped']);
      assert.deepEqual(await statesOf(engine, 'after'), ['success']);
      assert.equal((await engine.runs('over'))[0]?.state, 'success');
    },
  );

  engineIt('too long, or no list: failed with the cause and the names', async (engine) => {
    await engine.register(
      dag('limited', { callbacks: {} }, (d) => {
        const source = d.task('source', list);
        d.map('each', { n: source.output }, () => one, {
          maxMapLength: 2,
          callbacks: { onFailure: { kind: 'webhook', url: 'http://127.0.0.1:9/' } },
        });
      }),
    );
    for (const [output, words] of [
      [[1, 2, 3], /3 instances, more than its limit of 2/],
      [42, /source returned no list/],
      [undefined, /source returned no list/],
    ] as const) {
      engine.script('source', { output: output as number });
      const runId = `r${engine.delivered.length}`;
      await engine.run('limited', { runId });
      assert.equal((await engine.states('limited', runId)).each, 'failed');
      const payload = engine.delivered.at(-1)?.payload as { cause: string; message: string };
      assert.equal(payload.cause, 'map_length');
      assert.match(payload.message, words);
    }
  });

  engineIt(
    'the source failed: upstream_failed, also under a rule that would run',
    async (engine) => {
      await engine.register(
        dag('over', {}, (d) => {
          const source = d.task('source', list);
          d.map('each', { n: source.output }, () => one, { triggerRule: 'all_done' });
        }),
      );
      engine.script('source', { fails: 'error' });
      await engine.run('over');
      assert.deepEqual(await statesOf(engine, 'each'), ['upstream_failed']);
    },
  );

  engineIt('a rule that does not wait still waits for its list', async (engine) => {
    await engine.register(
      dag('over', {}, (d) => {
        const source = d.task('source', list);
        const quick = d.task('quick', one);
        d.map('each', { n: source.output }, () => one, {
          after: quick,
          triggerRule: 'one_success',
        });
      }),
    );
    engine.script('source', 'hang');
    await engine.run('over');
    assert.deepEqual(await statesOf(engine, 'each'), ['none']);
    await engine.executor.finish('source', { output: [1, 2] });
    await engine.settle();
    assert.deepEqual(await statesOf(engine, 'each'), ['[0]success', '[1]success']);
  });

  engineIt('mapped over mapped: as many as gave an output', async (engine) => {
    await engine.register(
      dag('over', {}, (d) => {
        const source = d.task('source', list);
        const first = d.map('first', { n: source.output }, () => one);
        d.map('second', { m: first.output }, () => one, { triggerRule: 'all_done' });
      }),
    );
    engine.script('source', { output: [1, 2, 3, 4] });
    engine.script('first', ({ instance }) =>
      instance.mapIndex === 1 ? { fails: 'error' } : { output: instance.mapIndex },
    );
    await engine.run('over');
    assert.deepEqual(await statesOf(engine, 'first'), [
      '[0]success',
      '[1]failed',
      '[2]success',
      '[3]success',
    ]);
    assert.equal((await statesOf(engine, 'second')).length, 3);
  });

  engineIt('some instances fail: all_done goes on, all_success does not', async (engine) => {
    await engine.register(
      dag('over', {}, (d) => {
        const each = d.map('each', { n: [0, 1, 2] }, () => one);
        d.task('after', one, { after: each, triggerRule: 'all_done' });
        d.task('strict', one, { after: each });
        d.task('lenient', one, { after: each, triggerRule: 'one_success' });
      }),
    );
    engine.script('each', ({ instance }) => (instance.mapIndex === 1 ? { fails: 'error' } : {}));
    const run = await engine.run('over');
    const states = await engine.states('over', run);
    assert.equal(states.after, 'success');
    assert.equal(states.strict, 'upstream_failed');
    assert.equal(states.lenient, 'success');
    assert.equal(await engine.runState('over', run), 'failed');
  });

  engineIt('cleared and expanded anew: shorter removes, longer brings back', async (engine) => {
    await engine.register(overOutput);
    engine.script('source', { output: [1, 2, 3] });
    const run = await engine.run('over');
    const again = async (output: number[]) => {
      engine.script('source', { output });
      await engine.clear('over', run, ['source']);
      return statesOf(engine, 'each');
    };
    assert.deepEqual(await again([1]), ['[0]success', '[1]removed', '[2]removed']);
    assert.equal(await engine.runState('over', run), 'success');
    assert.deepEqual(await again([1, 2]), ['[0]success', '[1]success', '[2]removed']);
    assert.deepEqual(await again([1, 2, 3, 4]), [
      '[0]success',
      '[1]success',
      '[2]success',
      '[3]success',
    ]);
    assert.deepEqual(await again([]), ['[0]skipped', '[1]removed', '[2]removed', '[3]removed']);
    assert.deepEqual(await again([1, 2]), ['[0]success', '[1]success', '[2]removed', '[3]removed']);
    assert.equal(await engine.runState('over', run), 'success');
  });

  engineIt('one instance cleared: only it and what follows run again', async (engine) => {
    await engine.register(overOutput);
    engine.script('source', { output: [1, 2, 3] });
    const run = await engine.run('over');
    engine.executor.ledger.length = 0;
    await engine.clear('over', run, ['each'], { mapIndex: 1 });
    assert.deepEqual(started(engine), ['each[1]', 'after']);
  });

  engineIt('mapped sensors: every instance has its own timer', async (engine) => {
    await engine.register(
      dag('over', {}, (d) => {
        d.map('each', { n: [1, 2, 3] }, () => sensor.time({ at: '2026-01-01T01:00:00Z' }));
      }),
    );
    await engine.run('over');
    assert.deepEqual(await statesOf(engine, 'each'), ['[0]deferred', '[1]deferred', '[2]deferred']);
    await engine.advance('1h');
    assert.deepEqual(await statesOf(engine, 'each'), ['[0]success', '[1]success', '[2]success']);
  });

  engineIt('outputs of removed and cleared instances are gone', async (engine) => {
    await engine.register(overOutput);
    engine.script('source', { output: [1, 2, 3] });
    engine.script('each', ({ instance }) => ({ output: instance.mapIndex }));
    const run = await engine.run('over');
    assert.deepEqual(await engine.outputs('over', run, 'each'), [0, 1, 2]);
    engine.script('source', { output: [1] });
    await engine.clear('over', run, ['source']);
    assert.deepEqual(await engine.outputs('over', run, 'each'), [0]);
  });
});
