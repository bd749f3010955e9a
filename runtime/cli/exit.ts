/**
 * How the CLI ends: the exit code of an error, and the words that go with it. Called by main alone;
 * commands just throw. docs/errors.md lists the codes.
 */
import { PodlineError, PodlineErrors } from '../../src/errors.ts';
import type { Output } from './output.ts';

export const EXIT = {
  ok: 0,
  failed: 1,
  badInput: 2,
  notFound: 3,
  unreachable: 4,
  refused: 5,
  /** A bug of ours (EX_SOFTWARE). */
  internal: 70,
  /** Ended by Ctrl+C, as shells count it. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** Errors of sockets and of PostgreSQL (class 08, 57P0x) that mean "nobody answers there". */
const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|EPIPE|08...|57P0[123])$/;

/**
 * Every error as errors of the registry. What is none of ours becomes database.unreachable, a
 * usage error, or internal.bug: a stack trace is never the answer to a user.
 */
export function asPodlineErrors(error: unknown): PodlineError[] {
  if (error instanceof PodlineErrors) return error.errors;
  if (error instanceof PodlineError) return [error];
  if (error instanceof AggregateError && error.errors.length > 0) {
    return asPodlineErrors(error.errors[0]);
  }
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (code?.startsWith('commander.')) {
    const words = sentence(reason.replace(/^error: /, ''));
    return [new PodlineError('cli.usage', { reason: words, command: '' }, { cause: error })];
  }
  if (code !== undefined && UNREACHABLE.test(code)) {
    const where = addressOf(error);
    return [new PodlineError('database.unreachable', { where, reason }, { cause: error })];
  }
  return [new PodlineError('internal.bug', { reason }, { cause: error })];
}

/** Of several errors the first decides: they come from one command and mostly have one kind. */
export function exitCodeOf(error: unknown): number {
  const code = codeOf(error);
  if (code === 'commander.help' || code === 'commander.helpDisplayed') return EXIT.ok;
  if (code === 'commander.version') return EXIT.ok;
  const [first] = asPodlineErrors(error);
  return first ? first.exitCode : EXIT.failed;
}

/** Prints the error and returns the exit code. The stack is shown for our own bugs, or on demand. */
export function reportError(error: unknown, output: Output, showStack = false): number {
  const exit = exitCodeOf(error);
  if (exit === EXIT.ok) return exit;
  const errors = asPodlineErrors(error);
  if (output.json) {
    const all = errors.map((one) => ({ ...one.toJSON(), remedy: remedyOf(one) }));
    // On stderr, so that stdout is the result or nothing.
    output.note(JSON.stringify({ error: all[0], ...(all.length > 1 && { errors: all }) }, null, 2));
    return exit;
  }
  for (const one of errors) {
    output.note(`error: ${one.problem}`);
    const remedy = remedyOf(one);
    if (remedy) output.note(`       ${remedy}`);
    output.note(`       (${one.code})`);
    if (showStack || one.code === 'internal.bug') {
      const stack = one.cause instanceof Error ? one.cause.stack : one.stack;
      if (stack) output.note(stack.replace(/^/gm, '       '));
    }
  }
  return exit;
}

/** find.ts leaves what may have been meant in the details. */
function remedyOf({ remedy, details }: PodlineError): string {
  // A usage error of the top level names no command, which leaves a doubled space.
  const plain = remedy.replace(/ {2,}/g, ' ');
  const { suggestion } = details;
  return suggestion === undefined ? plain : `Did you mean "${String(suggestion)}"? ${plain}`;
}

/** `podline dags list | head` closes the pipe early: that is the reader's right, not an error. */
export function endQuietlyOnClosedPipe(stream: NodeJS.WritableStream, exit: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    exit();
  });
}

/** Exit code -> meaning, for the documents and `podline help`. */
export const EXIT_MEANINGS: readonly [code: number, meaning: string][] = [
  [EXIT.ok, 'done'],
  [EXIT.failed, 'the work failed: a run, task or check did not succeed'],
  [EXIT.badInput, 'bad input: an argument, a DAG file, a value'],
  [EXIT.notFound, 'not found: no such DAG, run, task, pool, variable or connection'],
  [
    EXIT.unreachable,
    'unreachable: the database or the webserver does not answer, or is not migrated',
  ],
  [EXIT.refused, 'refused: it exists already, is over, or is managed elsewhere'],
  [EXIT.internal, 'a bug inside podline'],
  [EXIT.interrupted, 'interrupted by Ctrl+C'],
  [EXIT.terminated, 'ended by SIGTERM'],
];

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function addressOf(error: unknown): string {
  const { address, port, hostname } = error as Partial<Record<string, unknown>>;
  const host = [address, hostname].find((one) => typeof one === 'string');
  if (typeof host !== 'string') return 'DATABASE_URL';
  return typeof port === 'number' ? `${host}:${port}` : host;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
