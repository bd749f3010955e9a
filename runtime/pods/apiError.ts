/**
 * What went wrong with a request to a Kubernetes API, in the few kinds that the callers act on. Made by
 * apiConnection.ts from a response or a broken connection; the words are those of the server.
 */

export type ApiErrorKind =
  /** 403: the namespace's ResourceQuota is used up. Goes away when other pods end. */
  | 'quota'
  /** A webhook, policy, LimitRange or Pod Security refused the object as it is. Final. */
  | 'admission'
  /** 400, 415, 422: the object is malformed. Final. */
  | 'invalid'
  /** 409: an object of this name exists. */
  | 'exists'
  /** 409: a precondition (uid, resourceVersion) does not hold, or two writers met. */
  | 'conflict'
  | 'not_found'
  /** 410: the resourceVersion is too old; list again. */
  | 'gone'
  | 'throttled'
  /** 5xx, and words of something before the API server, such as the 404 page of a proxy: they say nothing about pods. */
  | 'server'
  /** No answer: refused, reset, timed out, name not found, TLS. */
  | 'network'
  /** 401, 403: this process may not do that. */
  | 'forbidden';

export interface ApiErrorFields {
  kind: ApiErrorKind;
  /** HTTP status; 0 without an answer. */
  status: number;
  /** `reason` of the Status object, or the code of the network error. */
  reason: string;
  message: string;
  retryAfterSeconds?: number;
}

const RETRYABLE: ReadonlySet<ApiErrorKind> = new Set([
  'quota',
  'conflict',
  'gone',
  'throttled',
  'server',
  'network',
]);

export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
  /** Whether the same request may succeed later without a change of the object. */
  readonly retryable: boolean;

  constructor(fields: ApiErrorFields, options?: ErrorOptions) {
    super(fields.message, options);
    this.name = 'ApiError';
    this.kind = fields.kind;
    this.status = fields.status;
    this.reason = fields.reason;
    this.retryAfterSeconds = fields.retryAfterSeconds;
    // A login that is not taken (401) is the platform's trouble, and no reason to fail a task.
    this.retryable = RETRYABLE.has(fields.kind) || fields.status === 401;
  }
}

interface StatusBody {
  kind?: unknown;
  reason?: unknown;
  message?: unknown;
  details?: { retryAfterSeconds?: unknown };
}

/** From an HTTP answer that is no success, or from the Status object of an ERROR event of a watch. */
export function errorOfAnswer(status: number, body: string, retryAfter?: string): ApiError {
  const { kind, reason, message, details } = statusOf(body);
  const words =
    typeof message === 'string' && message !== ''
      ? message
      : body.trim().slice(0, 500) || `the API answered with status ${status}`;
  const why = typeof reason === 'string' ? reason : '';
  const seconds = Number(retryAfter ?? details?.retryAfterSeconds);
  return new ApiError({
    kind: kindOfAnswer(status, why, words, kind === 'Status'),
    status,
    reason: why,
    message: words,
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  });
}

/** From a connection that could not be made, broke, or was silent for too long. */
export function errorOfNetwork(error: unknown, where: string): ApiError {
  if (error instanceof ApiError) return error;
  const cause = error as NodeJS.ErrnoException;
  const words = cause.message || cause.code || String(error);
  return new ApiError(
    { kind: 'network', status: 0, reason: cause.code ?? '', message: `${where}: ${words}` },
    { cause: error },
  );
}

function statusOf(body: string): StatusBody {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function kindOfAnswer(
  status: number,
  reason: string,
  message: string,
  isOfServer: boolean,
): ApiErrorKind {
  if (status === 429) return 'throttled';
  // Logins are often refused by what stands before the server.
  if (!isOfServer && status !== 401) return 'server';
  if (status === 404) return 'not_found';
  if (status === 410) return 'gone';
  if (status === 409) return conflictKind(reason, message);
  // Webhooks choose their own status, 400 and 500 included: their words say who refused.
  if (/^admission webhook ".*" denied the request/.test(message)) return 'admission';
  if (status === 401) return 'forbidden';
  if (status === 403) return forbiddenKind(message);
  if (status === 422 && /ValidatingAdmissionPolicy /.test(message)) return 'admission';
  if (status === 408 || status >= 500) return 'server';
  return 'invalid';
}

function conflictKind(reason: string, message: string): ApiErrorKind {
  if (reason === 'AlreadyExists') {
    // The old pod of that name still terminates, or a pod of that name is there: the caller looks.
    return 'exists';
  }
  // Two pods met in the quota's usage counter: the server asks to try again.
  return /resourcequotas?/.test(message) ? 'throttled' : 'conflict';
}

function forbiddenKind(message: string): ApiErrorKind {
  if (/exceeded quota:|status unknown for quota|failed quota:/.test(message)) {
    // `failed quota: must specify limits.cpu` never goes away by waiting.
    return /failed quota:/.test(message) ? 'admission' : 'quota';
  }
  // A missing right is told as: User "u" cannot create resource "pods" in API group "".
  return /\bcannot \w+ resource\b/.test(message) ? 'forbidden' : 'admission';
}
