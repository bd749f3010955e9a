/**
 * The only file that knows OpenTelemetry: hands spans to its OTLP exporter, which reads address, headers, timeout and
 * compression from the standard variables. Loaded by openTraces.ts where an address is set, and nowhere else.
 */
import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { VERSION } from '../../version.ts';
import type { Span } from './spans.ts';

/** What the exporter takes: spans that have ended. */
type Exported = Parameters<OTLPTraceExporter['export']>[0][number];

/** `lost`: the receiver will not take these whenever they are sent. */
export type Sent = { result: 'sent' } | { result: 'later' | 'lost'; error: Error };

/** ExportResultCode of its core, which is no package of ours. */
const SUCCESS = 0;

/** The answers after which the protocol lets one try again; without an answer one may, too. */
const LATER = new Set([408, 429, 502, 503, 504]);

export class TraceExporter {
  readonly #exporter = new OTLPTraceExporter();
  readonly #resource = resourceFromAttributes({
    'service.name': 'podline',
    'service.version': VERSION,
  }).merge(detectResources({ detectors: [envDetector] }));

  async send(spans: Span[]): Promise<Sent> {
    const exported = spans.map((span) => this.#exported(span));
    return new Promise((resolve) => {
      this.#exporter.export(exported, ({ code, error }) => {
        const outcome: number = code;
        if (outcome === SUCCESS) {
          resolve({ result: 'sent' });
          return;
        }
        const answer = (error as { code?: unknown } | undefined)?.code;
        const isLost = typeof answer === 'number' && !LATER.has(answer);
        const reason = error ?? new Error('no reason given');
        resolve({ result: isLost ? 'lost' : 'later', error: reason });
      });
    });
  }

  close(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #exported({ traceId, spanId, parentId, name, start, end, ...span }: Span): Exported {
    const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
    const { links = [], error, attributes } = span;
    return {
      name,
      kind: SpanKind.INTERNAL,
      spanContext: () => context,
      ...(parentId !== undefined && { parentSpanContext: { ...context, spanId: parentId } }),
      startTime: timeOf(start),
      endTime: timeOf(end),
      duration: timeOf(end - start),
      ended: true,
      status:
        error === undefined
          ? { code: SpanStatusCode.UNSET }
          : { code: SpanStatusCode.ERROR, message: error },
      attributes,
      links: links.map((link) => ({ context: { ...link, traceFlags: TraceFlags.SAMPLED } })),
      events: [],
      resource: this.#resource,
      instrumentationScope: { name: 'podline', version: VERSION },
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    };
  }
}

function timeOf(microseconds: number): HrTime {
  const seconds = Math.floor(microseconds / 1_000_000);
  return [seconds, (microseconds - seconds * 1_000_000) * 1000];
}
