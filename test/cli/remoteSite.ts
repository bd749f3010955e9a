/** An engine with a webserver over its database, and the CLI in both forms: over the database, and with an API token alone. */
import assert from 'node:assert/strict';
import os from 'node:os';
import { TestEngine } from 'podline/testing';
import { createToken } from '../../runtime/commands/tokens.ts';
import { addUser } from '../../runtime/commands/users.ts';
import type { Database } from '../../runtime/database/pool.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { NO_AUTH_SETTINGS } from '../../runtime/people/settings.ts';
import { WebServer } from '../../runtime/web/webServer.ts';
import type { Grant } from '../../src/model/access.ts';
import { type Ended, podline, type Surroundings } from './podline.ts';

export interface RemoteSite {
  engine: TestEngine;
  base: string;
  /** Of `ed`, an administrator. */
  token: string;
  local(args: string[], more?: Surroundings): Promise<Ended>;
  remote(args: string[], more?: Surroundings): Promise<Ended>;
  close(): Promise<void>;
}

export async function openRemoteSite(start: string): Promise<RemoteSite> {
  const engine = await TestEngine.open({ start });
  const web = await openWeb(engine.testDatabase.url);
  const base = `http://127.0.0.1:${web.port}`;
  const token = await makeToken(engine.database, 'ed', { role: 'admin' });
  return {
    ...{ engine, base, token },
    local: (args, more = {}) =>
      podline(args, { url: engine.testDatabase.url, home: os.tmpdir(), ...more }),
    remote: (args, { env, ...more } = {}) =>
      podline(args, { ...more, env: { PODLINE_SERVER: base, PODLINE_API_TOKEN: token, ...env } }),
    async close() {
      await web.close();
      await engine.close();
    },
  };
}

export function openWeb(url: string, port = 0): Promise<WebServer> {
  const log = openLog('silent');
  return WebServer.open({ url, port, host: '127.0.0.1', log, auth: NO_AUTH_SETTINGS });
}

/** The token `ci` of somebody new. */
export async function makeToken(database: Database, name: string, grant: Grant): Promise<string> {
  const { user } = await addUser(database, { name, grants: [grant] }, 'test');
  const owner = { userId: user.userId, name, grants: [grant] };
  const { token } = await createToken(database, {
    user: owner,
    name: 'ci',
    scopes: [grant],
    days: 30,
  });
  assert.match(token, /^podline_/);
  return token;
}
