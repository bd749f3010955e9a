/**
 * Which installation a command means: one over a database, or one behind a webserver. Options win over the environment; there
 * PODLINE_DATABASE_URL wins over PODLINE_SERVER, which wins over DATABASE_URL: that one may be meant for other programs.
 * Pure; called by runCli.ts.
 */
import type { Config } from '../config.ts';
import { usage } from './input.ts';
import type { GlobalOptions } from './program.ts';

export interface ChosenServer {
  server: string;
  /** It was asked for by --server, and not only found in the environment. */
  isAsked: boolean;
}

/** Null: the database. */
export function chosenServer(
  { server, database, home }: Pick<GlobalOptions, 'server' | 'database' | 'home'>,
  config: Pick<Config, 'server' | 'isDatabaseNamed'>,
): ChosenServer | null {
  if (server !== undefined) {
    if (database !== undefined) throw usage('Give --database or --server, not both.');
    return { server: checked(server, '--server'), isAsked: true };
  }
  // --home is where an embedded database is.
  if (database !== undefined || home !== undefined) return null;
  if (config.server === null || config.isDatabaseNamed) return null;
  return { server: checked(config.server, 'PODLINE_SERVER'), isAsked: false };
}

function checked(server: string, from: string): string {
  const protocol = URL.parse(server)?.protocol;
  if (protocol === 'https:' || protocol === 'http:') return server.replace(/\/+$/, '');
  throw usage(`${from} ${JSON.stringify(server)} is no address such as https://podline.example.`);
}
