/** Who is signed in stays so when the database is away for a while; meanwhile nobody gets in, and nothing is taken for an answer. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { migrate } from '../../../runtime/database/migrate.ts';
import { openPool } from '../../../runtime/database/pool.ts';
import { openLog } from '../../../runtime/observe/log.ts';
import { startEmbedded } from '../../../runtime/database/embedded.ts';
import { NO_AUTH_SETTINGS } from '../../../runtime/people/settings.ts';
import { testServer } from '../../../runtime/testing/database.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';
import { Browser, codeOf, makeUser, type Site } from './browser.ts';

describe('a session while the database is away', function () {
  this.timeout(60_000);

  it('answers 503, and goes on when it is there again; so do streams and signing in', async () => {
    const { server, folder } = await testServer();
    let database = server;
    await migrate(server.url);
    const pool = openPool(server.url, { applicationName: 'test' });
    const log = openLog('silent');
    const web = await WebServer.open({
      ...{ url: server.url, port: 0, host: '127.0.0.1', log, auth: NO_AUTH_SETTINGS },
    });
    const base = `http://localhost:${web.port}`;
    const stream = new AbortController();
    try {
      await makeUser({ test: { pool } } as unknown as Site, 'ada', [{ role: 'admin' }]);
      await pool.end();
      const ada = new Browser(base);
      await ada.signIn('ada');
      const cookies = new Map(ada.cookies);
      const events = await fetch(`${base}/api/v1/events`, {
        headers: { cookie: ada.cookieHeader() },
        signal: stream.signal,
      });
      assert.equal(events.status, 200);

      await database.stop();
      for (const path of ['/me', '/dags', '/overview']) {
        const answer = await ada.api(path);
        assert.equal(answer.status, 503, path);
        assert.match(await codeOf(answer), /^database\./);
      }
      // Not a refusal: it says nothing about the password.
      assert.equal((await new Browser(base).signIn('ada')).status, 503);
      assert.equal((await new Browser(base).api('/me')).status, 401);
      assert.deepEqual(ada.cookies, cookies, 'nobody was signed out');

      database = await startEmbedded({ folder, unsafe: true });
      const again = await ada.api('/me');
      assert.equal(again.status, 200, await again.clone().text());
      assert.equal((await new Browser(base).signIn('ada')).status, 204);
      const more = await fetch(`${base}/api/v1/events`, {
        headers: { cookie: ada.cookieHeader() },
        signal: stream.signal,
      });
      assert.equal(more.status, 200);
    } finally {
      stream.abort();
      await web.close();
      await database.stop();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });
});
