/** Errors of signing in, users and tokens: part of the registry in errors.ts, which callers use. */
import { type ErrorEntry, input } from './errorEntry.ts';

const refused = (message: string, remedy: string): ErrorEntry => ({
  message,
  remedy,
  exit: 5,
  retryable: false,
});

export const AUTH_ERRORS = {
  'auth.needed': refused(
    'Nobody is signed in.',
    'Sign in, or send an API token as `Authorization: Bearer TOKEN`.',
  ),
  'auth.forbidden': refused(
    'This needs the right to {right}.',
    'Ask an administrator of this installation for a role that has it.',
  ),
  'auth.bad_login': refused(
    'The name or the password is wrong.',
    'Try again; an administrator can give you a link for a new password.',
  ),
  'auth.too_many': {
    message: 'Too many failed tries: wait {seconds} s.',
    remedy: 'Try again then. Each failed try makes the wait longer, up to some minutes.',
    exit: 5,
    retryable: true,
  },
  'auth.busy': {
    message: 'Too many people sign in at this moment.',
    remedy: 'Try again in a few seconds.',
    exit: 4,
    retryable: true,
  },
  'auth.insecure': refused(
    'Signing in needs https, but for http://localhost.',
    'Set PODLINE_PUBLIC_URL to the https address at which browsers reach the webserver, or forward a port to this machine.',
  ),
  'auth.foreign_site': refused(
    'The request does not come from the pages of this webserver.',
    'Use the pages at their own address; programs send an API token, or the header `x-podline-request: 1` with a session.',
  ),
  'auth.provider_refused': refused(
    'The identity provider did not confirm the sign-in.',
    'Start again from the sign-in page; the log of the webserver says why.',
  ),
  'auth.provider_unreachable': {
    message: 'The identity provider does not answer.',
    remedy: 'Try again in a moment. Who is signed in already stays so.',
    exit: 4,
    retryable: true,
  },
  'auth.no_provider': {
    message: 'No identity provider is configured.',
    remedy: 'Sign in with a password; docs/signing-in.md says how to configure a provider.',
    exit: 3,
    retryable: false,
  },
  'auth.no_role': refused(
    '{name} is known, but has no role here.',
    'Ask an administrator to map one of your groups to a role, or to grant you one on the page of users.',
  ),
  'auth.bad_password': input(
    'The password is not taken: it {reason}.',
    'Use a long one that you use nowhere else, such as four random words.',
  ),
  'auth.bad_link': {
    message: 'This link was used already, or is too old.',
    remedy:
      'Ask an administrator for a new one. With nobody there yet, start the webserver again: its log has a new link.',
    exit: 3,
    retryable: false,
  },
  'auth.not_a_user': refused(
    '{name} has no account of its own here.',
    'Sign in as a user; API tokens and the pages of `podline dev` are none.',
  ),
  'auth.scope_too_wide': refused(
    'The scope {scope} is more than {name} may do.',
    'Give the token a role and DAGs that its user has.',
  ),
  'user.bad_name': input(
    'The user name {name} is not allowed.',
    'Use 1 to 100 letters, digits and ".", "_", "@", "+", "-"; start with a letter or digit.',
  ),
  'user.exists': refused('There is a user "{name}" already.', 'Choose another name.'),
  'not_found.user': {
    message: 'There is no user "{user}".',
    remedy: '`podline users list` shows them.',
    exit: 3,
    retryable: false,
  },
  'not_found.token': {
    message: 'There is no token {token}.',
    remedy: '`podline tokens list` shows those that can be revoked.',
    exit: 3,
    retryable: false,
  },
  'refused.user': refused('This cannot be done to "{user}": {reason}.', '{remedy}'),
} as const satisfies Record<string, ErrorEntry>;
