/**
 * Params of a DAG: what an author declares becomes one JSON Schema, and what a run is given is checked
 * against it and completed with its defaults. Used by the compiler, trigger, backfill and scheduler.
 */
import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { PodlineError } from '../errors.ts';
import { isReserved } from './ids.ts';
import { type JsonReader, toJson } from './json.ts';
import type { Json, JsonObject } from './plan.ts';

const require = createRequire(import.meta.url);
let ajv: Ajv | undefined;

/** Loaded on first use: ajv takes 70 ms to load and most DAGs have no params. */
function validator(): Ajv {
  if (ajv) return ajv;
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const addFormats = (require('ajv-formats') as { default: (ajv: Ajv) => void }).default;
  ajv = new Ajv2020({ useDefaults: true, allErrors: true, strict: false, allowUnionTypes: true });
  addFormats(ajv);
  return ajv;
}

/** Checked schemas by their text; a scheduler meets the same few over and over. */
const compiled = new Map<string, ReturnType<Ajv['compile']>>();

function compileSchema(schema: JsonObject): ReturnType<Ajv['compile']> {
  const text = JSON.stringify(schema);
  let validate = compiled.get(text);
  if (!validate) {
    if (compiled.size >= 500) compiled.clear();
    // $id would register the schema globally, and two versions of a DAG have the same one.
    const { $id: _id, ...anonymous } = schema;
    validate = validator().compile(anonymous);
    compiled.set(text, validate);
  }
  return validate;
}

/** The params of a run: `given` with defaults filled in. Throws run.bad_params. */
export function checkParams(schema: JsonObject, given: unknown, dag = ''): JsonObject {
  const refuse = (reason: string) => new PodlineError('run.bad_params', { dag, reason });
  if (
    given !== undefined &&
    (typeof given !== 'object' || given === null || Array.isArray(given))
  ) {
    throw refuse('they are no JSON object');
  }
  const problems: string[] = [];
  const params = toJson(given ?? {}, 'params', {
    problem: (where, what) => problems.push(`${where} holds ${what}`),
  }) as JsonObject;
  if (problems.length > 0) throw refuse(problems.join('; '));
  if (!needsValidator(schema)) return params;
  const validate = compileSchema(schema);
  if (validate(params)) return params;
  const reasons = (validate.errors ?? []).slice(0, 10).map((error) => {
    const where = error.instancePath.slice(1).replaceAll('/', '.');
    const extra = (error.params as { additionalProperty?: string }).additionalProperty;
    const named = extra === undefined ? '' : ` ("${extra}")`;
    return `${where === '' ? '' : `${where} `}${error.message ?? 'is not valid'}${named}`;
  });
  throw refuse(reasons.join('; '));
}

/** The schema of a DAG that declares no params accepts any object. */
export const ANY_PARAMS: JsonObject = { type: 'object' };

function needsValidator(schema: JsonObject): boolean {
  return Object.keys(schema).some((key) => key !== 'type') || schema.type !== 'object';
}

/** What the author declared as JSON Schema. Throws an Error with a plain reason. */
export function paramsSchema(declared: unknown, reader: JsonReader): JsonObject {
  if (declared === undefined) return ANY_PARAMS;
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) {
    throw new Error('they are no object');
  }
  const schema = isZod(declared) ? zodSchema(declared) : plainSchema(declared, reader);
  if (schema.type !== 'object') throw new Error('the type of params must be object');
  try {
    compileSchema(schema);
  } catch (error) {
    throw new Error((error as Error).message, { cause: error });
  }
  return schema;
}

interface ZodLike {
  toJSONSchema?: (options: { io: 'input' | 'output' }) => object;
}

function isZod(declared: object): declared is ZodLike {
  return '_zod' in declared || '~standard' in declared;
}

function zodSchema(zod: ZodLike): JsonObject {
  if (typeof zod.toJSONSchema !== 'function')
    throw new Error('this version of zod is too old; use 4.2 or later');
  // As output it fails for dates and transforms, which JSON cannot carry; as input, members with a
  // default are not required.
  zod.toJSONSchema({ io: 'output' });
  const schema = JSON.parse(JSON.stringify(zod.toJSONSchema({ io: 'input' }))) as JsonObject;
  delete schema.$schema;
  return { ...schema, additionalProperties: schema.additionalProperties ?? false };
}

function plainSchema(declared: object, reader: JsonReader): JsonObject {
  const schema = toJson(declared, 'params', reader) as JsonObject;
  if (schema.type === 'object') return schema;
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const [name, given] of Object.entries(schema)) {
    if (isReserved(name)) throw new Error(`the name "${name}" is reserved`);
    const isSchema = typeof given === 'object' && given !== null && !Array.isArray(given);
    const property: JsonObject = isSchema ? given : { default: given, ...typeOf(given) };
    properties[name] = property;
    if (!('default' in property)) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

function typeOf(value: Json): JsonObject {
  if (value === null) return {};
  if (Array.isArray(value)) return { type: 'array' };
  return { type: typeof value };
}
