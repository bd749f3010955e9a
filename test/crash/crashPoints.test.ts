/** A scheduler dies at each step of the protocol while another one shares its work: nothing is lost or doubled. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CRASH_POINTS, type CrashPoint } from '../../runtime/observe/crashPoint.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { tickingFile } from './dagFiles.ts';
import { CrashHost, QUICK, type SchedulerProcess } from './harness.ts';
import { scenarios } from './scenarios.ts';

interface Expected {
  dies: 'scheduler' | 'runner';
  /** Causes that attempts of the dead process may have ended with. */
  causes: string[];
}

/** What is on record after a crash at each point. A new point without a line here does not compile. */
/** Those of pods need a cluster: test/cluster/executor.test.ts. */
type LocalPoint = Exclude<CrashPoint, `pods.${string}`>;
const EXPECTED: Record<LocalPoint, Expected> = {
  'register.before_commit': { dies: 'scheduler', causes: [] },
  'timetable.before_commit': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'timetable.after_commit': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'tick.after_claim': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'tick.before_commit': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'tick.after_commit': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'executor.before_send': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'executor.after_send': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'outbox.before_commit': { dies: 'scheduler', causes: ['launch_lost', 'worker_lost'] },
  'runner.after_claim': { dies: 'runner', causes: ['launch_failed'] },
  'runner.during_task': { dies: 'runner', causes: ['worker_lost'] },
  // A program has ended and is not to blame; a body ran in the process that died, and may be.
  'runner.before_finish': { dies: 'runner', causes: ['worker_lost', 'signal'] },
  'runner.after_finish': { dies: 'runner', causes: [] },
};

/** Points at which at least one attempt must be on record as lost. */
function isLocal(point: CrashPoint): point is Exclude<LocalPoint, 'register.before_commit'> {
  return point !== 'register.before_commit' && !point.startsWith('pods.');
}

const LOSES: LocalPoint[] = [
  'tick.after_commit',
  'executor.before_send',
  'runner.after_claim',
  'runner.during_task',
  'runner.before_finish',
];

