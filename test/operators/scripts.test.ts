/** bash, python and r with the real programs: the task protocol from both sides. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Json, PlanTask } from '../../src/plan/plan.ts';
import { operate, type Operation } from './operate.ts';

const script = (
  operator: string,
  text: string,
  part: Partial<PlanTask> = {},
  more: Partial<Operation> = {},
) => operate({ task: { operator, config: { script: { text } }, ...part }, ...more });

describe('bash', () => {
  it('gets facts, inputs and params by the protocol and a clean environment', async () => {
    process.env.PODLINE_TEST_OUTSIDE = 'x';
    const { outcome, log } = await script(
      'bash',
      `
      env | cut -d= -f1 | sort > names
      echo "$PODLINE_DAG_ID $PODLINE_RUN_ID $PODLINE_TASK_ID $PODLINE_MAP_INDEX $PODLINE_TRY"
      echo "$PODLINE_LOGICAL_DATE $PODLINE_INTERVAL_START $PODLINE_INTERVAL_END"
      echo "key=$PODLINE_IDEMPOTENCY_KEY"
      echo "scalar=$PODLINE_INPUT_ROW_COUNT own=$DAY"
      cat "$PODLINE_INPUTS" "$PODLINE_PARAMS"
      echo; grep -c PODLINE_TEST_OUTSIDE names || true
      ls -A | tr '\\n' ' '
      `,
      {
        inputs: {
          'row count': { kind: 'literal', value: 7 },
          list: { kind: 'literal', value: [1] },
        },
        env: { DAY: '{{ ds }}', PODLINE_DAG_ID: 'not to be overridden' },
      },
    );
    delete process.env.PODLINE_TEST_OUTSIDE;
    assert.equal(outcome.state, 'success');
    assert.equal(outcome.xcom, undefined);
    assert.deepEqual(log.split('\n').slice(0, 7), [
      'sales manual__1 work -1 1',
      '2026-03-01T06:00:00+00:00 2026-02-28T06:00:00+00:00 2026-03-01T06:00:00+00:00',
      'key=sales/manual__1/work/-1',
      'scalar=7 own=2026-03-01',
      '{"row count":7,"list":[1]}{}',
      '0',
      'names ',
    ]);
  });

  it('stops at the first failing command, also in a pipe', async () => {
    const { outcome, log } = await script('bash', 'false | true\necho not here');
    assert.deepEqual([outcome.state, outcome.cause, outcome.exitCode], ['failed', 'exit_code', 1]);
    assert.ok(!log.includes('not here'));
  });

  const ends: [string, string, Json][] = [
    ['an exit code', 'echo out; echo err >&2; exit 7', ['failed', 'exit_code', 7]],
    ['a signal', 'kill -SEGV $$', ['failed', 'signal', null]],
    ['exit code 99', 'exit 99', ['skipped', null, 99]],
  ];
  for (const [name, text, expected] of ends) {
    it(`records ${name}`, async () => {
      const { outcome } = await script('bash', text);
      assert.deepEqual([outcome.state, outcome.cause ?? null, outcome.exitCode ?? null], expected);
    });
  }

  it('takes another skip exit code', async () => {
    const config = { script: { text: 'exit 5' }, skipExitCode: 5 };
    assert.equal((await operate({ task: { operator: 'bash', config } })).outcome.state, 'skipped');
  });

  const outputs: [
    string,
    string,
    (outcome: Awaited<ReturnType<typeof script>>['outcome']) => void,
  ][] = [
    [
      'JSON with white space',
      `printf ' {"a": [1,2]}\\n' > "$PODLINE_OUTPUT"`,
      (o) => assert.deepEqual(o.xcom, { a: [1, 2] }),
    ],
    ['an empty file', ': > "$PODLINE_OUTPUT"', (o) => assert.equal('xcom' in o, false)],
    ['null', 'echo null > "$PODLINE_OUTPUT"', (o) => assert.equal(o.xcom, null)],
    [
      'no JSON',
      'echo hello > "$PODLINE_OUTPUT"',
      (o) => assert.match(o.message ?? '', /^xcom\.not_json/),
    ],
    ['1e309', 'echo 1e309 > "$PODLINE_OUTPUT"', (o) => assert.match(o.message ?? '', /Infinity/)],
    [
      'invalid UTF-8',
      `printf '"\\xff"' > "$PODLINE_OUTPUT"`,
      (o) => assert.match(o.message ?? '', /UTF-8/),
    ],
    [
      'NUL',
      `printf '"\\\\u0000"' > "$PODLINE_OUTPUT"`,
      (o) => assert.match(o.message ?? '', /U\+0000/),
    ],
    [
      'too much',
      'head -c 300000 /dev/zero | tr "\\0" 1 > "$PODLINE_OUTPUT"',
      (o) => assert.equal(o.cause, 'xcom'),
    ],
    [
      '100 MB',
      'truncate -s 100M "$PODLINE_OUTPUT"',
      (o) => assert.match(o.message ?? '', /xcom\.too_large.*104857600/),
    ],
  ];
  for (const [name, text, check] of outputs) {
    it(`reads an output file with ${name}`, async () => {
      check((await script('bash', text)).outcome);
    });
  }

  it('masks the password of a connection, in whatever spelling', async () => {
    const { log } = await script(
      'bash',
      `echo "uri $PODLINE_CONN_DB"; for c in g e h e im1; do printf %s $c; sleep 0.01; done; echo; printf 'u:geheim1' | base64`,
      {},
      { connections: { db: 'postgresql://ann:geheim1@db/x' } },
    );
    assert.ok(
      !log.includes('geheim1') && !log.includes(Buffer.from('u:geheim1').toString('base64')),
      log,
    );
    assert.match(log, /^uri postgresql:\/\/ann:\*\*\*@db\/x$/m);
  });

  it('names all connections and variables that are missing at once', async () => {
    const references = { xcoms: [], variables: ['v1'], connections: ['c1', 'c2'] };
    const { outcome } = await script('bash', 'true', { references });
    assert.equal(outcome.cause, 'input');
    for (const name of ['"c1"', '"c2"', '"v1"']) assert.ok(outcome.message?.includes(name), name);
  });

  it('says which program is not installed, and which folder does not exist', async () => {
    const missing = { script: { text: '' }, program: 'no-such-program' };
    const one = await operate({ task: { operator: 'bash', config: missing } });
    assert.match(one.outcome.message ?? '', /task\.missing_program.*"no-such-program"/);
    const nowhere = { script: { text: '' }, cwd: '/no/such/folder' };
    const two = await operate({ task: { operator: 'bash', config: nowhere } });
    assert.match(two.outcome.message ?? '', /folder \/no\/such\/folder does not exist/);
  });

  it('keeps memory flat over a line of 1 GB, and cuts the log at its limit', async function () {
    this.timeout(60_000);
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const { AttemptLog } = await import('../../runtime/worker/log.ts');
    const { execute } = await import('../../runtime/worker/execute.ts');
    const { Connections } = await import('../../runtime/connections/connections.ts');
    const { Stop } = await import('../../runtime/worker/stop.ts');
    const { assignment, planTask } = await import('../worker/fixture.ts');
    let stored = 0;
    const log = new AttemptLog({
      capBytes: 8 * 1024 * 1024,
      send: async (_seq, content) => void (stored += content.length),
    });
    const task = planTask({
      operator: 'bash',
      config: { script: { text: 'head -c 1000000000 /dev/zero' } },
    });
    const outcome = await execute(assignment(task), {
      connections: new Connections({}),
      log,
      stop: new Stop(),
      pushXCom: async () => true,
      pullXCom: async () => [],
      bundleFolder: async () => undefined,
      projectFolder: '.',
    });
    clearInterval(watch);
    stored += (await log.end()).content.length;
    assert.equal(outcome.state, 'success');
    assert.ok(stored > 8 * 1024 * 1024 && stored < 8 * 1024 * 1024 + 1000, String(stored));
    // 60 to 170 MB, as the garbage collector has it; a line that is held would be 1,000.
    assert.ok(most - before < 300 * 1024 * 1024, `${(most - before) / 1e6} MB`);
  });

  it('removes its folder', async () => {
    const { log } = await script('bash', 'pwd');
    const folder = path.dirname(log.split('\n')[0]!);
    while ((await readdir(path.dirname(folder))).includes(path.basename(folder)));
  });
});

describe('python', () => {
  it('reads inputs, writes its output, and needs nothing of podline', async () => {
    const { outcome, log } = await script(
      'python',
      `
import json, os
inputs = json.load(open(os.environ["PODLINE_INPUTS"]))
print("got", inputs["n"])
json.dump({"twice": inputs["n"] * 2, "text": "wörd"}, open(os.environ["PODLINE_OUTPUT"], "w"))
`,
      { inputs: { n: { kind: 'literal', value: 21 } } },
    );
    assert.deepEqual(outcome.xcom, { twice: 42, text: 'wörd' });
    assert.match(log, /^got 21$/m);
  });

  it('shows the stack trace with the name of its file', async () => {
    const config = {
      script: { file: 'python/load.py', text: 'import sys\nraise ValueError("no")\n' },
    };
    const { outcome, log } = await operate({ task: { operator: 'python', config } });
    assert.equal(outcome.exitCode, 1);
    assert.match(log, /load\.py", line 2/);
    assert.match(log, /ValueError: no/);
  });

  it('imports modules that lie beside its file in the bundle', async () => {
    const bundleFolder = await mkdtemp(path.join(os.tmpdir(), 'podline-bundle-'));
    await mkdir(path.join(bundleFolder, 'python'));
    await writeFile(path.join(bundleFolder, 'python', 'helper.py'), 'VALUE = 5\n');
    const config = {
      script: { file: 'python/main.py', text: 'import helper\nprint(helper.VALUE)\n' },
    };
    const { log } = await operate({ task: { operator: 'python', config }, bundleFolder });
    assert.match(log, /^5$/m);
    await rm(bundleFolder, { recursive: true });
  });
});

describe('r', () => {
  before(function () {
    if (spawnSync('Rscript', ['--version']).error) {
      console.warn(
        '    SKIPPED: Rscript is not installed; .ci/run installs r-base-core and r-cran-jsonlite',
      );
      this.skip();
    }
  });

  it('reads inputs, writes its output, and records its exit code', async () => {
    const { outcome, log } = await script(
      'r',
      `
inputs <- jsonlite::fromJSON(Sys.getenv("PODLINE_INPUTS"))
cat("mean", mean(inputs$x), "\\n")
jsonlite::write_json(list(mean = mean(inputs$x)), Sys.getenv("PODLINE_OUTPUT"), auto_unbox = TRUE)
`,
      { inputs: { x: { kind: 'literal', value: [1, 2, 6] } } },
    );
    assert.deepEqual(outcome.xcom, { mean: 3 });
    assert.match(log, /^mean 3/m);
    const failed = await script('r', 'stop("no data")');
    assert.deepEqual([failed.outcome.cause, failed.outcome.exitCode], ['exit_code', 1]);
    assert.match(failed.log, /no data/);
  });
});
