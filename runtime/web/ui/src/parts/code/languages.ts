/** Which language a file is in, by its name. Pure. */
const ENDINGS = {
  typescript: ['ts', 'mts', 'cts', 'tsx', 'js', 'mjs', 'cjs'],
  sql: ['sql'],
  python: ['py'],
  r: ['r'],
  shellscript: ['sh', 'bash'],
  json: ['json', 'map'],
} as const;

export type Language = keyof typeof ENDINGS;

const BY_ENDING = new Map<string, Language>(
  Object.entries(ENDINGS).flatMap(([language, endings]) =>
    endings.map((ending) => [ending, language as Language]),
  ),
);

/** Undefined: a text without colours. */
export function languageOf(file: string): Language | undefined {
  return BY_ENDING.get(file.slice(file.lastIndexOf('.') + 1).toLowerCase());
}
