/**
 * `runs watch` and `tasks logs --follow` through a webserver, over a scheduler that works: both see a run live, and go on
 * after the webserver was away, with no line lost or doubled.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { testDatabase, type TestDatabase } from 'podline/testing';
import type { WebServer } from '../../runtime/web/webServer.ts';
import { type Running, startPodline } from './podline.ts';
import { makeToken, openWeb } from './remoteSite.ts';

describe('following a run through a webserver', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let web: WebServer;
  let folder: string;
  let env: Record<string, string>;
  const started: Running[] = [];
  /** Each run waits for a gate of its own. */
  const openGate = (runId: string) => fs.writeFile(path.join(folder, runId), '');
  const start = (args: string[], where: Parameters<typeof startPodline>[1]) => {
    const running = startPodline(args, where);
    started.push(running);
    return running;
  };

  before(async () => {
    database = await testDatabase();
    web = await openWeb(database.url);
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-follow-'));
    await fs.mkdir(path.join(folder, 'dags'));
    const script = `echo one; until [ -e ${folder}/$PODLINE_RUN_ID ]; do sleep 0.1; done; echo two; echo three`;
    await fs.writeFile(
      path.join(folder, 'dags/gated.ts'),
      `import { bash, dag } from 'podline/dag';
       export const gated = dag('gated', {}, (d) => {
         const wait = d.task('wait', bash({ script: ${JSON.stringify(script)} }));
         d.task('then', bash({ script: 'exit 9' }), { after: wait });
       });`,
    );
    const token = await makeToken(database.pool, 'ed', { role: 'operator' });
    env = { PODLINE_SERVER: `http://127.0.0.1:${web.port}`, PODLINE_API_TOKEN: token };
    const where = { url: database.url, home: path.join(folder, 'home') };
    const scheduler = start(['scheduler', '--dags', path.join(folder, 'dags')], where);
    await scheduler.sees(/scheduler started/);
  });
  after(async () => {
    for (const { child } of started) if (child.exitCode === null) child.kill('SIGTERM');
    await Promise.all(started.map(({ ended }) => ended));
    await web.close();
    await database.drop();
    await fs.rm(folder, { recursive: true, force: true });
  });

  it('goes on after the webserver was away', async () => {
    const watch = start(['dags', 'trigger', 'gated', '--run-id', 'first', '--watch'], { env });
    await watch.sees(/^wait running/m);
    const follow = start(['tasks', 'logs', 'gated', 'first', 'wait', '--follow'], { env });
    await follow.sees(/^one\n/m);

    const { port } = web;
    await web.close();
    // Both have noticed before it is there again.
    await Promise.all([watch.sees(/is away: waiting for it/), follow.sees(/is away/)]);
    await openGate('first');
    web = await openWeb(database.url, port);

    assert.equal(await follow.ended, 0, follow.stderr());
    assert.equal(follow.stdout(), 'one\ntwo\nthree\n[podline] exit code 0\n');
    assert.match(follow.stderr(), /Task wait is success\.\n$/);
    assert.equal(await watch.ended, 1, watch.stderr());
    assert.match(
      watch.stdout(),
      /^wait success [\s\S]*^then failed .*exit code 9[\s\S]*^Run first of DAG gated: failed .*because of then/m,
    );
  });

  it('ends at once on Ctrl-C, and the run goes on', async () => {
    const watch = start(['dags', 'trigger', 'gated', '--run-id', 'second', '--watch'], { env });
    await watch.sees(/^wait running/m);
    watch.child.kill('SIGINT');
    assert.equal(await watch.ended, 130);
    assert.match(watch.stderr(), /Run second goes on without this watcher/);
    await openGate('second');
  });

  it('ends with the error when the token is revoked meanwhile', async () => {
    const watch = start(['dags', 'trigger', 'gated', '--run-id', 'third', '--watch'], { env });
    await watch.sees(/^wait running/m);
    await database.pool.query('UPDATE podline.api_token SET revoked_at = podline.now()');
    assert.equal(await watch.ended, 5);
    assert.match(watch.stderr(), /\(remote\.no_token\)/);
    await openGate('third');
  });
});
