/** Reads what people type: params, JSON, files, instants. Bad input is cli.usage or the error of its kind. */
import fs from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { PodlineError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/plan/plan.ts';
import { parseInstant } from '../../src/plan/schedule.ts';

export function usage(reason: string, command = ''): PodlineError {
  return new PodlineError('cli.usage', { reason, command });
}

export interface ParamOptions {
  param?: string[];
  params?: string;
}

/**
 * --param NAME=VALUE, where a value that is JSON is taken as such unless the schema wants text; or
 * --params JSON, @FILE, @-. Undefined: none were given.
 */
export async function readParams(
  { param, params }: ParamOptions,
  schema: JsonObject,
): Promise<unknown> {
  if (params !== undefined) return parseJson(await readValue(params), '--params');
  if (param === undefined) return undefined;
  const result: Record<string, unknown> = {};
  for (const pair of param) {
    const at = pair.indexOf('=');
    if (at < 1) throw usage(`--param is NAME=VALUE, not ${JSON.stringify(pair)}.`);
    const name = pair.slice(0, at);
    const text = pair.slice(at + 1);
    result[name] = wantsText(schema, name) ? text : valueOf(text);
  }
  return result;
}

function wantsText(schema: JsonObject, name: string): boolean {
  const properties = schema.properties as JsonObject | undefined;
  const property = properties?.[name] as JsonObject | undefined;
  return property?.type === 'string';
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The text itself, or with @ the contents of a file (@- the input). */
export async function readValue(text: string): Promise<string> {
  return text.startsWith('@') ? readInput(text.slice(1)) : text;
}

/** A file's text; `-` is the input. */
export async function readInput(file: string): Promise<string> {
  if (file === '-') return readStream(process.stdin);
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usage(`The file ${file} cannot be read (${code ?? 'unknown'}).`);
  }
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usage(`${what} is no JSON: ${(error as Error).message}.`);
  }
}

export function readInstant(text: string, what: string): Date {
  try {
    return parseInstant(text);
  } catch {
    throw usage(`${what} ${JSON.stringify(text)} is no ISO 8601 date with time.`);
  }
}

/** A folder that must be there. */
export async function checkFolder(folder: string): Promise<string> {
  const found = await fs.stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw usage(`${folder} is no folder.`);
  return folder;
}
