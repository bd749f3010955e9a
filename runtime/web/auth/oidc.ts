/**
 * An OpenID provider as we use it: authorization code flow with PKCE, state and nonce. What the provider says of itself is
 * asked for once an hour, and kept while it does not answer. Signing in needs it; sessions that are open do not.
 */
import * as client from 'openid-client';
import { PodlineError } from '../../../src/errors.ts';
import type { Claims } from '../../commands/takeIn.ts';
import type { Log } from '../../observe/log.ts';
import { isLoopbackName, type OidcSettings } from '../../people/settings.ts';

const TIMEOUT_SECONDS = 5;
const FRESH_MS = 3_600_000;
/** So that a provider that is down is not asked by everybody who tries. */
const AGAIN_MS = 2_000;

/** What belongs to one sign-in, kept by the browser in a cookie that only it can send. */
export interface Flow {
  state: string;
  nonce: string;
  verifier: string;
  /** Page to go on to. */
  to: string;
}

export class Oidc {
  readonly settings: OidcSettings;
  readonly #log: Log;
  #provider: client.Configuration | undefined;
  #askAfter = 0;
  #asking: Promise<client.Configuration> | undefined;

  constructor(settings: OidcSettings, log: Log) {
    this.settings = settings;
    this.#log = log;
  }

  /** The address to send the browser to, and what its cookie must hold. */
  async begin(redirectUri: string, to: string): Promise<{ url: string; flow: Flow }> {
    const provider = await this.#known();
    const flow: Flow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      to,
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, flow };
  }

  /** `back`: the address that the provider sent the browser to. Throws `auth.provider_refused` for all that does not fit. */
  async finish(back: URL, flow: Flow): Promise<Claims> {
    const provider = await this.#known();
    try {
      const tokens = await client.authorizationCodeGrant(provider, back, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the provider sent no ID token');
      const all = await this.#withUserInfo(provider, tokens.access_token, { ...claims });
      return {
        subject: claims.sub,
        name: nameOf(all, claims.sub),
        groups: groupsOf(all[this.settings.groupsClaim]),
      };
    } catch (error) {
      if (isOutage(error)) throw this.#unreachable(error);
      this.#log.warn({ error: describe(error) }, 'a sign-in by the provider was refused');
      throw new PodlineError('auth.provider_refused', {}, { cause: error });
    }
  }

  /** Many providers tell groups and names by their user info alone. */
  async #withUserInfo(
    provider: client.Configuration,
    accessToken: string,
    claims: Record<string, unknown> & { sub: string },
  ): Promise<Record<string, unknown>> {
    const has = claims[this.settings.groupsClaim] !== undefined && hasName(claims);
    if (has || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await client.fetchUserInfo(provider, accessToken, claims.sub)), ...claims };
  }

  async #known(): Promise<client.Configuration> {
    if (this.#provider && performance.now() < this.#askAfter) return this.#provider;
    if (!this.#provider && performance.now() < this.#askAfter) throw this.#unreachable(undefined);
    try {
      this.#provider = await (this.#asking ??= this.#discover());
      this.#askAfter = performance.now() + FRESH_MS;
    } catch (error) {
      this.#askAfter = performance.now() + AGAIN_MS;
      if (!this.#provider) throw this.#unreachable(error);
    } finally {
      this.#asking = undefined;
    }
    return this.#provider;
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const authentication = clientSecret === null ? client.None() : bySecret(clientSecret);
    return client.discovery(issuer, clientId, {}, authentication, {
      timeout: TIMEOUT_SECONDS,
      // Signatures of ID tokens are checked, though they come straight from the provider.
      execute: [
        client.enableNonRepudiationChecks,
        // In the clear only where nobody is between: tests, and providers beside a laptop's webserver.
        ...(issuer.protocol === 'http:' && isLoopbackName(issuer.hostname) ? [allowHttp] : []),
      ],
    });
  }

  #unreachable(error: unknown): PodlineError {
    if (error !== undefined) {
      this.#log.warn({ error: describe(error) }, 'the identity provider does not answer');
    }
    return new PodlineError('auth.provider_unreachable', {}, { cause: error });
  }
}

/** The library marks it as deprecated so that nobody uses it without thought. This is the thought: loopback alone. */
const allowHttp = Reflect.get(client, 'allowInsecureRequests');

/** In the header, as is the rule; in the body where the provider takes nothing else. */
function bySecret(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported;
    const header = taken?.includes('client_secret_basic') ?? true;
    (header ? basic : post)(server, ...rest);
  };
}

function hasName(claims: Record<string, unknown>): boolean {
  return ['email', 'preferred_username'].some((name) => typeof claims[name] === 'string');
}

/** For people and the audit log. What identifies somebody is the subject alone. */
function nameOf(claims: Record<string, unknown>, subject: string): string {
  const { email, email_verified: verified, preferred_username: login } = claims;
  const given = typeof email === 'string' && verified !== false ? email : login;
  const text = typeof given === 'string' ? given : subject;
  return (
    text
      .normalize('NFKC')
      .replace(/\p{C}|\s/gu, '')
      .slice(0, 100) || subject
  );
}

function groupsOf(claim: unknown): string[] {
  const list: unknown[] = Array.isArray(claim) ? claim : [claim];
  return list.filter((each) => typeof each === 'string').slice(0, 1000);
}

/** Nobody answered, or somebody answered that something is broken. */
function isOutage(error: unknown): boolean {
  if (error instanceof client.ResponseBodyError) return error.status >= 500;
  if (!(error instanceof Error)) return false;
  if (error instanceof TypeError && error.message === 'fetch failed') return true;
  if (error.name === 'TimeoutError') return true;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (code === 'OAUTH_TIMEOUT') return true;
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && cause instanceof Response) {
    return cause.status >= 500;
  }
  return cause instanceof Error && cause !== error && isOutage(cause);
}

/** Words and codes; never tokens or what the browser brought. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const inner = cause instanceof Error ? `: ${cause.message}` : '';
  return `${typeof code === 'string' ? `${code} ` : ''}${error.message}${inner}`;
}
