/**
 * How deep a body may be nested. Deeper ones are read without harm, but writing them again takes a stack that neither we nor
 * PostgreSQL have. Pure; asked by route.ts before a schema looks at the body.
 */
import { PodlineError } from '../../../src/errors.ts';

export const MOST_LEVELS = 1_000;

/** Level by level, because a walk that calls itself would meet the same end. */
export function checkDepth(body: unknown): void {
  let level = inside(body);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) {
      const reason = `it is nested deeper than ${MOST_LEVELS} levels`;
      throw new PodlineError('request.bad', { reason });
    }
    level = level.flatMap(inside);
  }
}

function inside(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.values(value);
}
