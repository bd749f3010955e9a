/**
 * What the webserver refused or could not do, as callers of its API get it: the status, and what problem+json said. Thrown by
 * the typed client (client.ts) and by the pages (ui/src/api/call.ts).
 */
import type { z } from 'zod';
import type { Problem } from '../api/schema/problem.ts';

export type ProblemBody = Partial<z.output<typeof Problem>>;

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Of docs/errors.md; undefined when the answer is none of podline's. */
  readonly code: string | undefined;
  readonly remedy: string | undefined;
  /** Each bad part of the request. */
  readonly parts: NonNullable<ProblemBody['errors']>;

  constructor(status: number, { code, title, detail, remedy, errors }: ProblemBody) {
    super(detail ?? title ?? `the answer is ${status}`);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.parts = errors ?? [];
  }

  get detail(): string {
    return this.message;
  }
}

/** Empty where a proxy in between answers with a page of its own. */
export async function problemOf(response: Response): Promise<ProblemBody> {
  const answer: unknown = await response.json().catch(() => null);
  return typeof answer === 'object' && answer !== null ? answer : {};
}
