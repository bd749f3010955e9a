/**
 * A proxy in front of an API server that fails on demand: connections are cut or go silent, calls are answered with an
 * error, delayed, or lose their response. Opened by the harness; nothing else of the cluster is disturbed.
 *
 *   client -- bytes (cut, silence) --> front -- TLS ends here --> calls (rules) -- own TLS --> API server
 */
import { once } from 'node:events';
import fs from 'node:fs/promises';
import type http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { kubeconfig, makeAuthority, makeCertificate } from './certificates.ts';

/** Which calls: all that match everything said. */
export interface CallFilter {
  method?: string;
  path?: RegExp;
  watch?: boolean;
}

export interface Rule extends CallFilter {
  /** Of matching calls; default 1. */
  probability?: number;
  /** Ends by itself after so many calls. */
  times?: number;
  does:
    | { status: number; retryAfter?: number; reason?: string; message?: string }
    /** The API server does it, the client hears nothing but the end of the connection. */
    | 'loseResponse'
    | { delay: number };
}

export interface Call {
  method: string;
  /** With the query. */
  path: string;
  watch: boolean;
  /** Null while there is none, or when none was sent. */
  status: number | null;
  rule: boolean;
}

export class FaultProxy {
  readonly url: string;
  /** Like the one given, but through this proxy. */
  readonly kubeconfig: string;
  /** All calls so far; tests count them. */
  readonly calls: Call[] = [];
  readonly #folder: string;
  readonly #front: net.Server;
  readonly #calls: https.Server;
  readonly #upstream: https.RequestOptions;
  readonly #target: URL;
  readonly #pairs = new Map<net.Socket, net.Socket>();
  readonly #streams = new Map<http.ServerResponse, http.IncomingMessage>();
  readonly #rules: Rule[] = [];
  readonly #random: () => number;
  #mode: 'open' | 'silent' | 'refusing' = 'open';

