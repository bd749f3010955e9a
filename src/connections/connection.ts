/**
 * One connection in its two spellings, URI and fields, and the way between them. Pure; used by
 * runtime/connections, which finds them, by the worker, which hands them to tasks, and by the component Connection.
 */
import { PodlineError } from '../errors.ts';
import type { ConnectionValue } from '../operators/context.ts';
import type { Json, JsonObject } from '../plan/plan.ts';

/** The same value that task bodies get. `type` is the scheme of the URI: postgresql, http, sftp, s3, smtp, ... */
export type Connection = ConnectionValue;

/** Reads a URI, or JSON with fields (or with `uri`). `value` is text or an object already parsed. */
export function parseConnection(id: string, value: unknown): Connection {
  if (typeof value === 'string') {
    const text = value.trim();
    return text.startsWith('{') ? fromFields(id, parseJson(id, text)) : fromUri(id, text);
  }
  return fromFields(id, value);
}

function bad(id: string, reason: string): PodlineError {
  return new PodlineError('connection.bad', { connection: id, reason });
}

function parseJson(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and with it the password.
    throw bad(id, 'it starts with "{" but is no valid JSON');
  }
}

function decode(id: string, text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad(id, `its ${what} is not percent-encoded properly`);
  }
}

/** `s3://key:secret@` has no host, which URLs with credentials must have. */
const NO_HOST = /^(:\/\/[^/?#]*@)(?=[/?#]|$)/;
const PLACEHOLDER = 'podline-no-host';

function fromUri(id: string, text: string): Connection {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme === undefined) throw bad(id, 'it has no scheme such as "postgresql://"');
  let url: URL;
  try {
    // Schemes unknown to the URL standard keep odd hosts as they are; "http" would normalise them.
    url = new URL(`podline${text.slice(scheme.length).replace(NO_HOST, `$1${PLACEHOLDER}`)}`);
  } catch {
    throw bad(id, 'it is no valid URI');
  }
  const extra: JsonObject = {};
  for (const [key, item] of url.searchParams) {
    if (key !== '__extra__') {
      extra[key] = item;
      continue;
    }
    const parsed = parseJson(id, item);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw bad(id, 'its __extra__ is no JSON object');
    }
    Object.assign(extra, parsed);
  }
  const schema = decode(id, url.pathname.replace(/^\//, ''), 'path');
  return {
    id,
    type: scheme.toLowerCase(),
    host:
      url.hostname === '' || url.hostname === PLACEHOLDER
        ? undefined
        : decode(id, url.hostname, 'host'),
    port: url.port === '' ? undefined : Number(url.port),
    login: url.username === '' ? undefined : decode(id, url.username, 'login'),
    password: url.password === '' ? undefined : decode(id, url.password, 'password'),
    schema: schema === '' ? undefined : schema,
    extra,
    uri: text,
  };
}

const FIELDS = ['uri', 'type', 'host', 'port', 'login', 'password', 'schema', 'extra'];

function fromFields(id: string, value: unknown): Connection {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw bad(id, 'it is neither a URI nor an object');
  }
  const fields = value as Record<string, unknown>;
  const unknown = Object.keys(fields).filter((key) => !FIELDS.includes(key));
  if (unknown.length > 0) {
    throw bad(id, `it has unknown fields (${unknown.join(', ')}); put them into "extra"`);
  }
  if (fields.uri !== undefined) {
    if (
      typeof fields.uri !== 'string' ||
      Object.keys(fields).some((k) => !['uri', 'extra'].includes(k))
    ) {
      throw bad(id, '"uri" must be text and may have only "extra" beside it');
    }
    const connection = fromUri(id, fields.uri);
    return { ...connection, extra: { ...connection.extra, ...extraOf(id, fields.extra) } };
  }
  const text = (name: string): string | undefined => {
    const item = fields[name];
    if (item === undefined || item === null || item === '') return undefined;
    if (typeof item !== 'string') throw bad(id, `"${name}" must be text`);
    return item;
  };
  const type = text('type');
  if (type === undefined || !/^[a-z][a-z0-9+.-]*$/i.test(type)) {
    throw bad(id, '"type" must be set, such as "postgresql"');
  }
  const port = fields.port === undefined || fields.port === null ? undefined : Number(fields.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw bad(id, '"port" must be 1 to 65535');
  }
  const connection: Omit<Connection, 'uri'> = {
    id,
    type: type.toLowerCase(),
    host: text('host'),
    port,
    login: text('login'),
    password: text('password'),
    schema: text('schema'),
    extra: extraOf(id, fields.extra),
  };
  return { ...connection, uri: formatUri(connection) };
}

function extraOf(id: string, extra: unknown): JsonObject {
  if (extra === undefined || extra === null) return {};
  if (typeof extra !== 'object' || Array.isArray(extra)) throw bad(id, '"extra" must be an object');
  return extra as JsonObject;
}

/** Extras that are text become query parameters; when one is not, all travel as `__extra__` JSON. */
export function formatUri(connection: Omit<Connection, 'uri'>): string {
  const { type, host, port, login, password, schema, extra } = connection;
  const credentials =
    login === undefined && password === undefined
      ? ''
      : encodeURIComponent(login ?? '') +
        (password === undefined ? '' : `:${encodeURIComponent(password)}`) +
        '@';
  const place =
    (host === undefined ? '' : formatHost(host)) + (port === undefined ? '' : `:${port}`);
  const path =
    schema === undefined ? '' : `/${schema.split('/').map(encodeURIComponent).join('/')}`;
  const entries = Object.entries(extra);
  const plain = entries.every((entry): entry is [string, string] => typeof entry[1] === 'string');
  const query = new URLSearchParams(
    plain ? entries : { __extra__: JSON.stringify(extra) },
  ).toString();
  return `${type}://${credentials}${place}${path}${query === '' ? '' : `?${query}`}`;
}

function formatHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : encodeURIComponent(host);
}

/** A string of `extra`, for operators. */
export function extraText(connection: Connection, name: string): string | undefined {
  const value: Json | undefined = connection.extra[name];
  return value === undefined || value === null || typeof value === 'object'
    ? undefined
    : String(value);
}
