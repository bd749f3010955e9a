/**
 * How the body of a typescript task says that it ends otherwise than by success or an ordinary error.
 * Every bundle has its own copy of these classes, so the worker goes by `name` and `failure`
 * (runtime/worker/failure.ts).
 */

/** Ends the task as skipped. */
export class SkipTask extends Error {
  override readonly name = 'SkipTask';
}

/** Fails the task at once, whatever retries it has left. */
export class FailTask extends Error {
  override readonly name = 'FailTask';
}

/** Fails the attempt with cause `check_failed`: the data is not what it should be. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
  readonly failure = 'check_failed';
}
