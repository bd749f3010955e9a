/** The database is killed and started again in the middle of runs, once exactly when tasks end. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEmbedded } from '../../runtime/database/embedded.ts';
import { migrate } from '../../runtime/database/migrate.ts';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import { CrashHost } from './harness.ts';
import { seeded } from './seed.ts';

describe('a database that is killed in the middle of runs', function () {
  this.timeout(180_000);
  let folder: string;
  let server: EmbeddedServer;
  let pool: Database;
  let host: CrashHost;
  const random = seeded();

  before(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-restarts-'));
    await fs.chmod(folder, 0o755);
    // Durable, other than the servers of other tests: what was committed must be there again.
    server = await startEmbedded({ folder });
    await migrate(server.url);
    pool = openPool(server.url);
    host = await CrashHost.open(pool, server.url);
  });
  after(async () => {
    await host.close();
    await pool.end();
    await server.stop();
    await fs.rm(folder, { recursive: true, force: true });
  });

  /** As `pg_ctl stop -m immediate`: every session is cut, the next start recovers. */
  async function stopAtOnce(): Promise<void> {
    const file = path.join(server.dataFolder, 'postmaster.pid');
    const pid = Number((await fs.readFile(file, 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    while (
      await fs.access(file).then(
        () => true,
        () => false,
      )
    )
      await sleep(10);
  }

  async function startAgain(): Promise<void> {
    const { url } = server;
    server = await startEmbedded({ folder });
    assert.equal(server.url, url);
  }

  it('nothing is lost, tasks go on, and late reports arrive', async () => {
    await Promise.all([host.start(), host.start()]);
    const held = await host.trigger('held');
    await host.begun(held, 2);
    const runs: string[] = [];
    // The longest is above the 5 s after which a silent worker without its lock is taken for dead.
    for (const down of [0, 1000 * random(), 6000, 500 * random()]) {
      runs.push(...(await host.trigger('quick', 5)));
      await sleep(200 * random());
      await stopAtOnce();
      await sleep(down);
      await startAgain();
    }
    await host.ended(runs);

    // Both tasks of `held` come to their end while there is nobody to tell.
    await stopAtOnce();
    await host.openGate();
    await host.until('the end of both tasks', async () => {
      return [...host.ledger().ends.keys()].filter((key) => key.includes(held[0]!)).length === 2;
    });
    await startAgain();
    await host.ended(held);
    const attempts = await host.attempts(held);
    assert.deepEqual(
      attempts.map(({ number, state }) => [number, state]),
      [
        [1, 'success'],
        [1, 'success'],
      ],
      'no restart ended a running task',
    );
    const { rows } = await pool.query<{ workers: number }>(
      'SELECT count(*)::int AS workers FROM podline.worker',
    );
    assert.equal(rows[0]?.workers, 2, 'no scheduler was taken for dead');
    const lost = (await host.attempts(runs)).filter(({ cause }) => cause !== null);
    console.log(`      ${lost.length} of ${runs.length * 3} launches had to be repeated`);
    for (const { cause } of lost) assert.equal(cause, 'launch_lost');
    await host.settle([...held, ...runs]);
  });
});
