/**
 * HTTP to the API of one cluster, for podClient.ts: JSON requests with a limit in time, and streams. Throws
 * ApiError. Sends again only what surely did not arrive: on a kept connection that the server had closed.
 */
import http from 'node:http';
import https from 'node:https';
import type { ClusterConfig } from './clusterConfig.ts';
import { ApiError, errorOfAnswer, errorOfNetwork } from './apiError.ts';
import { openLogin, type ClusterLogin } from './clusterLogin.ts';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  /** From the call to the last byte; of a stream to its first. Default 30 s. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;
/** A packet that gets lost on the way to a server that is away would be sent again for two minutes. */
const CONNECT_MS = 10_000;
/** An answer longer than that is no list of 500 pods. */
const MAX_BYTES = 256 * 1024 * 1024;

export class ApiConnection {
  readonly #login: ClusterLogin;
  readonly #where: string;

  static async open(cluster: ClusterConfig): Promise<ApiConnection> {
    return new ApiConnection(await openLogin(cluster), cluster.name);
  }

  constructor(login: ClusterLogin, name: string) {
    this.#login = login;
    this.#where = `the API of cluster ${name} (${login.server.host})`;
  }

  /** The parsed JSON of a success. */
  async json(request: ApiRequest): Promise<unknown> {
    const { status, body } = await this.#accepted(request, false);
    try {
      return JSON.parse(body as string);
    } catch (error) {
      const message = `${this.#where} answered with something that is no JSON`;
      throw new ApiError({ kind: 'server', status, reason: 'NotJson', message }, { cause: error });
    }
  }

  /** The body of a success as it comes; ends with an error when the connection breaks. */
  async stream(request: ApiRequest): Promise<http.IncomingMessage> {
    const { body } = await this.#accepted(request, true);
    return body as http.IncomingMessage;
  }

  /** Tokens end: the server's 401 is asked about once more, with what the login says by then. */
  async #accepted(request: ApiRequest, stream: boolean): Promise<Answer> {
    let answer = await this.#exchange(request, stream);
    if (answer.status === 401) {
      this.#login.renew();
      answer = await this.#exchange(request, stream);
    }
    const { status, headers, body } = answer;
    if (status >= 300) throw errorOfAnswer(status, body as string, headers['retry-after']);
    return answer;
  }

  dropIdle(): void {
    this.#login.dropIdle();
  }

  close(): void {
    this.#login.close();
  }

  async #exchange(request: ApiRequest, stream: boolean): Promise<Answer> {
    try {
      const access = await this.#login.access();
      const agent = stream ? access.streams : access.requests;
      const options = { ...this.#options(request), agent, headers: { ...access.headers } };
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      const once = () => exchange(options, body, stream, request);
      return await once().catch((error: unknown) => {
        if (error instanceof StaleConnection) return once();
        throw error;
      });
    } catch (error) {
      if (error instanceof NoAnswer) this.#login.dropIdle();
      const cause = error instanceof StaleConnection ? error.cause : error;
      throw errorOfNetwork(cause, `${this.#where} does not answer`);
    }
  }

  #options({ method, path, query = {} }: ApiRequest): https.RequestOptions {
    const { server } = this.#login;
    const words = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') words.set(key, String(value));
    }
    const base = server.pathname.replace(/\/$/, '');
    return {
      protocol: server.protocol,
      // URL keeps the brackets of IPv6 addresses, sockets do not want them.
      hostname: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port,
      method,
      path: `${base}${path}${words.size > 0 ? `?${words.toString()}` : ''}`,
    };
  }
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Text, or the stream of a success. */
  body: string | http.IncomingMessage;
}

class StaleConnection extends Error {}
class NoAnswer extends Error {}

function exchange(
  options: https.RequestOptions,
  body: string | undefined,
  stream: boolean,
  { timeoutMs = TIMEOUT_MS, signal }: ApiRequest,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: http.OutgoingHttpHeaders = {
      ...(options.headers as http.OutgoingHttpHeaders),
      accept: 'application/json',
      'user-agent': 'podline',
    };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = Buffer.byteLength(body);
    }
    const send = options.protocol === 'http:' ? http.request : https.request;
    const request = send({ ...options, headers, ...(signal ? { signal } : {}) });
    const timer = setTimeout(() => {
      request.destroy(new NoAnswer(`no answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    let connecting: NodeJS.Timeout | undefined;
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      connecting = setTimeout(() => {
        request.destroy(new Error(`no connection within ${CONNECT_MS / 1000} s`));
      }, CONNECT_MS);
      const secure = options.protocol === 'https:';
      socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    const done = (finish: () => void) => {
      clearTimeout(timer);
      clearTimeout(connecting);
      finish();
    };
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && /^(ECONNRESET|EPIPE)$/.test(error.code ?? '');
      done(() => reject(stale ? new StaleConnection('', { cause: error }) : error));
    });
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      if (stream && status < 300) {
        done(() => resolve({ status, headers: response.headers, body: response }));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MAX_BYTES) request.destroy(new Error(`an answer of more than ${MAX_BYTES} B`));
      });
      response.on('error', (error) => done(() => reject(error)));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        done(() => resolve({ status, headers: response.headers, body: text }));
      });
    });
    request.end(body);
  });
}
