/**
 * The commands that go on, as real processes: dev takes up saved files within a second, a scheduler drains on
 * SIGTERM, watch and logs --follow see a run live, and Ctrl-C or a closed pipe end a command as they should.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { testDatabase, type TestDatabase } from 'podline/testing';
import { argumentsOf, environment, podline, type Running, startPodline } from './podline.ts';

const DAG_FILE = `
import { bash, dag, typescript } from 'podline/dag';
export const shop = dag('shop', { schedule: '0 6 * * *', startDate: '2099-01-01' }, (d) => {
  const talk = d.task('talk', bash({ file: 'talk.sh' }));
  d.task('sum', typescript({ inputs: {}, run: () => 40 + 2 }), { after: talk });
});
export const slow = dag('slow', {}, (d) => {
  d.task('sleep', bash({ script: 'echo started; sleep 3; echo ended' }));
});
export const bad = dag('bad', {}, (d) => {
  d.task('fail', bash({ script: 'exit 9' }));
});
`;

describe('the commands of the CLI that go on', () => {
  let database: TestDatabase;
  let folder: string;
  let home: string;
  const started: Running[] = [];
  const start = (args: string[], env: Record<string, string> = {}) => {
    const running = startPodline(args, { url: database.url, home, env });
    started.push(running);
    return running;
  };
  const run = (...args: string[]) => podline(args, { url: database.url, home });
  const save = (name: string, text: string) => fs.writeFile(path.join(folder, name), text);

  before(async () => {
    database = await testDatabase();
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-live-'));
    home = path.join(root, 'home');
    folder = path.join(root, 'dags');
    await fs.mkdir(folder);
    await save('shop.ts', DAG_FILE);
    await save('talk.sh', 'echo one; sleep 0.6; echo two\n');
  });
  after(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
    await database.drop();
    await fs.rm(path.dirname(folder), { recursive: true, force: true });
  });

  it('dev runs DAGs, and watch and logs --follow see them live', async () => {
    const dev = start(['dev', folder]);
    await dev.sees(/3 DAGs of .*: 3 new/);
    await dev.sees(/watching .*Ctrl-C/);
    const watch = start(['dags', 'trigger', 'shop', '--run-id', 'first', '--watch']);
    await dev.sees(/shop first running/);
    const follow = start(['tasks', 'logs', 'shop', 'first', 'talk', '--follow']);
    await follow.sees(/^one\n/m);
    assert.equal(await watch.ended, 0, watch.stderr());
    assert.match(
      watch.stdout(),
      /^talk success [\s\S]*^sum success [\s\S]*^Run first of DAG shop: success/m,
    );
    assert.equal(await follow.ended, 0, follow.stderr());
    assert.match(follow.stdout(), /^one\ntwo\n/);
    assert.match(follow.stderr(), /Task talk is success\./);
    await dev.sees(/shop first success in/);

    const failing = await run('dags', 'trigger', 'bad', '--watch', '--json');
    assert.equal(failing.code, 1);
    const report = JSON.parse(failing.stdout) as { state: string; reason: string };
    assert.deepEqual([report.state, report.reason], ['failed', 'because of fail']);
    await dev.sees(/bad manual__\S+ fail failed: .*exit code 9/);

    dev.child.kill('SIGINT');
    assert.equal(await dev.ended, 0, dev.stderr());
    assert.match(dev.stdout(), /stopping[\s\S]*stopped\n$/);
    const { rows } = await database.pool.query(
      'SELECT FROM podline.worker WHERE stopped_at IS NULL',
    );
    assert.equal(rows.length, 0, 'it signed off');
  });

  it('dev takes up each saved change within a second, in words', async () => {
    const dev = start(['dev', folder]);
    await dev.sees(/3 unchanged[\s\S]*watching/);
    const hash = async () => {
      const { rows } = await database.pool.query<{ hash: string }>(
        `SELECT v.hash FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id WHERE d.dag_id = 'shop'`,
      );
      return rows[0]?.hash;
    };
    const took: number[] = [];
    const change = async (name: string, text: string, words: RegExp) => {
      const from = dev.all().length;
      const before = performance.now();
      await save(name, text);
      await dev.sees(words, from);
      took.push(performance.now() - before);
    };
    const first = await hash();
    await change(
      'shop.ts',
      DAG_FILE.replace('0 6 * * *', '0 7 * * *'),
      /schedule: "0 6 \* \* \*" => "0 7 \* \* \*"/,
    );
    const second = await hash();
    assert.notEqual(second, first, 'it is registered when it is shown');
    await change(
      'talk.sh',
      'echo other\n',
      /~ task talk: changed script talk\.sh \(line 1: -1 \+1\)/,
    );
    const third = await hash();
    assert.notEqual(third, second);

    await change(
      'shop.ts',
      `${DAG_FILE}\nexport const = 1;\n`,
      /shop\.ts:14:14 Expected identifier/,
    );
    await dev.sees(/the last good version goes on/);
    assert.equal(await hash(), third, 'a broken file changes nothing');
    const shown = await run('dags', 'list');
    assert.match(shown.stdout, /^shop .*file broken/m);
    const still = await run('dags', 'trigger', 'shop', '--run-id', 'while-broken', '--watch');
    assert.equal(still.code, 0, 'the last good version runs');

    const more = DAG_FILE.replace(
      "d.task('sum'",
      "d.task('extra', bash({ script: 'true' }), { after: talk });\n  d.task('sum'",
    );
    await change('shop.ts', more, /\+ task extra \(bash, after talk\)/);
    await dev.sees(/repaired .*shop\.ts/);
    await change(
      'second.ts',
      `import { bash, dag } from 'podline/dag';
       export const second = dag('second', {}, (d) => { d.task('a', bash({ script: 'true' })); });`,
      /new DAG second/,
    );
    await fs.rm(path.join(folder, 'second.ts'));
    await dev.sees(/removed DAG second/);
    await change('shop.ts', DAG_FILE, /- task extra/);

    // A save while the one before is being built is not lost.
    for (const minute of [1, 3, 5, 7]) {
      await save('shop.ts', DAG_FILE.replace('0 6 * * *', `${minute} 6 * * *`));
      await new Promise((resolve) => setTimeout(resolve, 40 * minute));
      const last = `${minute + 1} 6 * * *`;
      await change(
        'shop.ts',
        DAG_FILE.replace('0 6 * * *', last),
        new RegExp(`=> "${minute + 1} 6`),
      );
    }
    await change('shop.ts', DAG_FILE, /=> "0 6/);

    dev.child.kill('SIGTERM');
    assert.equal(await dev.ended, 0);
    // What dev says itself is the time from the first notice of a change to its registration.
    const said = [...dev.stdout().matchAll(/\((\d+) ms\)/g)].map(([, text]) => Number(text));
    assert.ok(said.length >= 5);
    const sorted = [...took].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
    assert.ok(median <= 1000, `save to shown took ${took.map(Math.round).join(', ')} ms`);
  });

  it('a scheduler registers a folder, works, and drains on SIGTERM', async () => {
    const scheduler = start(['scheduler', '--dags', folder, '--slots', '2']);
    await scheduler.sees(/scheduler started/);
    const triggered = await run('dags', 'trigger', 'slow', '--run-id', 'drained');
    assert.equal(triggered.stderr, '', 'no warning that none is running');
    const logs = start(['tasks', 'logs', 'slow', 'drained', 'sleep', '--follow']);
    await logs.sees(/started/);
    await waitFor(async () => (await stateOf('drained')) === 'running');
    scheduler.child.kill('SIGTERM');
    assert.equal(await scheduler.ended, 0, scheduler.stderr());
    await logs.sees(/ended/);
    assert.match(scheduler.stderr(), /scheduler stopping[\s\S]*scheduler stopped/);
    const { rows } = await database.pool.query<{ state: string }>(
      `SELECT a.state FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id WHERE r.run_id = 'drained'`,
    );
    assert.deepEqual(rows, [{ state: 'success' }], 'the task was let end, once');
  });

  it('a second signal ends dev at once', async () => {
    const dev = start(['dev', folder]);
    await dev.sees(/watching/);
    await run('dags', 'trigger', 'slow', '--run-id', 'twice');
    await waitFor(async () => (await stateOf('twice')) === 'running');
    dev.child.kill('SIGINT');
    await dev.sees(/stopping/);
    const before = performance.now();
    dev.child.kill('SIGINT');
    assert.equal(await dev.ended, 130);
    assert.ok(performance.now() - before < 2000);
  });

  it('watching ends with 130 on Ctrl-C, and the run goes on', async () => {
    await run('dags', 'trigger', 'shop', '--run-id', 'alone');
    const watch = start(['runs', 'watch', 'shop', 'alone']);
    await watch.sees(/^run queued/m);
    watch.child.kill('SIGINT');
    assert.equal(await watch.ended, 130);
    assert.match(watch.stderr(), /goes on without this watcher/);
  });

  it('a closed pipe is no error', () => {
    const command = [
      process.execPath,
      ...argumentsOf(['dags', 'list'], { url: database.url, home }),
    ];
    const line = '"$@" | head -n 1; exit "${PIPESTATUS[0]}"';
    const ended = spawnSync('bash', ['-c', line, 'bash', ...command], {
      encoding: 'utf8',
      env: environment(),
    });
    assert.deepEqual([ended.status, ended.stderr], [0, '']);
    assert.match(ended.stdout, /^DAG /);
  });

  it('a database that does not answer is exit code 4', async () => {
    const url = 'postgresql://me:topsecret@127.0.0.1:1/nothing';
    const ended = await podline(['dags', 'list', '--json'], { url, home });
    assert.deepEqual([ended.code, ended.stdout], [4, '']);
    const { error } = JSON.parse(ended.stderr) as { error: { code: string } };
    assert.equal(error.code, 'database.unreachable');
    assert.doesNotMatch(ended.stderr, /topsecret/);
    const doctor = await podline(['doctor'], { url, home });
    assert.equal(doctor.code, 1);
    assert.match(doctor.stdout, /^fail +database .*cannot be reached/m);
    assert.doesNotMatch(doctor.stdout + doctor.stderr, /topsecret/);
  });

  it('build shows file, line, column and the code around, and exits 2', async () => {
    const broken = path.join(path.dirname(folder), 'broken');
    await fs.mkdir(broken);
    await fs.writeFile(
      path.join(broken, 'a.ts'),
      "import { dag } from 'podline/dag';\nexport const x = ;\n",
    );
    const out = path.join(path.dirname(folder), 'out');
    const [bad, good, none] = await Promise.all([
      podline(['build', broken, '--out', `${out}-none`]),
      podline(['build', folder, '--out', out]),
      podline(['build', path.join(broken, 'nowhere')]),
    ]);
    assert.equal(bad.code, 2);
    assert.match(
      bad.stderr,
      /a\.ts:2:18 Unexpected ";"\n[\s\S]*> 2 \| export const x = ;\n +\| +\^/,
    );
    assert.equal(good.code, 0, good.stderr);
    assert.ok((await fs.readdir(out)).includes('shop.plan.json'));
    assert.equal(none.code, 2);
    await assert.rejects(fs.stat(`${out}-none`), 'nothing is written');
  });

  it('--version starts fast', () => {
    const time = (args: string[]) => {
      const before = performance.now();
      const ended = spawnSync(process.execPath, args, { encoding: 'utf8', env: environment() });
      assert.equal(ended.status, 0, ended.stderr);
      return performance.now() - before;
    };
    // Beside a bare start of Node, so that a busy machine does not decide.
    const extra = Array.from({ length: 5 }, () => {
      const bare = time(['-e', '0']);
      return time(argumentsOf(['--version'], {})) - bare;
    });
    assert.ok(Math.min(...extra) < 100, `${extra.map(Math.round).join(', ')} ms above node itself`);
  });

  async function stateOf(runId: string): Promise<string | undefined> {
    const { rows } = await database.pool.query<{ state: string }>(
      `SELECT t.state FROM podline.task_instance t JOIN podline.run r ON r.id = t.run_id WHERE r.run_id = $1`,
      [runId],
    );
    return rows[0]?.state;
  }
});

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('waited for 20 s');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
