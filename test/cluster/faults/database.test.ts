/** F16: PostgreSQL is killed in mid-run, pods run. Nobody in them notices, and what they report is recorded once. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedServer, startEmbedded } from '../../../runtime/database/embedded.ts';
import { migrate } from '../../../runtime/database/migrate.ts';
import { openPool } from '../../../runtime/database/pool.ts';
import { workerUrl } from '../../../src/model/databaseRoles.ts';
import type { TestDatabase } from '../../../runtime/testing/database.ts';
import { openCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';
import { dagFile } from './faultDags.ts';
import { Ledger } from './ledger.ts';
import { PodHistory } from './podHistory.ts';

/** Seconds. The longest is above the silence after which others may take over what a scheduler has. */
const DOWN = [0, 1.5, 6];

describe('a database that is killed while pods run', function () {
  this.timeout(180_000);
  let folder: string;
  let server: EmbeddedServer;
  let rig: Rig;
  let ledger: Ledger;
  let history: PodHistory;

  before(async () => {
    const cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-pods-database-'));
    await fs.chmod(folder, 0o755);
    // Durable, other than the servers of other tests: what was committed must be there again.
    server = await startEmbedded({ folder, open: true });
    await migrate(server.url);
    const pool = openPool(server.url);
    const database: TestDatabase = {
      url: server.url,
      workerUrl: workerUrl(server.url),
      pool,
      server,
      drop: () => pool.end(),
    };
    rig = await Rig.open({ cluster, database });
    history = await PodHistory.open(cluster, rig.namespace);
    await rig.register(
      dagFile(`
export const held = dag('held', { defaults }, (d) => {
  for (const id of ['one', 'two']) {
    d.task(id, bash({ script: '${ledger.enter('held')}; read -r go <&3; echo 7 > "$PODLINE_OUTPUT"; echo bye >&3' }));
  }
  d.task('direct', pod(sh('${ledger.enter('held')}; read -r go <&3; echo bye >&3')));
});
export const quick = dag('quick', { defaults }, (d) => {
  const first = d.task('first', bash({ script: 'true' }));
  d.task('second', bash({ script: 'true' }), { after: first });
});`),
    );
  });
  after(async () => {
    try {
      await history.close();
      await rig.close();
    } finally {
      ledger.close();
      await server.stop();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });

  async function kill(): Promise<void> {
    const file = path.join(server.dataFolder, 'postmaster.pid');
    const pid = Number((await fs.readFile(file, 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await rig.until('it is dead', async () => !isAlive(pid));
  }

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  async function startAgain(): Promise<void> {
    const { url } = server;
    // The processes of the sessions see that their parent is dead, and hold its memory until then.
    server = await rig.until('the database starts again', () =>
      startEmbedded({ folder, open: true }).catch(() => undefined),
    );
    assert.equal(server.url, url);
  }

  it('no task fails, tasks go on, and reports that find nobody arrive later', async () => {
    await rig.start();
    const held = await rig.trigger('held');
    await rig.until('three programs at work', async () => ledger.of('held').length === 3);
    await rig.until('they are known to run', async () => {
      const attempts = await rig.attempts(held);
      return attempts.every(({ state }: RigAttempt) => state === 'running');
    });
    const runs: string[] = [];
    for (const seconds of DOWN) {
      runs.push(await rig.trigger('quick'), await rig.trigger('quick'));
      await sleep(1500 * Math.random());
      await kill();
      await sleep(seconds * 1000);
      await startAgain();
    }

    // All three end while there is nobody to tell.
    await kill();
    ledger.release();
    await rig.until('their end', async () =>
      ledger.of('held').every(({ said, to }) => said.includes('bye') && to !== null),
    );
    await startAgain();
    const back = performance.now();
    assert.equal(await rig.ended(held), 'success', rig.said());
    console.log(`      all reports ${((performance.now() - back) / 1000).toFixed(1)} s after`);
    assert.equal(await rig.output(held, 'one'), 7);
    for (const run of runs) assert.equal(await rig.ended(run), 'success', rig.said());

    const attempts = (await Promise.all([held, ...runs].map((run) => rig.attempts(run)))).flat();
    const repeated = attempts.filter(({ state }) => state !== 'success');
    console.log(`      ${repeated.length} of ${attempts.length} attempts repeated`);
    assert.deepEqual(
      repeated.map(({ cause, message }) => [cause, message]),
      [],
    );
    assert.equal(ledger.of('held').length, 3, 'each ran once');
    await rig.noPods();
    assert.deepEqual(history.twins, []);
    await rig.sound();
  });
});