describe('a crash at every step of the protocol', function () {
  this.timeout(180_000);
  let db: TestDatabase;
  let host: CrashHost;
  let survivor: SchedulerProcess;
  const runs: string[] = [];

  before(async () => {
    db = await testDatabase();
    host = await CrashHost.open(db.pool, db.url);
    await host.registerTicking();
    survivor = await host.start({ limits: QUICK });
  });
  after(async () => {
    await host.close();
    await db.drop();
  });

  async function scenario(point: LocalPoint): Promise<void> {
    const { dies } = EXPECTED[point];
    const proof = path.join(host.folder, `crashed-${point}`);
    const crasher = await host.start({
      limits: QUICK,
      env: { PODLINE_CRASH_AT: point, PODLINE_CRASH_ONCE: proof },
    });
    // Both share the work; runs follow each other until the one has come to the point.
    const own: string[] = [];
    for (let n = 0; !existsSync(proof); n += 1) {
      assert.ok(n < 100, `${point} was not reached in ${n} runs`);
      const [run = ''] = await host.trigger('quick');
      own.push(run);
      await host.until(`a crash at ${point} or the end of ${run}`, async () => {
        if (existsSync(proof)) return true;
        const { rowCount } = await host.database.query(
          "SELECT FROM podline.run WHERE run_id = $1 AND state = 'success'",
          [run],
        );
        return (rowCount ?? 0) > 0;
      });
    }
    runs.push(...own);
    if (dies === 'scheduler') assert.deepEqual(await crasher.exited, [null, 'SIGKILL']);
    await host.ended(own);
    const pid = await host.until('the pid', async () => Number(readFileSync(proof, 'utf8')));
    assert.equal(pid === crasher.pid, dies === 'scheduler');
    await check(point, pid);
    if (dies === 'runner') {
      assert.deepEqual(await crasher.kill('SIGTERM'), [0, null], 'the scheduler itself lives on');
    }
  }

  /** Attempts that the dead process had: what is recorded of them is what happened. */
  async function check(point: LocalPoint, pid: number): Promise<void> {
    const { dies, causes } = EXPECTED[point];
    const lost = await host.until('a record of every attempt', async () => {
      const { rows } = await host.database.query<{ state: string; cause: string }>(
        dies === 'scheduler'
          ? `SELECT a.state, a.cause FROM podline.attempt a JOIN podline.worker w ON w.id = a.worker_id WHERE w.pid = $1`
          : `SELECT a.state, a.cause FROM podline.attempt a WHERE (a.facts ->> 'pid')::int = $1`,
        [pid],
      );
      const open = rows.some(({ state }) => state === 'launching' || state === 'running');
      return !open && rows.filter(({ state }) => state === 'failed');
    });
    for (const { cause } of lost) assert.ok(causes.includes(cause), `${point}: ${cause}`);
    if (LOSES.includes(point)) assert.ok(lost.length > 0, `${point}: no attempt was lost`);
    if (dies === 'runner') assert.ok(lost.length <= 1);
  }

  // All on one database, so that the crashes also meet each other.
  scenarios(
    4,
    CRASH_POINTS.filter(isLocal).map((point) => [
      `${point}: every run ends well`,
      () => scenario(point),
    ]),
  );

  it('register.before_commit: nothing is registered, and the next start registers all', async () => {
    const known = async () => {
      const { rows } = await host.database.query(
        "SELECT d.dag_id FROM podline.dag d WHERE d.dag_id = 'late'",
      );
      return rows.length;
    };
    await host.write(tickingFile(host.facts, 'late'));
    const options = { limits: QUICK, register: host.dags, unready: true };
    const crasher = await host.start({
      ...options,
      env: { PODLINE_CRASH_AT: 'register.before_commit' },
    });
    assert.deepEqual(await crasher.exited, [null, 'SIGKILL']);
    assert.equal(await known(), 0);
    const second = await host.start({ ...options, unready: false });
    assert.equal(await known(), 1);
    await host.until('a run of the new DAG', async () => {
      const { rowCount } = await host.database.query(
        "SELECT FROM podline.run WHERE dag_id = 'late' AND state = 'success'",
      );
      return (rowCount ?? 0) > 0;
    });
    assert.deepEqual(await second.kill('SIGTERM'), [0, null]);
  });

  it('callbacks arrive at least once, under a stable key', async () => {
    await host.until('every callback', async () => {
      const { rows } = await host.database.query<{ left: number }>(
        'SELECT count(*)::int AS left FROM podline.outbox WHERE delivered_at IS NULL',
      );
      return rows[0]?.left === 0;
    });
    const { rows } = await host.database.query<{ id: number }>('SELECT id FROM podline.outbox');
    const arrived = new Set(host.callbacks);
    assert.deepEqual(
      rows.filter(({ id }) => !arrived.has(`callback-${id}`)),
      [],
    );
    assert.equal(arrived.size, rows.length);
    assert.ok(host.callbacks.length > arrived.size, 'the crash after a delivery made it twice');
  });

  it('a schedule has one run for every tick, and none is missing', async () => {
    await host.endSchedule('ticking');
    await host.endSchedule('late');
    const { rows } = await host.database.query<{ runs: number; ticks: number }>(
      `SELECT count(*)::int AS runs, (extract(epoch FROM max(logical_date) - min(logical_date)) + 1)::int AS ticks
         FROM podline.run WHERE dag_id = 'ticking'`,
    );
    assert.ok((rows[0]?.runs ?? 0) > 5);
    assert.equal(rows[0]?.runs, rows[0]?.ticks);
  });

  it('nothing is lost, doubled, stuck or left behind', async () => {
    await host.until('the end of all runs', async () => {
      const { rows } = await host.database.query<{ open: number }>(
        "SELECT count(*)::int AS open FROM podline.run WHERE state NOT IN ('success', 'failed')",
      );
      return rows[0]?.open === 0;
    });
    assert.equal(survivor.alive, true);
    await host.settle(runs);
  });
});
