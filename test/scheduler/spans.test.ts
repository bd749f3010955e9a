/** Which ends the engine notes for traces, as what spans they are read, and how schedulers share them. */
import assert from 'node:assert/strict';
import { bash, dag, sensor } from 'podline/dag';
import type { SpanSubject } from '../../runtime/database/queries/putSpans.ts';
import { quarantineRun } from '../../runtime/database/queries/quarantineRun.ts';
import { readEndedAttempts } from '../../runtime/database/queries/readEndedAttempts.ts';
import { readEndedRuns } from '../../runtime/database/queries/readEndedRuns.ts';
import { inTransaction } from '../../runtime/database/pool.ts';
import {
  forgetSpans,
  giveSpansBack,
  setTracing,
  shortenSpans,
  takeSpans,
} from '../../runtime/database/queries/takeSpans.ts';
import { type Span, spanOfRun, spansOfAttempt } from '../../runtime/observe/traces/spans.ts';
import type { TestEngine } from '../../runtime/testing/index.ts';
import { engineIt } from './engineIt.ts';

const work = bash({ script: 'true' });

function tracedIt(title: string, body: (engine: TestEngine) => Promise<void>): void {
  engineIt(title, async (engine) => {
    await engine.database.query('UPDATE podline.installation SET tracing = true');
    try {
      await body(engine);
    } finally {
      await setTracing(engine.database, false);
    }
  });
}

/** Takes all that is noted, as the sender does. */
async function spansOf({ database }: TestEngine): Promise<Span[]> {
  const taken = await takeSpans(database, 1000);
  await forgetSpans(database, taken);
  const of = (kind: SpanSubject['kind']) => taken.filter((each) => each.kind === kind);
  const attempts = await readEndedAttempts(database, of('attempt'));
  const runs = await readEndedRuns(database, of('run'));
  return [...attempts.flatMap(spansOfAttempt), ...runs.map(spanOfRun)];
}

const named = (spans: Span[], kind: string) =>
  spans.filter(({ attributes }) => attributes['podline.span'] === kind);

describe('ends for traces', () => {
  engineIt('are not noted without tracing', async (engine) => {
    await engine.register(dag('d', {}, (d) => d.task('a', work)));
    await engine.run('d');
    assert.deepEqual(await spansOf(engine), []);
  });

  tracedIt('are one for a sensor, however often it looks', async (engine) => {
    await engine.register(
      dag('d', {}, (d) => d.task('file', sensor.file({ path: '/x', interval: '1m' }))),
    );
    engine.script('file', ['wait', 'wait', {}]);
    await engine.run('d');
    assert.deepEqual(await spansOf(engine), []);
    await engine.advance('2m');
    const spans = await spansOf(engine);
    assert.equal(spans.length, 2);
    const [attempt] = named(spans, 'attempt');
    assert.ok(attempt);
    assert.equal(attempt.attributes['podline.looks'], 3);
    assert.equal(attempt.end - attempt.start, 120_000_000, 'from the first look on');
    assert.equal(attempt.parentId, named(spans, 'run')[0]?.spanId);
  });

  tracedIt(
    'wait for the delay of a retry nowhere: each attempt has its own queue',
    async (engine) => {
      await engine.register(
        dag('d', {}, (d) => d.task('a', work, { retries: { max: 1, delay: '10m' } })),
      );
      engine.script('a', [{ fails: 'exit_code', exitCode: 7, message: 'no such table' }, {}]);
      await engine.run('d');
      await engine.advance('10m');
      const spans = await spansOf(engine);
      const [first, second] = named(spans, 'attempt');
      assert.ok(first && second);
      assert.equal(first.error, 'no such table');
      assert.equal(second.start - first.end, 600_000_000);
      assert.equal(second.error, undefined);
      for (const queue of named(spans, 'queue')) assert.ok(queue.end - queue.start < 1_000_000);
      assert.equal(named(spans, 'run')[0]?.error, undefined);
    },
  );

  tracedIt('include what is killed with a run, and what was lost before', async (engine) => {
    await engine.register(
      dag('d', {}, (d) => {
        d.task('a', work);
        d.task('b', work);
      }),
    );
    engine.script('a', 'hang');
    engine.script('b', 'die');
    const runId = await engine.run('d');
    await engine.command('d', runId, { kind: 'cancel' });
    const spans = await spansOf(engine);
    const attempts = named(spans, 'attempt');
    assert.deepEqual(attempts.map(({ name }) => name).sort(), ['a', 'b']);
    const [killed] = attempts.filter(({ name }) => name === 'a');
    assert.equal(killed?.attributes['podline.cause'], 'cancelled');
    assert.equal(killed.error, 'a person cancelled it');
    const [lost] = attempts.filter(({ name }) => name === 'b');
    assert.equal(lost?.attributes['error.type'], 'worker_lost');
    const [run] = named(spans, 'run');
    assert.equal(run?.attributes['podline.run.cause'], 'cancelled');
  });

  tracedIt(
    'include a run that is set aside, with what it killed; cleared, it has a new trace',
    async (engine) => {
      await engine.register(dag('d', {}, (d) => d.task('a', work)));
      engine.script('a', 'hang');
      const runId = await engine.run('d');
      const { rows } = await engine.database.query<{ id: number }>('SELECT id FROM podline.run');
      const id = rows[0]?.id ?? 0;
      await inTransaction(engine.database, (transaction) => quarantineRun(transaction, id, 'why'));
      await engine.settle();
      const spans = await spansOf(engine);
      const [first] = named(spans, 'run');
      assert.equal(first?.attributes['error.type'], 'quarantined');
      assert.deepEqual(
        named(spans, 'attempt').map(({ traceId }) => traceId),
        [first.traceId],
      );
      engine.script('a', {});
      await engine.clear('d', runId);
      const [second] = named(await spansOf(engine), 'run');
      assert.deepEqual(second?.links, [{ traceId: first.traceId, spanId: first.spanId }]);
    },
  );

  tracedIt(
    'of a run that was cleared before they were sent are those of its first life',
    async (engine) => {
      await engine.register(dag('d', {}, (d) => d.task('a', work)));
      const runId = await engine.run('d');
      await engine.advance('1h');
      await engine.clear('d', runId);
      const runs = named(await spansOf(engine), 'run');
      const [first, second] = runs;
      assert.equal(runs.length, 2);
      assert.ok(first && second);
      assert.equal(first.attributes['podline.run.state'], 'cleared');
      assert.equal(second.attributes['podline.run.state'], 'success');
      assert.ok(second.start >= first.end && first.end > first.start);
    },
  );

  tracedIt(
    'go to one of those who take them, come back, and the oldest are dropped',
    async (engine) => {
      const { database } = engine;
      await engine.register(dag('d', {}, (d) => d.task('a', work)));
      for (let run = 0; run < 5; run++) await engine.run('d', { runId: `r${run}` });
      const [one, two] = await Promise.all([takeSpans(database, 4), takeSpans(database, 4)]);
      assert.equal(new Set([...one, ...two].map(({ due }) => due)).size, 8);
      assert.equal((await takeSpans(database, 10)).length, 2);
      await giveSpansBack(database, one);
      assert.equal(await shortenSpans(database, 3), 7);
      const { rows } = await database.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM podline.span_due',
      );
      assert.deepEqual(rows, [{ n: 3 }]);
      await setTracing(database, false);
      assert.deepEqual((await database.query('SELECT FROM podline.span_due')).rows, []);
    },
  );
});
