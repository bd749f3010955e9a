/**
 * How deep JSON from elsewhere may be nested. Deeper JSON is read without harm, but writing it again takes a stack that
 * neither we nor PostgreSQL have. Pure; asked of bodies by web/api/route.ts and of plans by build/readBuild.ts.
 */
const MOST_LEVELS = 1_000;

/** Undefined: it is fine. Level by level, because a walk that calls itself would meet the same end. */
export function depthProblem(value: unknown): string | undefined {
  let level = inside(value);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return `it is nested deeper than ${MOST_LEVELS} levels`;
    level = level.flatMap(inside);
  }
  return undefined;
}

function inside(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value);
}
