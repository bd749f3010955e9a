/**
 * Values of PostgreSQL as JSON, close to what its own to_json writes: dates and times as ISO text,
 * numbers as numbers while a double holds them exactly (else as text), bytea as base64.
 */
import pg from 'pg';
import type { Json, JsonObject } from '../../src/plan/plan.ts';

const parsers: Record<number, (text: string) => Json> = {
  20: exactNumber, // bigint
  1700: exactNumber, // numeric
  1082: (text) => text, // date
  1114: (text) => text.replace(' ', 'T'), // timestamp
  1184: instant, // timestamptz
  1186: (text) => text, // interval
  600: (text) => text, // point
  718: (text) => text, // circle
};

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

export const sqlTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: TypeId, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parsers[oid];
    return own ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown);
  },
};

export function jsonRow(row: Record<string, unknown>): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(row)) result[name] = jsonValue(value);
  return result;
}

function jsonValue(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  // json and jsonb are plain values already.
  if (typeof value === 'object') return value as JsonObject;
  return typeof value === 'boolean' ? value : (value as string);
}

/** A double holds 15 decimal digits without loss. */
function exactNumber(text: string): Json {
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '');
  return /^-?\d+(\.\d+)?$/.test(text) && digits.length <= 15 ? Number(text) : text;
}

function instant(text: string): Json {
  const date = new Date(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}
