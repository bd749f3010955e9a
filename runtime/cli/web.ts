/** `podline web`: the webserver on PODLINE_PORT, until SIGTERM or Ctrl-C. Its log is JSON on stderr. */
import { openPool } from '../database/pool.ts';
import { type Log, openLog } from '../observe/log.ts';
import { offerFirstLink } from '../web/auth/firstLink.ts';
import { prepareDecoy } from '../people/passwords.ts';
import type { AuthSettings } from '../people/settings.ts';
import { WebServer } from '../web/webServer.ts';
import { EXIT } from './exit.ts';
import { untilStopped } from './health.ts';
import { pause } from '../pause.ts';
import type { Session } from './session.ts';
import { connectionsOf } from './tasks/trial.ts';

/** Load balancers need a moment to see that it is not ready any more. */
const MOST_GOODBYE_SECONDS = 3;

export async function web(
  session: Session,
  _args: readonly [],
  options: { port?: number },
): Promise<number> {
  const { config } = session;
  const signal = session.stopSignal();
  const log = openLog(config.logLevel);
  // The embedded database has to be started; one that is named may come later.
  const url = config.databaseUrl ?? (await session.open()).url;
  const port = options.port ?? config.port;
  const auth = await config.auth();
  await prepareDecoy();
  const connections = connectionsOf(session);
  const { requestsPerMinute } = config;
  const server = await WebServer.open({
    ...{ url, port, log, auth, connections, requestsPerMinute },
    traceUrl: config.traceUrl ?? undefined,
  });
  log.info({ port: server.port, pid: process.pid }, 'webserver started');
  const first = auth.oidc ? undefined : firstLink(url, server.port, auth, log, signal);
  await untilStopped(signal);
  await first;
  log.info({}, 'webserver stopping');
  server.stopping();
  const goodbye = Math.min(config.drainSeconds, MOST_GOODBYE_SECONDS);
  await pause(goodbye * 1000, new AbortController().signal);
  await server.close();
  log.info({}, 'webserver stopped');
  return EXIT.ok;
}

/** Beside the server, which must not wait for a database. */
async function firstLink(
  url: string,
  port: number,
  { publicUrl }: AuthSettings,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const database = openPool(url, { max: 1, applicationName: 'podline-web', patienceMs: 3_000 });
  try {
    await offerFirstLink(database, publicUrl?.href ?? `http://localhost:${port}`, log, signal);
  } finally {
    await database.end();
  }
}
