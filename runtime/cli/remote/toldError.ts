/**
 * What a webserver refused, as an error of the registry: its code, and with it the exit code, and the words that the webserver
 * said. A code that this program does not know, and answers of proxies, have codes of their own. Pure; used by connection.ts.
 */
import { type ErrorCode, ERRORS, PodlineError } from '../../../src/errors.ts';
import type { ProblemBody } from '../../web/client/apiError.ts';

class ToldError extends PodlineError {
  override readonly problem: string;
  override readonly remedy: string;

  constructor(code: ErrorCode, { detail = '', remedy = '', details = {} }: ProblemBody) {
    super(code, details);
    this.problem = detail;
    this.remedy = remedy;
    this.message = `${code}: ${detail} ${remedy}`;
  }
}

/** Of proxies in front of a webserver that is away. */
const AWAY = new Set([502, 503, 504]);

export function toldError(server: string, status: number, problem: ProblemBody): PodlineError {
  const { code, title, detail = title ?? `The answer is ${status}.`, remedy = '' } = problem;
  if (code === undefined && AWAY.has(status)) {
    return new PodlineError('remote.unreachable', { server, reason: `the answer is ${status}` });
  }
  if (code !== undefined && isKnown(code)) return new ToldError(code, { ...problem, detail });
  const said = { server, code: code ?? `status ${status}`, reason: detail, remedy };
  return new PodlineError('remote.refused', said);
}

function isKnown(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
