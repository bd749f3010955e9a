/**
 * One call of the API: path, query, body, and errors as the API tells them. Every query and every change of the pages goes
 * through here. Who is not signed in is sent to the sign-in page, and comes back to the same address.
 */
import { ApiError, problemOf } from '../../../client/apiError.ts';
import { goToSignIn } from '../people/entryPages.ts';

export { ApiError };

export const PREFIX = '/api/v1';

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

/** Parts of a path that are names of people: `at\`/dags/${dagId}\``. */
export function at(parts: TemplateStringsArray, ...names: (string | number)[]): string {
  return String.raw({ raw: parts }, ...names.map((name) => encodeURIComponent(name)));
}

export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path, { query, signal });
}

/** `idempotencyKey`: the same key again changes nothing, so a press of a button counts once. */
export function send<T = void>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<T> {
  return call<T>(method, path, { body, idempotencyKey });
}

interface Call {
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

async function call<T>(
  method: string,
  path: string,
  { query = {}, body, idempotencyKey, signal }: Call,
): Promise<T> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const suffix = search.size > 0 ? `?${search.toString()}` : '';
  const response = await fetch(`${PREFIX}${path}${suffix}`, {
    method,
    signal,
    headers: {
      accept: 'application/json',
      // The webserver takes no change without it: pages of other sites cannot send it.
      ...(method !== 'GET' && { 'x-podline-request': 'pages' }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return undefined as T;
  if (response.ok) return (await response.json().catch(() => ({}))) as T;
  const problem = await problemOf(response);
  if (problem.code === 'auth.needed') goToSignIn();
  throw new ApiError(response.status, {
    title: `The webserver answered ${response.status}.`,
    ...problem,
  });
}
