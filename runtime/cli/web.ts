/** `podline web`: the webserver on PODLINE_PORT, until SIGTERM or Ctrl-C. Its log is JSON on stderr. */
import { openLog } from '../observe/log.ts';
import { WebServer } from '../web/webServer.ts';
import { EXIT } from './exit.ts';
import { untilStopped } from './health.ts';
import { pause, type Session } from './session.ts';

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
  const server = await WebServer.open({ url, port, log, identify: () => Promise.resolve(null) });
  log.info({ port: server.port, pid: process.pid }, 'webserver started');
  await untilStopped(signal);
  log.info({}, 'webserver stopping');
  server.stopping();
  const goodbye = Math.min(config.drainSeconds, MOST_GOODBYE_SECONDS);
  await pause(goodbye * 1000, new AbortController().signal);
  await server.close();
  log.info({}, 'webserver stopped');
  return EXIT.ok;
}
