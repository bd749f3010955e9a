/**
 * One call of the API: path, query, body, and errors as the API tells them. Every query and every change of the pages goes
 * through here. Who is not signed in is sent to the sign-in page, and comes back to the same address.
 */
import { goToSignIn } from '../people/entryPages.ts';

export const PREFIX = '/api/v1';

/** One bad part of a request. */
export interface ProblemPart {
  path: string;
  message: string;
}

interface ProblemBody {
  title?: string;
  detail?: string;
  code?: string;
  remedy?: string;
  errors?: ProblemPart[];
}

/** An answer that says what is wrong and what helps: problem+json. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | undefined;
  readonly remedy: string | undefined;
  readonly parts: readonly ProblemPart[];

  constructor(status: number, problem: ProblemBody) {
    super(problem.detail ?? problem.title ?? `The webserver answered ${status}.`);
    this.status = status;
    this.code = problem.code;
    this.remedy = problem.remedy;
    this.parts = problem.errors ?? [];
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

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
    if (value !== undefined) search.set(name, String(value));
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
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.status === 401 && (answer as { code?: string }).code === 'auth.needed') goToSignIn();
  if (!response.ok) throw new ApiError(response.status, answer as object);
  return answer as T;
}