  private constructor(
    folder: string,
    front: net.Server,
    calls: https.Server,
    upstream: https.RequestOptions,
    target: URL,
    random: () => number,
  ) {
    this.#folder = folder;
    this.#front = front;
    this.#calls = calls;
    this.#upstream = upstream;
    this.#target = target;
    this.#random = random;
    this.url = `https://127.0.0.1:${(front.address() as net.AddressInfo).port}`;
    this.kubeconfig = path.join(folder, 'kubeconfig');
    front.on('connection', (socket: net.Socket) => this.#accept(socket));
    calls.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  /** `random` decides about probabilities; give a seeded one for the same faults every time. */
  static async open(source: string, random: () => number = Math.random): Promise<FaultProxy> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-proxy-'));
    await makeAuthority(folder);
    await makeCertificate(folder, 'proxy', '/CN=proxy', ['IP:127.0.0.1']);
    const pem = (name: string) => fs.readFile(path.join(folder, name), 'utf8');
    const [authority, cert, key] = await Promise.all(['ca.crt', 'proxy.crt', 'proxy.key'].map(pem));
    const config = new KubeConfig();
    config.loadFromFile(source);
    const upstream: https.RequestOptions = {};
    await config.applyToHTTPSOptions(upstream);
    const { ca, cert: own, key: ownKey, rejectUnauthorized } = upstream;
    upstream.agent = new https.Agent({
      ca,
      cert: own,
      key: ownKey,
      rejectUnauthorized,
      keepAlive: true,
    });

    const calls = https.createServer({ cert, key, keepAliveTimeout: 0, requestTimeout: 0 });
    calls.listen(path.join(folder, 'calls.sock'));
    const front = net.createServer({ allowHalfOpen: true });
    front.listen(0, '127.0.0.1');
    await Promise.all([once(calls, 'listening'), once(front, 'listening')]);
    const target = new URL(config.getCurrentCluster()?.server ?? '');
    const proxy = new FaultProxy(folder, front, calls, upstream, target, random);
    // The proxy has the identity, so certificates of clients work too.
    const user = { token: 'the-proxy-has-the-identity' };
    const text = kubeconfig({ server: proxy.url, authority: authority ?? '', user });
    await fs.writeFile(proxy.kubeconfig, text);
    return proxy;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  /** Ends all connections, once: as a restarted server does, or (`reset`) as a firewall does. New ones are fine. */
  cut(options: { reset?: boolean } = {}): number {
    const sockets = [...this.#pairs.keys()];
    for (const socket of sockets) {
      if (options.reset) socket.resetAndDestroy();
      else socket.destroy();
    }
    return sockets.length;
  }

  /** No byte passes, in no direction, and no connection ends: a partition. New connections open and stay silent. */
  silence(): void {
    this.#mode = 'silent';
    for (const [outside, inside] of this.#pairs) {
      outside.unpipe(inside).pause();
      inside.unpipe(outside).pause();
    }
  }

  /** Connections of now pass nothing any more and do not end; new ones are fine: a firewall has forgotten them. */
  forget(): number {
    for (const [outside, inside] of this.#pairs) {
      outside.unpipe(inside).pause();
      inside.unpipe(outside).pause();
    }
    return this.#pairs.size;
  }

  /** Cuts everything and refuses new connections: the server is down. */
  refuse(): void {
    this.#mode = 'refusing';
    this.cut({ reset: true });
  }

  /** Everything passes again, also what is held back on connections that went silent; rules are gone. */
  heal(): void {
    this.#rules.length = 0;
    const silent = this.#mode === 'silent';
    this.#mode = 'open';
    if (silent) for (const [outside, inside] of this.#pairs) join(outside, inside);
  }

  /** Adds a rule; the first that matches a call decides. Returns what takes it away. */
  when(rule: Rule): () => void {
    const own = { ...rule };
    this.#rules.push(own);
    return () => {
      const index = this.#rules.indexOf(own);
      if (index >= 0) this.#rules.splice(index, 1);
    };
  }

  /** Sends the event "410 Gone" on every open watch and ends it, as an API server does that has compacted. */
  expireWatches(): number {
    const status = {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version',
    };
    const streams = [...this.#streams];
    for (const [stream, answer] of streams) {
      // What the server sends meanwhile would be written after the end.
      answer.unpipe(stream);
      stream.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`, () => {
        answer.destroy();
      });
    }
    return streams.length;
  }

  async close(): Promise<void> {
    this.cut();
    this.#front.close();
    this.#calls.close();
    this.#calls.closeAllConnections();
    (this.#upstream.agent as https.Agent).destroy();
    await fs.rm(this.#folder, { recursive: true, force: true });
  }

  #accept(outside: net.Socket): void {
    outside.on('error', () => {});
    if (this.#mode === 'refusing') {
      outside.resetAndDestroy();
      return;
    }
    const inside = net.connect({
      path: path.join(this.#folder, 'calls.sock'),
      allowHalfOpen: true,
    });
    inside.on('error', () => outside.destroy());
    this.#pairs.set(outside, inside);
    outside.on('close', () => {
      this.#pairs.delete(outside);
      inside.destroy();
    });
    inside.on('close', () => outside.destroySoon());
    if (this.#mode === 'open') join(outside, inside);
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const url = request.url ?? '/';
    const watch = /[?&]watch=(true|1)/.test(url);
    const rule = this.#ruleFor(method, url, watch);
    const call: Call = { method, path: url, watch, status: null, rule: rule !== undefined };
    this.calls.push(call);
    const does = rule?.does;
    if (typeof does === 'object' && 'status' in does) {
      request.resume();
      call.status = does.status;
      refusal(response, does);
      return;
    }
    if (typeof does === 'object') await new Promise((resolve) => setTimeout(resolve, does.delay));

    const answer = await this.#forward(request, response);
    if (does === 'loseResponse') {
      for await (const _part of answer);
      response.destroy();
      return;
    }
    call.status = answer.statusCode ?? 0;
    response.writeHead(call.status, answer.headers);
    response.flushHeaders();
    answer.on('error', () => response.destroy()).pipe(response);
    if (watch && call.status === 200) {
      this.#streams.set(response, answer);
      response.on('close', () => this.#streams.delete(response));
    }
  }

  #forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const { authorization: _, host: __, ...headers } = request.headers;
      const forwarded = https.request(new URL(request.url ?? '/', this.#target), {
        ...this.#upstream,
        method: request.method,
        headers: Object.assign(headers, this.#upstream.headers),
      });
      forwarded.on('response', resolve).on('error', reject);
      response.on('close', () => forwarded.destroy());
      request.pipe(forwarded);
    });
  }

  #ruleFor(method: string, url: string, watch: boolean): Rule | undefined {
    const rule = this.#rules.find(
      (each) =>
        (each.times === undefined || each.times > 0) &&
        (each.method === undefined || each.method === method) &&
        (each.watch === undefined || each.watch === watch) &&
        (each.path === undefined || each.path.test(url)) &&
        (each.probability === undefined || this.#random() < each.probability),
    );
    if (rule?.times !== undefined) rule.times -= 1;
    return rule;
  }
}

function join(outside: net.Socket, inside: net.Socket): void {
  outside.pipe(inside);
  inside.pipe(outside);
}

function refusal(
  response: http.ServerResponse,
  does: { status: number; retryAfter?: number; reason?: string; message?: string },
): void {
  const { status, retryAfter, reason, message } = does;
  const headers: http.OutgoingHttpHeaders = { 'content-type': 'application/json' };
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  response.writeHead(status, headers);
  response.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: status,
      reason: reason ?? REASONS[status] ?? 'Unknown',
      message: message ?? `the fault proxy answers ${status}`,
      details: retryAfter === undefined ? undefined : { retryAfterSeconds: retryAfter },
    }),
  );
}

const REASONS: Record<number, string> = {
  403: 'Forbidden',
  409: 'AlreadyExists',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
