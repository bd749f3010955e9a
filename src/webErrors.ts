/** Errors of the API: part of the registry in errors.ts, which callers use. */
import { type ErrorEntry, input } from './errorEntry.ts';

export const WEB_ERRORS = {
  'request.bad': input(
    'The request does not fit: {reason}.',
    'See the API document at /api/v1/openapi.json.',
  ),
  'request.bad_cursor': input(
    'The cursor is none that this API gave out.',
    'Use `next` of the page before, with the same filters, or leave the cursor out.',
  ),
  'request.key_reused': {
    message: 'The idempotency key {key} was used for another request.',
    remedy:
      'Use a new key for each new request; repeat a request with the same key and the same body.',
    exit: 5,
    retryable: false,
  },
  'request.too_many': {
    message: 'Too many requests: at most {limit} in {seconds} s.',
    remedy: 'Wait for the time that the header Retry-After says.',
    exit: 5,
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
