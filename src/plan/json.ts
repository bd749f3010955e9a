/**
 * Copies what an author wrote into plain JSON, and says where and why when it is none. Also the
 * reader of task outputs, in effect: whatever PostgreSQL's jsonb would refuse is refused here.
 */
import { scriptFile } from '../operators/script.ts';
import { refSource } from '../dag/ref.ts';
import type { Json } from './plan.ts';

export const MAX_DEPTH = 200;

export interface JsonReader {
  /** Reports a value that is no JSON. */
  problem(where: string, what: string): void;
  /** Replaces `{ file }` of a script by its text. Without it a script is no JSON. */
  script?(where: string, file: unknown): Json;
}

/** The copy; parts that are no JSON become null and are reported. */
export function toJson(value: unknown, where: string, reader: JsonReader): Json {
  return copy(value, where, reader, new Set());
}

function copy(value: unknown, where: string, reader: JsonReader, above: Set<object>): Json {
  const refuse = (what: string): null => {
    reader.problem(where, what);
    return null;
  };
  switch (typeof value) {
    case 'string': {
      const what = textProblem(value);
      return what === undefined ? value : refuse(what);
    }
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) return refuse(String(value));
      return value === 0 ? 0 : value;
    case 'object':
      break;
    default:
      return refuse(
        value === undefined
          ? 'undefined'
          : typeof value === 'bigint'
            ? 'a BigInt'
            : `a ${typeof value}`,
      );
  }
  if (value === null) return null;
  if (refSource(value)) return refuse('a reference; hand it over in `inputs`');
  if (above.has(value)) return refuse('an object that contains itself');
  if (above.size >= MAX_DEPTH) return refuse(`more than ${MAX_DEPTH} levels`);
  const file = reader.script && scriptFile(value);
  if (reader.script && file) return reader.script(where, file.file);

  above.add(value);
  try {
    return Array.isArray(value)
      ? copyArray(value, where, reader, above)
      : copyObject(value, where, reader, above, refuse);
  } finally {
    above.delete(value);
  }
}

function copyArray(value: unknown[], where: string, reader: JsonReader, above: Set<object>): Json {
  const result: Json[] = [];
  for (let index = 0; index < value.length; index++) {
    result.push(copy(value[index], `${where}[${index}]`, reader, above));
  }
  return result;
}

function copyObject(
  value: object,
  where: string,
  reader: JsonReader,
  above: Set<object>,
  refuse: (what: string) => null,
): Json {
  const kind = kindOf(value);
  if (kind !== undefined) return refuse(kind);
  const result: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const place = `${where}.${key.length > 60 ? `${key.slice(0, 60)}…` : key}`;
    const bad = key === '__proto__' ? 'a key named __proto__' : textProblem(key);
    if (bad !== undefined) {
      reader.problem(place, bad);
      continue;
    }
    let member: unknown;
    try {
      member = (value as Record<string, unknown>)[key];
    } catch (error) {
      reader.problem(place, `a property that throws when it is read (${words(error)})`);
      continue;
    }
    if (member !== undefined) result[key] = copy(member, place, reader, above);
  }
  return result;
}

/** What an object is, when it is not a plain one. */
function kindOf(value: object): string | undefined {
  if (value instanceof Date) return 'a Date';
  if (ArrayBuffer.isView(value)) return 'binary data';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    const name = (prototype as { constructor?: { name?: unknown } }).constructor?.name;
    return typeof name === 'string' && name !== ''
      ? `an object of class ${name}`
      : 'a class instance';
  }
  // Read by descriptor: it may be a getter.
  const toJSON = Object.getOwnPropertyDescriptor(value, 'toJSON');
  return toJSON && typeof toJSON.value === 'function' ? 'an object with toJSON' : undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'the character U+0000';
  return /\p{Surrogate}/u.test(text) ? 'half of a surrogate pair' : undefined;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : 'an error';
}
