/**
 * The way to a webserver: the typed client over a fetch that throws errors of the registry. What the webserver refuses is
 * told in its own words; what lies between us and it is told with its address. Used by everything in remote/, and by
 * deploy.ts.
 */
import { ERRORS, PodlineError } from '../../../src/errors.ts';
import { pause } from '../../pause.ts';
import { type ApiClient, openClient } from '../../web/client/client.ts';
import { problemOf } from '../../web/client/apiError.ts';
import { VERSION } from '../../version.ts';
import { toldError } from './toldError.ts';

export interface ConnectionOptions {
  server: string;
  /** API token. */
  token: string | null;
  /** Talk about the work. */
  say(words: string): void;
  /** About safety: is told in any case. */
  warn(words: string): void;
}

/** For one answer: the largest upload and page take less. */
const ANSWER_MS = 120_000;
/** So long somebody who follows waits for a webserver that is away. */
const PATIENCE_MS = 300_000;
/** So long a change is sent again that the webserver does once only. */
const CHANGE_PATIENCE_MS = 5_000;
const FIRST_RETRY_MS = 200;
const MOST_RETRY_MS = 3_000;

export class Connection {
  readonly server: string;
  readonly api: ApiClient;
  readonly #token: string | null;
  readonly #say: (words: string) => void;
  #patience: AbortSignal | undefined;

  constructor({ server, token, say, warn }: ConnectionOptions) {
    this.server = server;
    this.#token = token;
    this.#say = say;
    if (token !== null && isOpenLine(server)) {
      warn(`${server} is no https: everybody on the way can read the API token`);
    }
    this.api = openClient({
      server,
      ...(token !== null && { token }),
      fetch: (request) => this.#fetch(request),
    });
  }

  /** From now on questions are asked again while the webserver is away, until the abort: for who follows something. */
  bePatient(signal: AbortSignal): void {
    this.#patience = signal;
  }

  /** An answer that goes on, as soon as it begins. */
  async stream(path: string, signal: AbortSignal): Promise<Response> {
    const request = new Request(`${this.server}${path}`, {
      headers: {
        accept: 'text/event-stream',
        ...(this.#token !== null && { authorization: `Bearer ${this.#token}` }),
      },
      redirect: 'manual',
      signal,
    });
    const response = await this.#reach(() => fetch(request));
    await this.#check(request, response, 'text/event-stream');
    return response;
  }

  async #fetch(request: Request): Promise<Response> {
    const patience = this.#patience;
    if (patience && request.method === 'GET') {
      return this.patiently(() => this.#ask(request.clone(), patience), patience);
    }
    // Also when the answer was lost: the webserver knows what it did by the key.
    if (request.headers.has('idempotency-key')) {
      return this.patiently(() => this.#ask(request.clone()), undefined, CHANGE_PATIENCE_MS);
    }
    return this.#ask(request);
  }

  /** Again and again while what went wrong may pass. Throws the reason of the abort after it. */
  async patiently<T>(
    work: () => Promise<T>,
    signal: AbortSignal = new AbortController().signal,
    patienceMs = PATIENCE_MS,
  ): Promise<T> {
    const until = performance.now() + patienceMs;
    let isSaid = false;
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(MOST_RETRY_MS, delay * 2)) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!mayPass(error) || performance.now() + delay > until) throw error;
        if (!isSaid) this.#say(`${this.server} is away: waiting for it`);
        isSaid = true;
      }
      await pause(delay, signal);
      signal.throwIfAborted();
    }
  }

  async #ask(request: Request, ...stops: AbortSignal[]): Promise<Response> {
    const response = await this.#reach(async () => {
      const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...stops]);
      // Who follows a redirect makes a GET of a POST, and leaves the token out.
      const answer = await fetch(request, { signal, redirect: 'manual' });
      // Whole, so that an answer that breaks off is told here.
      const body = answer.status === 204 ? null : await answer.arrayBuffer();
      return new Response(body, answer);
    });
    await this.#check(request, response, 'application/json');
    return response;
  }

  async #reach(send: () => Promise<Response>): Promise<Response> {
    try {
      return await send();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = reasonOf(cause);
      throw new PodlineError('remote.unreachable', { server: this.server, reason }, { cause });
    }
  }

  async #check(request: Request, response: Response, type: string): Promise<void> {
    const { server } = this;
    const { status } = response;
    if (status === 204) return;
    if (response.ok && response.headers.get('content-type')?.startsWith(type)) return;
    if (status >= 300 && status < 400) {
      const location = response.headers.get('location') ?? '';
      throw new PodlineError('remote.moved', movedTo({ server, status, location }, request));
    }
    const problem = response.ok ? {} : await problemOf(response);
    if (status === 401 && problem.code === 'auth.needed') {
      const reason =
        this.#token === null
          ? 'wants an API token'
          : 'does not take this API token: it is mistyped, revoked or over';
      throw new PodlineError('remote.no_token', { server, reason });
    }
    // A page of something else, or a path that only another version has.
    if (response.ok || (status === 404 && problem.code === undefined)) {
      const route = `${request.method} ${new URL(request.url).pathname}`;
      throw new PodlineError('remote.no_route', { server, route, version: VERSION });
    }
    throw toldError(server, status, problem);
  }
}

/** An address that others can listen to. */
function isOpenLine(server: string): boolean {
  const { protocol, hostname } = new URL(server);
  const isHere = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isHere;
}

/** The address to use is what stands before the path that was asked for; a page to sign in has another path. */
function movedTo(
  moved: { server: string; status: number; location: string },
  { url }: Request,
): { server: string; status: number; location: string; address: string } {
  const to = URL.parse(moved.location, url);
  const path = url.slice(moved.server.length);
  const isSamePath = to !== null && to.href.endsWith(path);
  return { ...moved, address: isSamePath ? to.href.slice(0, -path.length) : (to?.origin ?? '') };
}

function mayPass(error: unknown): boolean {
  return error instanceof PodlineError && ERRORS[error.code].retryable;
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `nothing came for ${ANSWER_MS / 1000} s`;
  }
  // Of several addresses that were tried the errors have no words together.
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
