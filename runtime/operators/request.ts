/**
 * One HTTP request of the http operator and sensor: url below a connection, headers, body, timeout.
 * What the status means is the caller's business.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Json } from '../../src/plan/plan.ts';
import { type Connection, extraText } from '../../src/connections/connection.ts';
import { badConfig, list, optionalText, text, texts } from './config.ts';
import type { OperatorContext } from './operator.ts';

const TIMEOUT_SECONDS = 60;
/** Read no more than this of a response: an XCom may have 256 KB. */
const MAX_BODY = 4 * 1024 * 1024;

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: Json;
  expected: boolean;
  url: string;
}

export async function request(context: OperatorContext): Promise<HttpAnswer> {
  const id = optionalText(context, 'connection');
  const connection = id === undefined ? undefined : context.connection(id);
  const url = urlOf(context, text(context, 'url'), connection);
  const headers = new Headers({ ...authorization(connection), ...texts(context, 'headers') });
  const { body } = context.config;
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  if (sent !== undefined && typeof body !== 'string' && !headers.has('content-type')) {
    headers.set('content-type', 'application/json');
  }
  const seconds = Number(context.config.timeout ?? TIMEOUT_SECONDS);
  const method = optionalText(context, 'method') ?? 'GET';
  context.log(`${method} ${url.origin}${url.pathname}`);
  const response = await fetch(url, {
    method,
    headers,
    body: sent,
    signal: AbortSignal.any([context.signal, AbortSignal.timeout(seconds * 1000)]),
  }).catch((error: unknown) => {
    throw readable(error, url, seconds, context.signal);
  });
  const expect = list(context, 'expect');
  const answer = {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await readBody(response, context),
    expected: expect.length === 0 ? response.ok : expect.includes(response.status),
    url: `${url.origin}${url.pathname}`,
  };
  context.log(`status ${response.status}`);
  return answer;
}

function urlOf(context: OperatorContext, given: string, connection: Connection | undefined): URL {
  const whole = connection ? joined(connection, given) : given;
  let url: URL;
  try {
    url = new URL(whole);
  } catch {
    throw badConfig(
      context,
      `url ${JSON.stringify(given)} is neither absolute nor below a connection`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badConfig(context, `url ${JSON.stringify(given)} is neither http nor https`);
  }
  return url;
}

/** Scheme, host and port of the connection, and its path when it has one. */
export function baseUrl(connection: Connection): string {
  const { type, host, port, schema, id } = connection;
  if (type !== 'http' && type !== 'https') {
    throw new PodlineError('connection.bad', {
      connection: id,
      reason: `its type is "${type}", and http or https is needed here`,
    });
  }
  const origin = `${type}://${host ?? ''}${port === undefined ? '' : `:${port}`}`;
  return schema === undefined ? origin : `${origin}/${schema.replace(/\/$/, '')}`;
}

/** A path below the connection; an absolute url must have its origin, or its password would leak. */
function joined(connection: Connection, given: string): string {
  const base = baseUrl(connection);
  if (!/^[a-z]+:\/\//i.test(given)) return `${base}${given.startsWith('/') ? '' : '/'}${given}`;
  const { origin } = new URL(base);
  if (URL.canParse(given) && new URL(given).origin === origin) return given;
  throw new PodlineError('connection.bad', {
    connection: connection.id,
    reason: `it is for ${origin}, and the request goes elsewhere`,
  });
}

/** Login and password as basic authorization; the extra `token` as a bearer. */
export function authorization(connection: Connection | undefined): Record<string, string> {
  if (!connection) return {};
  const token = extraText(connection, 'token');
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const { login, password } = connection;
  if (login === undefined && password === undefined) return {};
  const basic = Buffer.from(`${login ?? ''}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${basic}` };
}

async function readBody(response: Response, context: OperatorContext): Promise<Json> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > MAX_BODY) throw badConfig(context, `the response has more than ${MAX_BODY} bytes`);
    parts.push(part);
  }
  const content = Buffer.concat(parts).toString();
  if (!/[/+]json\b/i.test(response.headers.get('content-type') ?? '')) return content;
  if (content === '') return null;
  try {
    return JSON.parse(content) as Json;
  } catch {
    throw new Error(`the response says that it is JSON and is not: ${content.slice(0, 200)}`);
  }
}

/** fetch says "fetch failed"; the reason is in its cause. */
function readable(error: unknown, url: URL, seconds: number, signal: AbortSignal): unknown {
  if (signal.aborted || !(error instanceof Error)) return error;
  const reason =
    error.name === 'TimeoutError'
      ? `there was no answer within ${seconds} s`
      : error.cause instanceof Error
        ? error.cause.message || String((error.cause as NodeJS.ErrnoException).code)
        : error.message;
  return new Error(`${url.origin}${url.pathname}: ${reason}`, { cause: error });
}
