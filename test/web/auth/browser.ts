/** A webserver over a test database, and a browser as far as signing in goes: cookies, and the headers that pages send. */
import { openLog } from '../../../runtime/observe/log.ts';
import { type TestDatabase, testDatabase } from '../../../runtime/testing/database.ts';
import type { Grant } from '../../../src/model/access.ts';
import { addUser } from '../../../runtime/commands/users.ts';
import { usePasswordLink } from '../../../runtime/commands/passwords.ts';
import { type AuthSettings, NO_AUTH_SETTINGS } from '../../../runtime/people/settings.ts';
import { WebServer } from '../../../runtime/web/webServer.ts';

export const PASSWORD = 'plover otter seven';

export interface Site {
  test: TestDatabase;
  web: WebServer;
  base: string;
  close(): Promise<void>;
}

export async function openSite(
  auth: Partial<AuthSettings> = {},
  port = 0,
  requestsPerMinute = 0,
): Promise<Site> {
  const test = await testDatabase();
  const settings = { ...NO_AUTH_SETTINGS, ...auth };
  const log = openLog('silent');
  const where = { url: test.url, port, host: '127.0.0.1' };
  const web = await WebServer.open({ ...where, log, auth: settings, requestsPerMinute });
  return {
    test,
    web,
    base: `http://localhost:${web.port}`,
    async close() {
      await web.close();
      await test.drop();
    },
  };
}

/** Somebody with PASSWORD. */
export async function makeUser(
  { test }: Site,
  name: string,
  grants: readonly Grant[] = [],
): Promise<number> {
  const { secret, user } = await addUser(test.pool, { name, grants }, 'test');
  const address = '127.0.0.1';
  await usePasswordLink(test.pool, { secret, name: undefined, password: PASSWORD, address });
  return user.userId;
}

export class Browser {
  readonly base: string;
  readonly cookies = new Map<string, string>();
  /** Set-Cookie headers as they came. */
  readonly setCookies: string[] = [];

  constructor(base: string) {
    this.base = base;
  }

  /** A path of ours or a whole address; redirects are not followed. */
  async go(
    where: string,
    given: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { method = 'GET', body } = given;
    const change = method !== 'GET' && method !== 'HEAD';
    const headers: Record<string, string> = {
      ...(this.cookies.size > 0 && { cookie: this.cookieHeader() }),
      ...(change && { 'x-podline-request': '1', origin: this.base }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...given.headers,
    };
    const answer = await fetch(new URL(where, this.base), {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of answer.headers.getSetCookie()) this.take(cookie);
    return answer;
  }

  /** Below /api/v1. */
  api(
    path: string,
    given: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return this.go(`/api/v1${path}`, given);
  }

  async signIn(name: string, password = PASSWORD): Promise<Response> {
    return this.api('/auth/login', { method: 'POST', body: { name, password } });
  }

  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  take(header: string): void {
    this.setCookies.push(header);
    const [pair = '', ...rest] = header.split('; ');
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    const isOver = rest.some((part) => /^Max-Age=0$|^Expires=Thu, 01 Jan 1970/i.test(part));
    if (value === '' || isOver) this.cookies.delete(pair.slice(0, at));
    else this.cookies.set(pair.slice(0, at), value);
  }
}

export async function codeOf(answer: Response): Promise<string> {
  const { code = '' } = (await answer.json()) as { code?: string };
  return code;
}

export async function auditRows(
  { test }: Site,
  action: string,
): Promise<{ actor: string; subject: string; details: Record<string, unknown> }[]> {
  const { rows } = await test.pool.query<{
    actor: string;
    subject: string;
    details: Record<string, unknown>;
  }>('SELECT actor, subject, details FROM podline.audit WHERE action = $1 ORDER BY id', [action]);
  return rows;
}
