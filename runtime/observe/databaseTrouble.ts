/**
 * Why the database is no help right now, in words for endpoints that anybody may ask: no addresses, no logins. The log has
 * the whole error.
 */
import { PodlineError } from '../../src/errors.ts';

export function databaseTrouble(error: unknown): string {
  if (error instanceof PodlineError && error.code !== 'database.unreachable') return error.problem;
  const cause: unknown = error instanceof PodlineError ? error.cause : error;
  const { code, message = '' } = cause as { code?: unknown; message?: string };
  const why =
    typeof code === 'string'
      ? code
      : /timeout/i.test(message)
        ? 'no answer in time'
        : 'no connection';
  return `the database does not answer (${why})`;
}
