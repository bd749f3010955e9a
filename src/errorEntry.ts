/** One entry of the registry of errors (errors.ts). */
export interface ErrorEntry {
  message: string;
  remedy: string;
  /** Exit code of the CLI: 1 failed work, 2 bad input, 3 not found, 4 unreachable, 5 refused, 70 our bug. */
  exit: 1 | 2 | 3 | 4 | 5 | 70;
  /** Whether the same call may succeed later without a change. */
  retryable: boolean;
}

/** What an author or a caller gave is wrong. */
export const input = (message: string, remedy: string): ErrorEntry => ({
  message,
  remedy,
  exit: 2,
  retryable: false,
});
