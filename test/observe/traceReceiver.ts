/** Receives OTLP over HTTP as a collector does, keeps every span, and can be made to refuse. For tests of traces. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  /** Flat. */
  attributes: Record<string, unknown>;
  status: { code?: number; message?: string };
  links: { traceId: string; spanId: string }[];
  resource: Record<string, unknown>;
}

interface Value {
  stringValue?: string;
  intValue?: number;
  arrayValue?: { values: Value[] };
}
type Attributes = { key: string; value: Value }[];
interface Request {
  resourceSpans: {
    resource: { attributes: Attributes };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attributes })[] }[];
  }[];
}

export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly headers: IncomingHttpHeaders[] = [];
  /** What it answers. */
  status = 200;
  requests = 0;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests += 1;
        this.headers.push(request.headers);
        const isTraces = request.method === 'POST' && request.url === '/v1/traces';
        const status = isTraces ? this.status : 404;
        if (status === 200) {
          const body = Buffer.concat(chunks);
          const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
          this.#take(JSON.parse(text.toString()) as Request);
        }
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
        for (const look of this.#waiting) look();
      });
    });
  }

  static async open(port = 0): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Resolves after the request that makes it true. */
  until(isThere: (receiver: this) => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (done: () => void): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        done();
      };
      const look = (): void => {
        if (isThere(this)) end(resolve);
      };
      const timer = setTimeout(() => {
        const seen = this.spans.map(({ name }) => name).join(', ');
        end(() => reject(new Error(`never received ${what}; only: ${seen}`)));
      }, 20_000);
      this.#waiting.add(look);
      look();
    });
  }

  /** The root span of a run, once it is there. */
  async root(runId: string, state?: string): Promise<ReceivedSpan> {
    const find = () =>
      this.spans.find(
        ({ attributes }) =>
          attributes['podline.span'] === 'run' &&
          attributes['podline.run'] === runId &&
          (state === undefined || attributes['podline.run.state'] === state),
      );
    await this.until(() => find() !== undefined, `the run ${runId}`);
    return find() as ReceivedSpan;
  }

  of(traceId: string, kind?: string): ReceivedSpan[] {
    return this.spans.filter(
      (span) =>
        span.traceId === traceId &&
        (kind === undefined || span.attributes['podline.span'] === kind),
    );
  }

  #take({ resourceSpans }: Request): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const attributes = flat(span.attributes);
        this.spans.push({ ...span, attributes, resource: flat(resource.attributes) });
      }
    }
  }
}

function flat(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: Value): unknown {
  return value.stringValue ?? value.intValue ?? value.arrayValue?.values.map(plain);
}
