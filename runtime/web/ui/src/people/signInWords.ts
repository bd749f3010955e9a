/** Words for the codes that the way back from the provider brings along (`/sign-in?error=CODE`). */
export function signInWords(code: string): string {
  switch (code) {
    case 'auth.provider_unreachable':
      return 'The identity provider does not answer. Try again in a moment.';
    case 'auth.no_role':
      return 'You are known, but have no role here. Ask an administrator of Podline for one.';
    case 'auth.no_provider':
      return 'No identity provider is configured. Sign in with a password.';
    case 'auth.insecure':
      return 'Signing in needs https. Ask an administrator for the address of this webserver.';
    case 'database.unreachable':
      return 'The database does not answer. Try again in a moment.';
    default:
      return 'The identity provider did not confirm the sign-in. Start again.';
  }
}
