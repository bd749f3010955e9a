/** The runner under a supervisor: attempts that go well. */
import assert from 'node:assert/strict';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { launch, planTask, recorded } from './fixture.ts';
import { SupervisedRunner } from './supervised.ts';

const bash = (text: string) => planTask({ operator: 'bash', config: { script: { text } } });

/** Code as a bundle has it: bodies under the registry's symbol. */
const code = (dagId: string, body: string) => `
  const registry = (globalThis[Symbol.for('podline.taskFunctions')] ??= new Map());
  registry.set('${dagId}', new Map([['work', ${body}]]));`;

describe('runner', () => {
  let db: TestDatabase;
  let runner: SupervisedRunner;
  before(async () => {
    db = await testDatabase();
  });
  after(() => db.drop());
  beforeEach(async () => {
    runner = await SupervisedRunner.start(db.workerUrl);
  });
  afterEach(() => runner.stop());

  it('runs a bash script, records its output and log', async () => {
    const launched = await launch(
      db,
      bash('echo "hello from $PODLINE_TASK_ID"; echo "[1,2,3]" > "$PODLINE_OUTPUT"'),
    );
    const ended = await runner.begin(launched);
    assert.deepEqual(
      { reply: ended.reply, state: ended.state, reusable: ended.reusable, traces: ended.traces },
      { reply: 'recorded', state: 'success', reusable: true, traces: [] },
    );
    const row = await recorded(db, launched);
    assert.equal(row.state, 'success');
    assert.deepEqual(row.xcom, [1, 2, 3]);
    assert.equal(row.outcome?.mapLength, 3);
    assert.match(row.log, /^hello from work$/m);
  });

  it('runs a typescript body of the bundle, again and again in one process', async () => {
    const bundle = {
      'code.mjs': code(
        'again',
        'async (inputs, context) => { console.log("body"); return { n: inputs.n + 1, run: context.runId }; }',
      ),
    };
    const task = planTask({
      operator: 'typescript',
      inputs: { n: { kind: 'literal', value: 41 } },
    });
    const times: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const launched = await launch(db, task, { dagId: 'again', bundle });
      const began = performance.now();
      const ended = await runner.begin(launched);
      times.push(performance.now() - began);
      assert.deepEqual(ended.traces, []);
      const row = await recorded(db, launched);
      assert.equal((row.xcom as { n: number }).n, 42);
      assert.equal(row.log, 'body\n');
    }
    if (process.env.PODLINE_TEST_TIMES) console.log(times.map((t) => t.toFixed(1)).join(' '));
  });

  it('refuses a token that was used', async () => {
    const launched = await launch(db, bash('true'));
    assert.equal((await runner.begin(launched)).reply, 'recorded');
    const second = await runner.begin(launched);
    assert.equal(second.reply, 'refused');
    assert.equal(second.reusable, true);
  });
});
