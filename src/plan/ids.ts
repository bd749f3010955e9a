/** What an id may look like. One rule for DAGs, groups and tasks; used by the compiler and the CLI. */
export const MAX_ID_LENGTH = 200;

const PART = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Plain words for what is wrong with an id; undefined when it is good. */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string')
    return `it is ${id === null ? 'null' : `of type ${typeof id}`}, not text`;
  if (id === '') return 'it is empty';
  if (id.length > MAX_ID_LENGTH) return `it has ${id.length} characters`;
  for (const part of id.split('.')) {
    if (part === '') return 'a part before or after "." is empty';
    if (!PART.test(part))
      return `${JSON.stringify(part)} holds other characters or starts with "_" or "-"`;
    if (isReserved(part)) return `"${part}" is a reserved word of JavaScript objects`;
  }
  return undefined;
}

/** Names that every JavaScript object has: they would break a lookup by key somewhere. */
export function isReserved(name: string): boolean {
  return name in Object.prototype;
}
