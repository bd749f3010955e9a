/**
 * Which installation a command means: one over a database, or one behind a webserver. Options win over the environment; there
 * PODLINE_DATABASE_URL wins over PODLINE_SERVER, which wins over DATABASE_URL: that one may be meant for other programs.
 * Pure; called by runCli.ts.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Config } from '../config.ts';
import { usage } from './input.ts';
import type { GlobalOptions } from './program.ts';

/** About this machine: they need no webserver in the environment, and work through none. */
const HERE = new Set('build demo doctor dev scheduler worker web connections clusters'.split(' '));
/** About the database itself: somebody who works through a webserver must not hit another database by mistake. */
const DATABASE = new Set(['db']);
/** Always through a webserver, whatever database the environment names. */
const SERVER = new Set(['deploy']);

/**
 * The address of the webserver to work through; null is the database.
 * @param command its name, such as `dags list`
 * @throws PodlineError cli.usage for an address that is none, or two places; remote.no_form for a command that works through
 * no webserver
 */
export function chosenServer(
  { server, database, home }: Pick<GlobalOptions, 'server' | 'database' | 'home'>,
  config: Pick<Config, 'server' | 'isDatabaseNamed'>,
  command: string,
): string | null {
  const [group = ''] = command.split(' ');
  if (SERVER.has(group)) {
    if ((database ?? home) !== undefined) {
      throw usage('It works through a webserver: leave out --database and --home.', command);
    }
    if (server !== undefined) return checked(server, '--server');
    return config.server === null ? null : checked(config.server, 'PODLINE_SERVER');
  }
  if (server !== undefined) {
    if (database !== undefined) throw usage('Give --database or --server, not both.');
    const address = checked(server, '--server');
    if (HERE.has(group) || DATABASE.has(group)) throw noForm(command, address);
    return address;
  }
  // --home is where an embedded database is.
  if (database !== undefined || home !== undefined) return null;
  if (config.server === null || config.isDatabaseNamed || HERE.has(group)) return null;
  const address = checked(config.server, 'PODLINE_SERVER');
  if (DATABASE.has(group)) throw noForm(command, address);
  return address;
}

export function noForm(command: string, server: string): PodlineError {
  return new PodlineError('remote.no_form', { command, server });
}

function checked(server: string, from: string): string {
  const protocol = URL.parse(server)?.protocol;
  if (protocol === 'https:' || protocol === 'http:') return server.replace(/\/+$/, '');
  throw usage(`${from} ${JSON.stringify(server)} is no address such as https://podline.example.`);
}
