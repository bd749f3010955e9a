/** Reads typed values from a rendered config; what does not fit is task.bad_config. Used by operators. */
import { PodlineError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/plan/plan.ts';
import type { OperatorContext } from './operator.ts';

export function badConfig(context: OperatorContext, problem: string): PodlineError {
  return new PodlineError('task.bad_config', { task: context.task.id, problem });
}

export function text(context: OperatorContext, name: string): string {
  const value = optionalText(context, name);
  if (value === undefined || value === '') throw badConfig(context, `${name} must be text`);
  return value;
}

export function optionalText(context: OperatorContext, name: string): string | undefined {
  const value = context.config[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw badConfig(context, `${name} must be text`);
  return value;
}

export function list(context: OperatorContext, name: string): Json[] {
  const value = context.config[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badConfig(context, `${name} must be a list`);
  return value;
}

/** A mapping of text to text, such as headers. */
export function texts(context: OperatorContext, name: string): Record<string, string> {
  const value = context.config[name];
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw badConfig(context, `${name} must be an object`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === 'string' ? item : JSON.stringify(item),
    ]),
  );
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
