/**
 * Scripts of bash, python, R and SQL tasks: inline text, or a file beside the DAG file. The compiler
 * reads the file, so that the plan holds `{ file, text }` and a worker needs no checkout.
 */
const FILE = Symbol.for('podline.scriptFile');

/** Largest script, in bytes of UTF-8. */
export const MAX_SCRIPT_BYTES = 256 * 1024;

export interface ScriptFile {
  readonly [FILE]: unknown;
}

/** Stands in a config where the compiler puts `{ file, text }`. */
export function script(definition: {
  text?: unknown;
  file?: unknown;
}): ScriptFile | { text: unknown } {
  return definition.file === undefined ? { text: definition.text } : { [FILE]: definition.file };
}

export function scriptFile(value: unknown): { file: unknown } | undefined {
  return typeof value === 'object' && value !== null && FILE in value
    ? { file: (value as ScriptFile)[FILE] }
    : undefined;
}

export type ScriptSource =
  | { /** The script itself. */ script: string; file?: undefined }
  | { /** Path of the script, relative to the DAG file. */ file: string; script?: undefined };

/** Exactly one of the two must be there; plain JavaScript callers have no compiler to tell them. */
export function scriptProblems(definition: {
  text?: unknown;
  file?: unknown;
  name?: string;
  skipExitCode?: unknown;
}): string[] {
  const { text, file, name = 'script', skipExitCode = 99 } = definition;
  if (!Number.isInteger(skipExitCode) || Number(skipExitCode) < 1 || Number(skipExitCode) > 255) {
    return ['skipExitCode must be a whole number from 1 to 255'];
  }
  if ((text === undefined) === (file === undefined)) return [`give either ${name} or file`];
  const given = text ?? file;
  if (typeof given !== 'string' || given.trim() === '') {
    return [`${text === undefined ? 'file' : name} must be text that is not empty`];
  }
  return [];
}
