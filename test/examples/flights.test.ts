/** The main example: right numbers, twice, with and without Python and R, and with data that is bad. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type DemoReport, reportProblems } from '../../runtime/cli/demoReport.ts';
import { type EndedRun, DATA, ExampleEngine } from './exampleEngine.ts';

async function report(run: EndedRun): Promise<DemoReport> {
  return (await run.output('report')) as unknown as DemoReport;
}

describe('examples/flights', function () {
  this.timeout(60_000);
  let engine: ExampleEngine;
  before(async () => {
    engine = await ExampleEngine.start();
  });
  after(() => engine.stop());

  it('counts what an independent count of the same data gives', async () => {
    const run = await engine.run('flights', { params: { source: DATA } });
    assert.equal(run.state, 'success', run.explain());
    const result = await report(run);
    assert.deepEqual(reportProblems(result, run.progress.tasks), []);
    const text = await fs.readFile(path.join(DATA, 'flights-2k.json'), 'utf8');
    const flights = JSON.parse(text) as { origin: string; delay: number }[];
    for (const { code, latePercent } of result.airports) {
      const own = flights.filter(({ origin }) => origin === code);
      const late = own.filter(({ delay }) => delay > 15).length;
      assert.equal(latePercent, Math.round((1000 * late) / own.length) / 10, code);
    }
    assert.equal(run.states.alarm, 'success');
    assert.equal(run.states.calm, 'skipped');
    for (const [task, program] of [
      ['hours', 'python3'],
      ['distance', 'Rscript'],
    ] as const) {
      if (run.states[task] === 'success') continue;
      assert.equal(run.states[task], 'skipped');
      assert.match(run.reason(task) ?? '', new RegExp(`"${program}" is not installed`));
      console.warn(`    SKIPPED: the task ${task} of the example, because ${program} is missing`);
    }
  });

  it('gives the same when it runs again', async () => {
    const run = await engine.run('flights', {
      params: { source: DATA, alarmShare: 0.5, airports: 3 },
    });
    assert.equal(run.state, 'success', run.explain());
    const { totals, airports } = await report(run);
    assert.equal(totals.flights, 2000);
    assert.equal(airports.length, 3);
    assert.equal(run.states.calm, 'success');
    assert.deepEqual(await engine.query('SELECT count(*)::int AS rows FROM flights.flight'), [
      { rows: 2000 },
    ]);
  });

  it('stops at bad data with cause check_failed, before anything is published', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-flights-'));
    const text = await fs.readFile(path.join(DATA, 'flights-2k.json'), 'utf8');
    await fs.writeFile(path.join(folder, 'flights-2k.json'), text.replace('"LAX"', '"XXX"'));
    await fs.copyFile(path.join(DATA, 'airports.csv'), path.join(folder, 'airports.csv'));
    const run = await engine.run('flights', { params: { source: folder } });
    await fs.rm(folder, { recursive: true });
    assert.equal(run.state, 'failed');
    assert.equal(run.reason('check'), '1 flights with unknown airports');
    const { rows } = await engine.database.pool.query(
      `SELECT cause FROM podline.task_instance WHERE run_id = $1 AND task_id = 'check'`,
      [run.id],
    );
    assert.deepEqual(rows, [{ cause: 'check_failed' }]);
    assert.equal(run.states.report, 'upstream_failed');
  });
});

describe('examples/flights where only bash is installed', function () {
  this.timeout(60_000);
  let engine: ExampleEngine;
  let folder: string;
  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-path-'));
    for (const program of ['bash', 'cp', 'wc', 'grep', 'cut', 'sort', 'sed', 'awk']) {
      for (const at of (process.env.PATH ?? '').split(path.delimiter)) {
        const target = await fs.realpath(path.join(at, program)).catch(() => undefined);
        if (target === undefined) continue;
        await fs.symlink(target, path.join(folder, program));
        break;
      }
    }
    engine = await ExampleEngine.start({ searchPath: folder });
  });
  after(async () => {
    await engine.stop();
    await fs.rm(folder, { recursive: true });
  });

  it('skips the Python and R steps by name and still succeeds', async () => {
    const run = await engine.run('flights', { params: { source: DATA } });
    assert.equal(run.state, 'success', run.explain());
    assert.match(run.reason('hours') ?? '', /"python3" is not installed/);
    assert.match(run.reason('distance') ?? '', /"Rscript" is not installed/);
    const result = await report(run);
    assert.deepEqual(reportProblems(result, run.progress.tasks), []);
    assert.match(result.text, /the Python step was skipped/);
  });
});
