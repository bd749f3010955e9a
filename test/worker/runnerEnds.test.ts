/** The runner under a supervisor: stops, timeouts, crashes, leaks, and that no process is left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { launch, planTask, recorded, type Launched } from './fixture.ts';
import { noneLeft, processesWith } from './processes.ts';
import { SupervisedRunner } from './supervised.ts';

/** Each script carries a mark in its environment, which its children inherit. */
let marks = 0;
function bash(text: string, part: Partial<Parameters<typeof planTask>[0]> = {}) {
  marks += 1;
  const mark = `${process.pid}-${marks}`;
  const env = { PODLINE_TEST_MARK: mark };
  return { mark, task: planTask({ operator: 'bash', config: { script: { text } }, env, ...part }) };
}

const body = (dagId: string, code: string) => ({
  'code.mjs': `
    const registry = (globalThis[Symbol.for('podline.taskFunctions')] ??= new Map());
    registry.set('${dagId}', new Map([['work', ${code}]]));`,
});

describe('runner: how attempts end', () => {
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

  /** Resolves when the log of the attempt has the text. */
  async function logged(launched: Launched, text: string): Promise<void> {
    while (!(await recorded(db, launched)).log.includes(text));
  }

  async function isGone({ attemptId }: Launched): Promise<boolean | undefined> {
    const { rows } = await db.pool.query<{ gone: boolean }>(
      'SELECT gone_at IS NOT NULL AS gone FROM podline.attempt WHERE id = $1',
      [attemptId],
    );
    return rows[0]?.gone;
  }

  it('a cancelled script gets TERM and may clean up', async () => {
    const { task } = bash(
      'trap "echo cleaned; exit 3" TERM; echo up; while :; do sleep 0.05; done',
    );
    const launched = await launch(db, task);
    const ended = runner.begin(launched);
    await logged(launched, 'up\n');
    const { attemptId } = launched;
    runner.send({ type: 'kill', attemptId, reason: 'cancelled', graceSeconds: 10 });
    assert.equal((await ended).reusable, false);
    const row = await recorded(db, launched);
    assert.deepEqual([row.state, row.cause, row.exitCode], ['failed', 'cancelled', 3]);
    assert.match(row.log, /^cleaned$/m);
  });

  it('a script that ignores TERM is killed after the grace, with its grandchildren', async () => {
    const { task, mark } = bash(
      'trap "" TERM; (trap "" TERM; sleep 300) & bash -c "sleep 300 & sleep 300" & echo up; sleep 300; sleep 300',
    );
    const launched = await launch(db, task);
    const ended = runner.begin(launched);
    await logged(launched, 'up\n');
    assert.ok((await processesWith('PODLINE_TEST_MARK', mark)).length >= 3);
    const { attemptId } = launched;
    runner.send({ type: 'kill', attemptId, reason: 'interrupted', graceSeconds: 0.2 });
    await ended;
    await noneLeft('PODLINE_TEST_MARK', mark);
    assert.equal((await recorded(db, launched)).cause, 'interrupted');
  });

  it('background processes of a script that has ended are stopped', async () => {
    const { task, mark } = bash('sleep 300 & echo done');
    const launched = await launch(db, task);
    assert.equal((await runner.begin(launched)).state, 'success');
    await noneLeft('PODLINE_TEST_MARK', mark);
    assert.match((await recorded(db, launched)).log, /left background processes/);
  });

  it('the execution timeout stops a script', async () => {
    const { task, mark } = bash('echo up; sleep 300', { executionTimeout: 0.3 });
    const launched = await launch(db, task);
    await runner.begin(launched);
    const row = await recorded(db, launched);
    assert.deepEqual([row.state, row.cause], ['failed', 'timeout']);
    assert.match(row.message ?? '', /longer than its execution timeout of 0\.3 s/);
    await noneLeft('PODLINE_TEST_MARK', mark);
  });

  for (const how of ['disconnect', 'SIGKILL'] as const) {
    it(`nothing is left when the channel to the supervisor is lost (${how})`, async () => {
      const { task, mark } = bash('trap "" TERM; sleep 300 & echo up; sleep 300');
      const launched = await launch(db, task);
      runner.begin(launched).catch(() => {});
      await logged(launched, 'up\n');
      const gone = once(runner.child, 'exit');
      if (how === 'disconnect') {
        runner.child.disconnect();
        await gone;
        await noneLeft('PODLINE_TEST_MARK', mark);
      } else {
        // The runner itself killed: the supervisor knows the group and ends it.
        runner.child.kill('SIGKILL');
        await gone;
        const groups = runner.messages.filter((message) => message.type === 'group');
        assert.equal(groups.length, 1);
        process.kill(-groups[0]!.pid, 'SIGKILL');
        await noneLeft('PODLINE_TEST_MARK', mark);
      }
    });
  }

  it('a body that ignores its signal is given up after the grace', async () => {
    const bundle = body('deaf', '() => new Promise(() => {})');
    const task = planTask({ operator: 'typescript', executionTimeout: 0.1 });
    const launched = await launch(db, task, { dagId: 'deaf', bundle });
    const ended = await runner.begin(launched);
    assert.deepEqual([ended.reply, ended.reusable, ended.left], ['recorded', false, true]);
    assert.equal((await recorded(db, launched)).cause, 'timeout');
    // Its code still runs here: the next attempt has to wait for the end of this process.
    assert.equal(await isGone(launched), false);
  });

  it('a body that heeds its signal ends at once', async () => {
    const bundle = body(
      'heeds',
      `(inputs, { signal }) => {
        console.log('up');
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }`,
    );
    const launched = await launch(db, planTask({ operator: 'typescript' }), {
      dagId: 'heeds',
      bundle,
    });
    const ended = runner.begin(launched);
    await logged(launched, 'up\n');
    const { attemptId } = launched;
    runner.send({ type: 'kill', attemptId, reason: 'cancelled', graceSeconds: 600 });
    assert.equal((await ended).left, false);
    assert.equal((await recorded(db, launched)).cause, 'cancelled');
    assert.equal(await isGone(launched), true);
  });

  it('an endless loop does not outlive a supervisor that was killed', async () => {
    const bundle = body('endless', '() => { for (;;); }');
    const launched = await launch(db, planTask({ operator: 'typescript' }), {
      dagId: 'endless',
      bundle,
    });
    const mark = `loop-${process.pid}`;
    const message = {
      init: {
        databaseUrl: db.workerUrl,
        bundleCache: os.tmpdir(),
        host: 'test',
        leaseSeconds: 300,
      },
      run: { attemptId: launched.attemptId, token: launched.token.toString('hex') },
    };
    // A supervisor of its own, which can be killed.
    const supervisor = spawn(
      process.execPath,
      [
        '-e',
        `const { fork } = require('node:child_process');
         const { init, run } = JSON.parse(process.env.MESSAGE);
         const child = fork(process.env.MAIN, { serialization: 'advanced', execArgv: ['--conditions=podline-source'] });
         child.send({ type: 'init', ...init });
         child.send({ type: 'run', ...run });
         child.on('message', ({ type }) => type === 'started' && console.log('started'));`,
      ],
      {
        env: {
          ...process.env,
          MAIN: path.join(import.meta.dirname, '../../runtime/worker/runner.ts'),
          MESSAGE: JSON.stringify(message),
          PODLINE_TEST_MARK: mark,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(supervisor.stdout, 'data');
    // The loop itself cannot say that it runs: the watchdog beside it must be up by then, too.
    await sleep(1000);
    assert.equal((await processesWith('PODLINE_TEST_MARK', mark)).length, 2);
    supervisor.kill('SIGKILL');
    await noneLeft('PODLINE_TEST_MARK', mark);
  });

  const leaks: [string, string, RegExp][] = [
    ['a timer', '() => { setInterval(() => {}, 1000); return 1; }', /handles or timers/],
    [
      'a server',
      `async () => { (await import('node:net')).createServer().listen(0); return 1; }`,
      /handles/,
    ],
    ['another working directory', `() => { process.chdir('/'); return 1; }`, /working directory/],
    ['a changed environment', `() => { process.env.X_LEFT = '1'; return 1; }`, /environment/],
    ['a global variable', '() => { globalThis.left = 1; return 1; }', /global/],
    ['a listener', `() => { process.on('SIGUSR2', () => {}); return 1; }`, /listeners/],
    [
      'a grown heap',
      '() => { globalThis[Symbol.for("podline.taskFunctions")].big = Array.from({ length: 3e6 }, (_, i) => ({ i, s: [i] })); return 1; }',
      /heap/,
    ],
  ];
  for (const [name, code, trace] of leaks) {
    it(`a body that leaves ${name} behind succeeds, and its process is not used again`, async () => {
      const dagId = `leak ${name}`.replaceAll(' ', '_');
      const launched = await launch(db, planTask({ operator: 'typescript' }), {
        dagId,
        bundle: body(dagId, code),
      });
      const ended = await runner.begin(launched);
      assert.equal(ended.state, 'success');
      assert.equal(ended.reusable, false);
      assert.match(ended.traces.join(), trace);
    });
  }

  const crashes: [string, string, string, RegExp][] = [
    ['throws', 'async () => { throw new Error("bad luck"); }', 'error', /bad luck/],
    [
      'throws no error',
      'async () => { throw { toString() { throw 1; } }; }',
      'error',
      /cannot be printed/,
    ],
    [
      'throws later',
      '() => new Promise(() => setTimeout(() => { throw new Error("stray"); }, 1))',
      'error',
      /stray/,
    ],
    [
      'rejects unseen',
      '() => { Promise.reject(new Error("unseen")); return new Promise(() => {}); }',
      'error',
      /unseen/,
    ],
    ['calls process.exit', '() => { process.exit(0); }', 'error', /process\.exit\(0\)/],
    ['returns no JSON', '() => ({ at: new Date() })', 'xcom', /output\.at is a Date/],
    ['returns too much', '() => "x".repeat(300000)', 'xcom', /xcom\.too_large/],
  ];
  for (const [name, code, cause, message] of crashes) {
    it(`a body that ${name} fails with cause ${cause}`, async () => {
      const dagId = `crash ${name}`.replaceAll(' ', '_');
      const launched = await launch(db, planTask({ operator: 'typescript' }), {
        dagId,
        bundle: body(dagId, code),
      });
      assert.equal((await runner.begin(launched)).reply, 'recorded');
      const row = await recorded(db, launched);
      assert.deepEqual([row.state, row.cause], ['failed', cause]);
      assert.match(row.message ?? '', message);
    });
  }

  it('an output within the limit is stored, although jsonb spells it half as long again', async () => {
    const launched = await launch(db, planTask({ operator: 'typescript' }), {
      dagId: 'spelling',
      bundle: body('spelling', '() => Array.from({ length: 130000 }, () => 1)'),
    });
    assert.equal((await runner.begin(launched)).reply, 'recorded');
    assert.equal((await recorded(db, launched)).state, 'success');
  });

  it('two versions of one DAG in one process keep their own bodies', async () => {
    const run = async (n: number) => {
      const launched = await launch(db, planTask({ operator: 'typescript' }), {
        dagId: 'versions',
        bundle: body('versions', `() => ${n}`),
      });
      const ended = await runner.begin(launched);
      return [(await recorded(db, launched)).xcom, ended.reusable];
    };
    assert.deepEqual(await run(1), [1, true]);
    assert.deepEqual(await run(2), [2, false]);
    assert.deepEqual(await run(1), [1, false]);
  });

  it('the runner is not used for more than 200 attempts', async function () {
    this.timeout(60_000);
    const launched = await launch(db, planTask({ operator: 'empty' }));
    for (let i = 1; i < 200; i += 1) {
      const ended = await runner.begin(launched);
      assert.equal(ended.reusable, true, String(i));
    }
    assert.deepEqual((await runner.begin(launched)).traces, ['200 attempts']);
  });

  it('leaves when it is told to, after its attempt', async () => {
    const { task } = bash('sleep 0.2; echo end');
    const launched = await launch(db, task);
    const ended = runner.begin(launched);
    const gone = once(runner.child, 'exit');
    runner.send({ type: 'exit' });
    assert.equal((await ended).state, 'success');
    assert.equal((await gone)[0], 0);
  });

  it('a task sees neither the database nor connections that it does not declare', async () => {
    await runner.stop();
    runner = await SupervisedRunner.start(
      db.workerUrl,
      {},
      {
        ...process.env,
        DATABASE_URL: db.url,
        PODLINE_CONN_SHOWN: 'http://shown.example',
        PODLINE_CONN_HIDDEN: 'http://hidden.example',
      },
    );
    const references = { xcoms: [], variables: [], connections: ['shown'] };
    const script = bash('env', { references });
    const first = await launch(db, script.task);
    await runner.begin(first);
    const { log } = await recorded(db, first);
    assert.match(log, /^PODLINE_CONN_SHOWN=http:\/\/shown\.example$/m);
    assert.ok(
      !log.includes('hidden') && !log.includes('DATABASE_URL') && !log.includes(db.workerUrl),
    );

    const bundle = body(
      'sees',
      `(inputs, context) => {
        let refused = '';
        try { context.connection('hidden'); } catch (error) { refused = error.message; }
        return { env: JSON.stringify(process.env), host: context.connection('shown').host, refused };
      }`,
    );
    const task = planTask({ operator: 'typescript', references });
    const second = await launch(db, task, { dagId: 'sees', bundle });
    await runner.begin(second);
    const { xcom } = await recorded(db, second);
    const { env, host, refused } = xcom as { env: string; host: string; refused: string };
    assert.equal(host, 'shown.example');
    assert.match(refused, /"hidden", which it does not declare/);
    assert.ok(!env.includes('hidden') && !env.includes('DATABASE_URL'));
  });
});
