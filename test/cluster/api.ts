/** Plain calls of a Kubernetes API with the identity of a kubeconfig. Used by the harness, its tests and the benchmarks. */
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

export interface Answer<T> {
  status: number;
  body: T;
}

/** What every object of Kubernetes has; tests name what else they look at. */
export interface KubeObject {
  metadata: { name: string; namespace?: string; uid: string; labels?: Record<string, string> };
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

export class Api {
  readonly server: string;
  readonly #options: https.RequestOptions;

  private constructor(server: string, options: https.RequestOptions) {
    this.server = server;
    this.#options = options;
  }

  static async open(kubeconfig: string): Promise<Api> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`${kubeconfig} has no current cluster`);
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { ca, cert, key, headers, rejectUnauthorized } = options;
    const agent = new https.Agent({ ca, cert, key, rejectUnauthorized, keepAlive: true });
    return new Api(server, { agent, headers });
  }

  /** The answer with any status; throws when there is none. */
  async ask<T = KubeObject>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const response = await this.open(method, path, body);
    let text = '';
    for await (const part of response.setEncoding('utf8')) text += part as string;
    return { status: response.statusCode ?? 0, body: parsed(text) as T };
  }

  /** The object; throws what the API server says. */
  async call<T = KubeObject>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.ask<T>(method, path, body);
    if (answer.status < 400) return answer.body;
    const { message } = answer.body as { message?: string };
    throw new Error(`${method} ${path}: ${answer.status} ${message}`);
  }

  /** Events of a watch, one by one, until the server ends it or the signal comes. */
  async *watch<T = KubeObject>(path: string, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const response = await this.open('GET', path, undefined, signal);
    if (response.statusCode !== 200) throw new Error(`GET ${path}: ${response.statusCode}`);
    let rest = '';
    try {
      for await (const part of response.setEncoding('utf8')) {
        const lines = (rest + (part as string)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as WatchEvent<T>;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** The response as it begins; also for logs that are followed. */
  open(
    method: string,
    path: string,
    body?: object,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = Object.assign({}, this.#options.headers, {
        'content-type': contentType(method),
        // Node leaves it out for a DELETE, whose body would then be read as the next request.
        'content-length': Buffer.byteLength(text),
      });
      const options = { ...this.#options, method, headers, signal };
      const request = https.request(new URL(path, `${this.server}/`), options, resolve);
      request.on('error', reject);
      request.end(text);
    });
  }

  close(): void {
    (this.#options.agent as https.Agent).destroy();
  }
}

/** /readyz and logs are plain text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

function contentType(method: string): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}
