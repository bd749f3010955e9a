/** Any image as a task on a real cluster: logs, outputs, ends, and that nothing is left of it. */
import assert from 'node:assert/strict';
import { DAGS } from './directDags.ts';
import { openCluster, type TestCluster } from './harness.ts';
import { Rig, type RigAttempt } from './rig.ts';

describe('pods of any image', function () {
  this.timeout(180_000);
  let cluster: TestCluster;
  let rig: Rig;
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    await rig.register(DAGS);
    await rig.start();
  });
  afterEach(async () => {
    await rig.noPods();
    await rig.sound();
  });
  after(async () => {
    await rig.close();
  });

  const isRunning = ({ state }: RigAttempt) => state === 'running';

  async function logOf({ id }: RigAttempt, source = 'task'): Promise<string> {
    const { rows } = await rig.database.pool.query<{ content: Buffer }>(
      'SELECT content FROM podline.log_chunk WHERE attempt_id = $1 AND source = $2 ORDER BY seq',
      [id, source],
    );
    return Buffer.concat(rows.map(({ content }) => content)).toString();
  }

  it('have the logs of all their containers, while they run and whole at the end', async () => {
    const run = await rig.trigger('talk');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await rig.until('the log while it runs', async () =>
      (await logOf(attempt)).includes('line 1999\n'),
    );
    const [live] = await rig.attempts(run);
    assert.equal(live?.state, 'running', 'it was still running when its log was there');
    assert.equal(await rig.ended(run), 'success', rig.said());
    await rig.noPods();
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}\n`);
    assert.equal(await logOf(attempt), `${lines.join('')}last\nend`);
    assert.equal(await logOf(attempt, 'prepare'), 'prepared\n');
    assert.equal(await logOf(attempt, 'proxy'), 'ready\nleaving\n');
  });

  it('hand on outputs by message and by file', async () => {
    const run = await rig.trigger('outputs');
    assert.equal(await rig.ended(run), 'failed');
    const attempts = new Map((await rig.attempts(run)).map((each) => [each.task, each]));
    assert.deepEqual(await rig.output(run, 'message'), { rows: 3 });
    assert.deepEqual(await rig.output(run, 'file'), [1, 2, 3]);
    assert.equal(await rig.output(run, 'sum'), 6);
    assert.equal(attempts.get('none')?.state, 'success');
    assert.equal(await rig.output(run, 'none'), undefined);
    assert.deepEqual(
      [attempts.get('bad')?.state, attempts.get('bad')?.cause],
      ['failed', 'xcom'],
      attempts.get('bad')?.message ?? '',
    );
  });

  it('end as their programs end, with templates rendered where they can do no harm', async () => {
    const run = await rig.trigger('ends');
    assert.equal(await rig.ended(run), 'failed');
    await rig.noPods();
    const attempts = new Map((await rig.attempts(run)).map((each) => [each.task, each]));
    const { fails, skips, rendered, escapes } = Object.fromEntries(attempts);
    assert.ok(fails && skips && rendered && escapes);
    assert.deepEqual([fails.state, fails.cause, fails.exitCode], ['failed', 'exit_code', 7]);
    assert.equal(await logOf(fails), 'broken\n');
    assert.deepEqual([skips.state, skips.exitCode], ['skipped', 99]);
    assert.equal(await logOf(rendered), `${run} now\n`);
    assert.deepEqual([escapes.state, escapes.cause], ['failed', 'template'], rig.said());
  });

  it('go on in the next scheduler, whose log begins where the stored one ended', async () => {
    const run = await rig.trigger('talk');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await rig.until('some of the log', async () => (await logOf(attempt)).includes('line 0\n'));
    for (const each of rig.processes) await each.end();
    await rig.start();
    assert.equal(await rig.ended(run), 'success', rig.said());
    await rig.noPods();
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}\n`);
    assert.equal(await logOf(attempt), `${lines.join('')}last\nend`);
  });

  it('are taken away when their run is cancelled, and have their last words stored', async () => {
    const run = await rig.trigger('long');
    const attempt = await rig.attempt(run, 'running', isRunning);
    await rig.until('its log', async () => (await logOf(attempt)) === 'begun\n');
    await rig.cancel('long', run);
    const gone = await rig.until('its end', async () =>
      (await rig.attempts(run)).find((each) => each.gone),
    );
    assert.equal(gone.cause, 'cancelled');
    await rig.noPods();
    assert.equal(await logOf(attempt), 'begun\nasked to end\n');
  });
});
