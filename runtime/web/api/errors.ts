/**
 * Errors as answers: our codes become problem+json with a status, what a schema refuses names each bad part, and all else
 * is a 500 that gives nothing away. Set on the API by api.ts.
 */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ERRORS, type ErrorCode, PodlineError } from '../../../src/errors.ts';
import { databaseTrouble } from '../../observe/databaseTrouble.ts';
import { problem } from '../../observe/httpServer.ts';
import { isPassing } from '../../worker/reconnect.ts';
import type { Log } from '../../observe/log.ts';

/** Codes whose exit code does not say the status. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'auth.needed': 401,
  'auth.bad_login': 401,
  'auth.provider_refused': 401,
  'auth.forbidden': 403,
  'auth.insecure': 403,
  'auth.foreign_site': 403,
  'auth.no_role': 403,
  'auth.not_a_user': 403,
  'auth.scope_too_wide': 403,
  'auth.too_many': 429,
  'request.too_many': 429,
  'database.unreachable': 503,
  'internal.bug': 500,
};
const STATUS_OF_EXIT: Record<number, number> = { 1: 422, 2: 400, 3: 404, 4: 503, 5: 409, 70: 500 };

/** SQLSTATE of texts with NUL or half a character, and of numbers and times out of range. */
const UNSTORABLE = new Set(['22021', '22P05', '22P02', '22003', '22008']);

export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? STATUS_OF_EXIT[ERRORS[code].exit] ?? 500;
}

export function tellErrors(api: FastifyInstance, log: Log): void {
  api.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof PodlineError) return tell(reply, error);
    if (hasZodFastifySchemaValidationErrors(error)) {
      const errors = error.validation.map(({ instancePath, message }) => ({
        path: `${error.validationContext ?? ''}${instancePath}`,
        message: message ?? 'is not valid',
      }));
      const reason = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
      return tell(reply, new PodlineError('request.bad', { reason }), { errors });
    }
    if (UNSTORABLE.has(error.code)) {
      return tell(
        reply,
        new PodlineError('request.bad', { reason: 'PostgreSQL cannot hold a value of it' }),
      );
    }
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return tell(reply, new PodlineError('request.bad', { reason: error.message }), {}, status);
    }
    log.error({ error: String(error), path: request.routeOptions.url }, 'request failed');
    if (isPassing(error)) {
      return tell(
        reply,
        new PodlineError('database.unreachable', { reason: databaseTrouble(error) }),
      );
    }
    return tell(
      reply,
      new PodlineError('internal.bug', { reason: 'see the log of the webserver' }),
    );
  });
}

function tell(
  reply: FastifyReply,
  { code, problem: words, remedy, details }: PodlineError,
  more: object = {},
  status = statusOf(code),
): FastifyReply {
  if (status === 429 && details.seconds != null) reply.header('retry-after', details.seconds);
  // What is wrong with us is in our log, not in the answer.
  const told = status < 500 && { details };
  return problem(reply, status, words, { code, remedy, ...told, ...more });
}
