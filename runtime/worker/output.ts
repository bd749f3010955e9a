/**
 * What may become an XCom: plain JSON that PostgreSQL can store, up to 256 KB. Pure; called by
 * execute.ts for outputs and for what a task pushes.
 */
import { PodlineError } from '../../src/errors.ts';
import { toJson } from '../../src/plan/json.ts';
import type { Json } from '../../src/plan/plan.ts';

export const XCOM_LIMIT = 262_144;

/** The value as JSON (properties without a value fall away, as in JSON.stringify), or an error. */
export function checkOutput(value: unknown, task: string): Json {
  const json = toJson(value, 'output', {
    problem(where, what) {
      throw notJson(task, `${where} is ${what}`);
    },
  });
  const bytes = Buffer.byteLength(JSON.stringify(json));
  if (bytes > XCOM_LIMIT) throw tooLarge(task, bytes);
  return json;
}

export function tooLarge(task: string, bytes: number): PodlineError {
  return new PodlineError('xcom.too_large', { task, bytes, limit: XCOM_LIMIT });
}

export function notJson(task: string, reason: string): PodlineError {
  return new PodlineError('xcom.not_json', { task, reason });
}

/** Size as PostgreSQL writes it, with a space after each comma and colon. */
export function storedBytes(json: Json): number {
  let spaces = 0;
  JSON.stringify(json, (_key, value: Json) => {
    if (Array.isArray(value)) spaces += Math.max(0, value.length - 1);
    else if (typeof value === 'object' && value !== null) {
      spaces += Math.max(0, 2 * Object.keys(value).length - 1);
    }
    return value;
  });
  return Buffer.byteLength(JSON.stringify(json)) + spaces;
}

/** Length that mapped tasks downstream expand by. */
export function mapLengthOf(value: Json): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}
