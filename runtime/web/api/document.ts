/**
 * The OpenAPI document of this API, made from its declarations alone: no database answers and no port opens. Used by
 * `npm run generate`, which makes the typed client from it.
 */
import fastifyCookie from '@fastify/cookie';
import { openPool } from '../../database/pool.ts';
import { makeServer } from '../../observe/httpServer.ts';
import { openLog } from '../../observe/log.ts';
import { Auth } from '../auth/auth.ts';
import { NO_AUTH_SETTINGS } from '../../people/settings.ts';
import { serveApi } from './api.ts';
import { API_PREFIX } from './prefix.ts';

/** As JSON text, as the webserver answers it. */
export async function apiDocument(): Promise<string> {
  const log = openLog('silent');
  // Opens no connection before somebody asks it something.
  const database = openPool('postgresql://nowhere.invalid/none', {
    max: 1,
    applicationName: 'podline-document',
  });
  const server = makeServer(log);
  try {
    void server.register(fastifyCookie);
    server.decorateRequest('identity', null);
    serveApi(server, { database, auth: new Auth(database, NO_AUTH_SETTINGS, log) }, log);
    const answer = await server.inject(`${API_PREFIX}/openapi.json`);
    if (answer.statusCode !== 200) throw new Error(`no document: ${answer.body}`);
    return answer.body;
  } finally {
    await server.close();
    await database.end();
  }
}
