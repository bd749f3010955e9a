/**
 * From what an operator threw to a recorded outcome: cause, exit code, words. Pure.
 * Bodies of bundles have their own copies of our classes, so names decide, not instanceof.
 */
import { isCause, type Cause } from '../../src/model/causes.ts';
import type { ErrorCode } from '../../src/errors.ts';
import type { Outcome } from './assignment.ts';

const CAUSE_OF: Partial<Record<ErrorCode, Cause>> = {
  'task.template': 'template',
  'task.check_failed': 'check_failed',
  'task.missing_program': 'missing_program',
  'task.timeout': 'timeout',
  'task.exit_code': 'exit_code',
  'task.signal': 'signal',
  'xcom.too_large': 'xcom',
  'xcom.not_json': 'xcom',
  'xcom.missing': 'input',
  'connection.bad': 'input',
  'not_found.connection': 'input',
  'not_found.variable': 'input',
};

export function outcomeOfError(error: unknown): Outcome {
  const message = messageOf(error);
  const { name, code, failure, exitCode, errors } = fieldsOf(error);
  if (name === 'SkipTask') return { state: 'skipped', message };
  if (name === 'FailTask') return { state: 'failed', cause: 'fail_now', message };
  if (isCause(failure)) {
    return {
      state: 'failed',
      cause: failure,
      message,
      ...(exitCode !== undefined && { exitCode }),
    };
  }
  if (name === 'PodlineErrors' && Array.isArray(errors)) {
    return { ...outcomeOfError(errors[0]), message };
  }
  if (name === 'PodlineError' && typeof code === 'string') {
    const cause = code.startsWith('map.') ? 'map_length' : (CAUSE_OF[code as ErrorCode] ?? 'error');
    return { state: 'failed', cause, message };
  }
  return { state: 'failed', cause: 'error', message };
}

/** Whether the stack tells more than the message: not for errors that are made for people. */
export function stackOf(error: unknown): string | undefined {
  const { name, failure } = fieldsOf(error);
  if (
    ['PodlineError', 'PodlineErrors', 'SkipTask', 'FailTask'].includes(String(name)) ||
    failure !== undefined
  )
    return;
  if (!(error instanceof Error) || typeof error.stack !== 'string') return;
  const cause =
    error.cause === undefined
      ? ''
      : `\n  caused by ${stackOf(error.cause) ?? messageOf(error.cause)}`;
  return error.stack + cause;
}

function messageOf(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message || error.name : String(error);
    const cut = (text || 'an error without words').replaceAll('\u0000', '').slice(0, 8000);
    // Half a surrogate pair, which PostgreSQL refuses, becomes U+FFFD on the way through UTF-8.
    return Buffer.from(cut).toString();
  } catch {
    return 'an error that cannot be printed';
  }
}

interface Fields {
  name?: unknown;
  code?: unknown;
  failure?: unknown;
  exitCode?: number;
  errors?: unknown;
}

/** Read with care: what a task throws may be anything, even a proxy or an object with getters. */
function fieldsOf(error: unknown): Fields {
  if (typeof error !== 'object' || error === null) return {};
  try {
    const { name, code, failure, exitCode, errors } = error as Record<string, unknown>;
    return {
      name,
      code,
      failure,
      errors,
      exitCode: Number.isInteger(exitCode) ? (exitCode as number) : undefined,
    };
  } catch {
    return {};
  }
}
