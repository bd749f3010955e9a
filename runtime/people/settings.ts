/** How people sign in, as the process was told (authConfig.ts reads it from the environment). */
import type { GroupRoles } from '../../src/model/grants.ts';

export interface OidcSettings {
  issuer: URL;
  clientId: string;
  /** Null: a public client, by PKCE alone. */
  clientSecret: string | null;
  /** On the button. */
  name: string;
  scopes: string;
  groupsClaim: string;
  groupRoles: GroupRoles;
}

export interface AuthSettings {
  /** Where browsers reach the webserver; null: wherever they say, on this machine. */
  publicUrl: URL | null;
  /** Addresses and networks whose X-Forwarded-* are believed, with commas; null: nobody's. */
  trustedProxy: string | null;
  oidc: OidcSettings | null;
}

export const NO_AUTH_SETTINGS: AuthSettings = { publicUrl: null, trustedProxy: null, oidc: null };

/** The machine itself: nobody is between, so what goes there may go in the clear. As URLs spell it, without a port. */
export function isLoopbackName(hostname: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/i.test(hostname);
}
