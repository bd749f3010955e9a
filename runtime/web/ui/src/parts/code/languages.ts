/** Which language a file is in, by its name, and the script of a task, by its operator. Pure. */
const ENDINGS = {
  typescript: ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs'],
  sql: ['sql'],
  python: ['py'],
  r: ['r'],
  shellscript: ['sh', 'bash'],
  json: ['json', 'map'],
  yaml: ['yaml', 'yml'],
} as const;

export type Language = keyof typeof ENDINGS;

const BY_ENDING = new Map<string, Language>(
  Object.entries(ENDINGS).flatMap(([language, endings]) =>
    endings.map((ending) => [ending, language as Language]),
  ),
);

/** Of the script of a task. */
const OPERATORS: Record<string, Language> = {
  bash: 'shellscript',
  python: 'python',
  r: 'r',
  sql: 'sql',
};

/** Undefined: an operator without scripts. */
export function languageOfOperator(operator: string | null): Language | undefined {
  return operator !== null && Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
}

/** Undefined: a text without colours. */
export function languageOf(file: string): Language | undefined {
  return BY_ENDING.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase());
}
