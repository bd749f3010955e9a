/** Errors of the API: part of the registry in errors.ts, which callers use. */
import { type ErrorEntry, input } from './errorEntry.ts';

const notFound = (message: string, remedy: string): ErrorEntry => ({
  message,
  remedy,
  exit: 3,
  retryable: false,
});

export const WEB_ERRORS = {
  'request.bad': input(
    'The request does not fit: {reason}.',
    'See the API document at /api/v1/openapi.json.',
  ),
  'request.bad_cursor': input(
    'The cursor is none that this API gave out.',
    'Use `next` of the page before, with the same filters, or leave the cursor out.',
  ),
  'not_found.version': notFound(
    'DAG {dag} has no version {version}.',
    'GET /api/v1/dags/{dag}/versions lists its versions.',
  ),
  'not_found.file': notFound(
    'Version {version} of DAG {dag} has no file {file}.',
    'GET /api/v1/dags/{dag}/versions/{version} lists its files.',
  ),
  'not_found.attempt': notFound(
    'Task {task} of run {run} has no attempt {number}.',
    'The address of its task instance lists its attempts.',
  ),
  'not_found.backfill': notFound(
    'DAG {dag} has no backfill {id}.',
    'GET /api/v1/backfills?dagId={dag} lists its backfills.',
  ),
  'not_found.xcom': notFound(
    'Task {task} of run {run} has no output "{key}".',
    '`podline tasks show {dag} {run} {task}` lists its outputs.',
  ),
  'remote.refused': {
    message: '{server} refused it: {reason} ({code})',
    remedy: '{remedy}',
    exit: 5,
    retryable: false,
  },
  'remote.no_token': {
    message: 'The webserver {server} {reason}.',
    remedy:
      'Set PODLINE_API_TOKEN to an API token: make one on the page "API tokens" of {server}, or let an administrator do it with `podline tokens create`.',
    exit: 5,
    retryable: false,
  },
  'remote.no_route': {
    message:
      'The webserver {server} has no {route}: it is of another version than this program ({version}), or no Podline.',
    remedy: 'Check the address; use a `podline` of the version of the webserver.',
    exit: 5,
    retryable: false,
  },
  'remote.moved': input(
    'The webserver {server} answers {status} and sends us on to {location}.',
    'Use that address: set --server or PODLINE_SERVER to {address}. A page to sign in is not for programs: what stands before the webserver must let API tokens pass.',
  ),
  'remote.no_form': input(
    '`podline {command}` works on the database or on this machine, not through the webserver {server}.',
    'Name the database with --database or PODLINE_DATABASE_URL, or an embedded one with --home; leave --server out.',
  ),
  'remote.unreachable': {
    message: 'The webserver {server} does not answer: {reason}.',
    remedy: 'Check the address, and that `podline web` runs there.',
    exit: 4,
    retryable: true,
  },
  'request.key_reused': {
    message: 'The idempotency key {key} was used for another request.',
    remedy:
      'Use a new key for each new request; repeat a request with the same key and the same body.',
    exit: 5,
    retryable: false,
  },
  'request.too_many': {
    message: 'Too many requests: at most {most}. Wait {seconds} s.',
    remedy: 'Wait for the time that the header Retry-After says.',
    exit: 5,
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
