/** Three schedulers share work while one process after the other is killed around the ticks of a schedule. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { CrashHost, QUICK } from './harness.ts';
import { seeded } from './seed.ts';

const ROUNDS = Number(process.env.PODLINE_CRASH_ROUNDS ?? 10);
const SCHEDULERS = 3;
const RUNS = 6 * ROUNDS;

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

describe('three schedulers under random kills', function () {
  this.timeout(120_000 + ROUNDS * 10_000);
  let db: TestDatabase;
  let host: CrashHost;
  before(async () => {
    db = await testDatabase();
    host = await CrashHost.open(db.pool, db.url);
  });
  after(async () => {
    await host.close();
    await db.drop();
  });

  it(`${RUNS} runs and a tick a second: all end well, each tick once`, async () => {
    const random = seeded();
    const pick = <T>(list: T[]): T | undefined => list[Math.floor(random() * list.length)];
    await Promise.all(Array.from({ length: SCHEDULERS }, () => host.start({ limits: QUICK })));
    await host.registerTicking();
    const runs: string[] = [];
    const counts = { scheduler: 0, task: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const due = Math.ceil((RUNS * (round + 1)) / ROUNDS) - runs.length;
      runs.push(...(await host.trigger('quick', due)));
      // Just around the second at which every scheduler sees the tick that is due.
      await sleep(1000 - (Date.now() % 1000) + 40 * random());
      const victim = pick(host.processes.filter(({ alive }) => alive));
      if (round % 3 !== 2) {
        counts.scheduler += 1;
        await victim?.kill();
        await host.start({ limits: QUICK, unready: true });
      } else {
        // A runner, idle or not, or the script of a task.
        const pid = pick(await host.taskProcesses());
        if (pid === undefined) continue;
        counts.task += 1;
        killIfThere(pid);
      }
    }
    await host.ended(runs);
    await host.endSchedule('ticking');
    await host.until('the end of all ticks', async () => {
      const { rows } = await db.pool.query<{ open: number }>(
        "SELECT count(*)::int AS open FROM podline.run WHERE state NOT IN ('success', 'failed')",
      );
      return rows[0]?.open === 0;
    });
    const { rows } = await db.pool.query<{ runs: number; ticks: number }>(
      `SELECT count(*)::int AS runs, (extract(epoch FROM max(logical_date) - min(logical_date)) + 1)::int AS ticks
         FROM podline.run WHERE dag_id = 'ticking'`,
    );
    assert.ok((rows[0]?.runs ?? 0) >= ROUNDS / 2);
    assert.equal(rows[0]?.runs, rows[0]?.ticks, 'one run for every tick');
    const attempts = await host.attempts(runs);
    const lost = attempts.filter(({ cause }) => cause !== null);
    console.log(
      `      killed ${counts.scheduler} schedulers and ${counts.task} processes of tasks; ${lost.length} of ${attempts.length} attempts lost, ${rows[0]?.runs} ticks`,
    );
    await host.settle(runs);
  });
});
