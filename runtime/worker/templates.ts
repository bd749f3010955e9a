/**
 * Renders the templates in a task's config and environment with nunjucks (Jinja's language). Text
 * without `{{`, `{%` or `{#` never loads it. src/plan/templates.ts reads the same texts at build time.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Environment } from 'nunjucks';
import { identifier, sqlString, strftime, toDate } from './macros.ts';

export type TemplateContext = Record<string, unknown>;

export interface Place {
  task: string;
  /** For messages: a path in the config, or the name of a script file. */
  where: string;
}

let environment: Environment | undefined;

export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%') || text.includes('{#');
}

/** Loads nunjucks (20 ms once a process) when the text needs it. */
export async function renderText(
  text: string,
  context: TemplateContext,
  place: Place,
): Promise<string> {
  if (!isTemplate(text)) return text;
  environment ??= await makeEnvironment();
  try {
    // The callback form is needed by no filter of ours; the synchronous one throws what went wrong.
    return environment.renderString(text, context);
  } catch (error) {
    throw templateError(error, place);
  }
}

async function makeEnvironment(): Promise<Environment> {
  const { default: nunjucks } = await import('nunjucks');
  const made = new nunjucks.Environment(null, {
    autoescape: false,
    throwOnUndefined: true,
  });
  made.addFilter('tojson', (value: unknown) => JSON.stringify(value ?? null));
  made.addFilter('sqlstring', sqlString);
  made.addFilter('identifier', identifier);
  made.addFilter('ds', (value: unknown) => strftime(toDate(value), '%Y-%m-%d'));
  made.addFilter('ds_nodash', (value: unknown) => strftime(toDate(value), '%Y%m%d'));
  made.addFilter('ts', (value: unknown) => strftime(toDate(value), '%Y-%m-%dT%H:%M:%S+00:00'));
  made.addFilter('ts_nodash', (value: unknown) => strftime(toDate(value), '%Y%m%dT%H%M%S'));
  made.addFilter('strftime', (value: unknown, format: string) => strftime(toDate(value), format));
  return made;
}

function templateError(error: unknown, place: Place): PodlineError {
  const message = error instanceof Error ? error.message : String(error);
  const at = /\[Line (\d+), Column (\d+)\]/.exec(message);
  const cause = rootCause(error);
  const reason =
    cause instanceof PodlineError
      ? cause.problem.replace(/\.$/, '')
      : message
          .replace(/\(unknown path\)/g, '')
          .replace(/\[Line \d+(, Column \d+)?\]/g, '')
          .replace(/\s+/g, ' ')
          .replace(/^(\s*(Template render error|Error|TypeError):)+\s*/i, '')
          .replace('attempted to output null or undefined value', 'a value is null or not defined')
          .trim();
  const line = at ? `:${at[1]}:${at[2]}` : '';
  return new PodlineError(
    'task.template',
    { task: place.task, reason: `${place.where}${line}: ${reason}` },
    { cause: error },
  );
}

/** nunjucks wraps what a lookup threw; our own errors say more than its text. */
function rootCause(error: unknown): unknown {
  let current = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof PodlineError) return current;
    current = current.cause;
  }
  return error;
}
