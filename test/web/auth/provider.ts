/** A real OpenID provider on this machine (oidc-provider), whose one user and groups a test chooses. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { OidcSettings } from '../../../runtime/people/settings.ts';
import type { Browser } from './browser.ts';

export const CLIENT_ID = 'podline';
export const CLIENT_SECRET = 'a client secret of the test';

/** What the provider says of whoever signs in. */
export interface Person {
  sub: string;
  email?: string;
  groups: string[];
}

export class TestProvider {
  person: Person = { sub: 's-1', email: 'ada@example.org', groups: [] };
  /** Requests that came, as `GET /path`. */
  readonly asked: string[] = [];
  readonly #server: http.Server;
  readonly issuer: URL;

  private constructor(server: http.Server, issuer: URL) {
    this.#server = server;
    this.issuer = issuer;
  }

  static async start(redirectUris: string[], port = 0): Promise<TestProvider> {
    let handle: http.RequestListener = (_request, response) => response.end();
    const server = http.createServer((request, response) => {
      handle(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const test = new TestProvider(server, issuer);
    const provider = new Provider(issuer.origin, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: redirectUris,
          grant_types: ['authorization_code'],
          response_types: ['code'],
        },
      ],
      claims: { openid: ['sub'], email: ['email'], groups: ['groups'] },
      scopes: ['openid', 'email', 'groups'],
      pkce: { required: () => true },
      cookies: { keys: ['a key of the test'] },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => Promise.resolve({ ...test.person, sub }),
      }),
    });
    provider.on('server_error', () => undefined);
    const callback = provider.callback();
    handle = (request, response) => {
      test.asked.push(`${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`);
      void callback(request, response);
    };
    return test;
  }

  settings(more: Partial<OidcSettings> = {}): OidcSettings {
    return {
      issuer: this.issuer,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      name: 'Example',
      scopes: 'openid email groups',
      groupsClaim: 'groups',
      groupRoles: new Map(),
      ...more,
    };
  }

  /** Goes through the provider's own pages as a person would: its sign-in form, then its consent. Returns the way back. */
  async visit(browser: Browser, address: string): Promise<URL> {
    let at = new URL(address);
    for (let steps = 0; steps < 12; steps++) {
      const answer = await browser.go(at.href);
      const location = answer.headers.get('location');
      if (location !== null) {
        at = new URL(location, at);
        if (at.origin !== this.issuer.origin) return at;
        continue;
      }
      const page = await answer.text();
      const [, action] = /action="([^"]+)"/.exec(page) ?? [];
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
      if (action === undefined) throw new Error(`the provider says ${answer.status}: ${page}`);
      const form = new URLSearchParams({ prompt: prompt ?? '' });
      if (prompt === 'login') form.set('login', this.person.sub);
      if (prompt === 'login') form.set('password', 'any');
      const posted = await browser.go(new URL(action, at).href, {
        method: 'POST',
        body: form.toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      at = new URL(posted.headers.get('location') ?? '', at);
    }
    throw new Error('the provider sends the browser round in circles');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
