/** Connection strings of PostgreSQL, from their parts and back. Pure. */
import { databaseRole, type DatabaseRoleKind } from '../../src/model/databaseRoles.ts';

export interface UrlParts {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  /** As drivers have it; absent: the driver decides. */
  sslMode?: string;
}

export function connectionUrl(parts: UrlParts): string {
  const { host, port, database, user, password, sslMode } = parts;
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const query = sslMode === undefined ? '' : `?sslmode=${encodeURIComponent(sslMode)}`;
  return `postgresql://${login}@${host}:${port}/${encodeURIComponent(database)}${query}`;
}

/** Throws without the text, which may hold a password; what Node throws shows it. */
export function partsOf(url: string): UrlParts {
  if (!URL.canParse(url))
    throw new Error(`A connection string cannot be read: ${connectionUrlProblem(url)}.`);
  const parsed = new URL(url);
  const sslMode = parsed.searchParams.get('sslmode');
  return {
    host: parsed.hostname,
    port: parsed.port === '' ? 5432 : Number(parsed.port),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    ...(sslMode !== null && { sslMode }),
  };
}

/** The same login and database at another address, without options of the way there. */
export function atAddress(url: string, host: string, port: number): string {
  const { database, user, password } = partsOf(url);
  return connectionUrl({ host, port, database, user, password });
}

/** Plain words for what is wrong with a connection string; the string itself may be a secret and is not shown. */
export function connectionUrlProblem(url: string): string | undefined {
  const like = 'give one like postgresql://user:password@host:5432/database';
  if (!URL.canParse(url) || !/^postgres(ql)?:\/\//.test(url))
    return `it is no connection string; ${like}`;
  const { host, database, user, password } = partsOf(url);
  if (host === '' || database === '') return `it names no host or no database; ${like}`;
  // Logins of workers follow from the password of the owner.
  if (user === '' || password === '') return `it has no user or no password; ${like}`;
  return undefined;
}

/** Name of a role; it follows from the database alone, and is known before any password is. */
export function roleNameOf(kind: DatabaseRoleKind, database: string): string {
  const anybody = { host: 'host', port: 5432, user: 'user', password: 'password' };
  return databaseRole(kind, connectionUrl({ ...anybody, database })).name;
}
