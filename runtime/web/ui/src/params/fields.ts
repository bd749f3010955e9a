/**
 * The fields of a form from the JSON Schema of a DAG's params, and the value that such a form stands for. What no field can
 * show (lists, objects, unions) is JSON text. Pure; used by ParamsForm. The server checks everything again.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };

export type FieldKind =
  'text' | 'longText' | 'number' | 'boolean' | 'choice' | 'date' | 'dateTime' | 'json';

export interface Field {
  name: string;
  label: string;
  description: string | null;
  kind: FieldKind;
  isInteger: boolean;
  isRequired: boolean;
  /** Absent: none. */
  standard?: Json;
  choices: readonly Json[];
  schema: Schema;
}

/** What stands in the inputs: text, or a boolean. Undefined: left out. */
export type Draft = { [name: string]: string | boolean | undefined };

export function fieldsOf(schema: Json): Field[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([name, value]) => {
    const one = isObject(value) ? value : {};
    return {
      name,
      label: typeof one.title === 'string' ? one.title : name,
      description: typeof one.description === 'string' ? one.description : null,
      kind: kindOf(one),
      isInteger: one.type === 'integer',
      isRequired: required.includes(name) && !('default' in one),
      ...('default' in one && { standard: one.default }),
      choices: Array.isArray(one.enum) ? one.enum : [],
      schema: one,
    };
  });
}

/** May a run have params that the schema does not name? */
export function takesMore(schema: Json): boolean {
  return !isObject(schema) || schema.additionalProperties !== false;
}

function kindOf(schema: Schema): FieldKind {
  if (Array.isArray(schema.enum)) return 'choice';
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type !== 'string') return 'json';
  if (schema.format === 'date') return 'date';
  if (schema.format === 'date-time') return 'dateTime';
  return typeof schema.maxLength === 'number' && schema.maxLength <= 200
    ? 'text'
    : longText(schema);
}

function longText(schema: Schema): FieldKind {
  return typeof schema.default === 'string' && schema.default.includes('\n') ? 'longText' : 'text';
}

/** Choices are told apart by their JSON: 1 and "1" are two. */
export const choiceKey = (value: Json): string => JSON.stringify(value);

export function draftOf(fields: readonly Field[], given: { [name: string]: Json } = {}): Draft {
  return Object.fromEntries(
    fields.map((field): [string, string | boolean | undefined] => {
      const value = field.name in given ? given[field.name] : field.standard;
      if (value === undefined) return [field.name, field.kind === 'boolean' ? false : undefined];
      if (field.kind === 'boolean') return [field.name, value === true];
      if (field.kind === 'choice') return [field.name, choiceKey(value)];
      if (field.kind === 'json') return [field.name, JSON.stringify(value, null, 2)];
      return [field.name, typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

export interface Checked {
  params: { [name: string]: Json };
  /** By name of the field. */
  errors: { [name: string]: string };
}

export function paramsOf(fields: readonly Field[], draft: Draft): Checked {
  const checked: Checked = { params: {}, errors: {} };
  for (const field of fields) {
    const text = draft[field.name];
    if (text === undefined || (text === '' && field.kind !== 'text' && field.kind !== 'longText')) {
      if (field.isRequired) checked.errors[field.name] = 'It is needed.';
      continue;
    }
    if (text === '' && !field.isRequired && field.standard === undefined) continue;
    const value = valueOf(field, text);
    const error = value instanceof Error ? value.message : problemOf(field, value);
    if (error !== null) checked.errors[field.name] = error;
    else if (!(value instanceof Error)) checked.params[field.name] = value;
  }
  return checked;
}

function valueOf(field: Field, text: string | boolean): Json | Error {
  if (typeof text === 'boolean') return text;
  if (field.kind === 'number') {
    const number = Number(text);
    return text.trim() === '' || !Number.isFinite(number)
      ? new Error('It has to be a number.')
      : number;
  }
  if (field.kind === 'choice' || field.kind === 'json') {
    try {
      return JSON.parse(text) as Json;
    } catch (error) {
      return new Error(`It is no JSON: ${(error as Error).message}`);
    }
  }
  return text;
}

function problemOf({ schema, isInteger }: Field, value: Json): string | null {
  const limit = (key: string) => (typeof schema[key] === 'number' ? schema[key] : undefined);
  if (typeof value === 'number') {
    const least = limit('minimum');
    const most = limit('maximum');
    if (isInteger && !Number.isInteger(value)) return 'It has to be a whole number.';
    if (least !== undefined && value < least) return `It has to be at least ${least}.`;
    if (most !== undefined && value > most) return `It may be at most ${most}.`;
  }
  if (typeof value === 'string') {
    const least = limit('minLength');
    const most = limit('maxLength');
    if (least !== undefined && value.length < least)
      return `It needs at least ${least} characters.`;
    if (most !== undefined && value.length > most) return `It may have at most ${most} characters.`;
    if (schema.format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value))
      return 'It has to be a date: YYYY-MM-DD.';
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(value)))
      return 'It has to be a date with a time.';
  }
  return null;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
