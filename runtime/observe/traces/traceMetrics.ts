/** What becomes of spans. Loaded with the metrics of a scheduler where traces are on. */
import { Counter } from 'prom-client';
import type { Metrics } from '../metrics.ts';
import type { SpanMeter } from './traceSender.ts';

export function traceMetrics({ registry }: Metrics): SpanMeter {
  const registers = [registry];
  const spans = new Counter({
    name: 'podline_trace_spans_total',
    help: 'Spans that were received (`sent`) or refused for good (`lost`), and ends of attempts and runs that were given up because too many waited (`dropped`).',
    labelNames: ['result'],
    registers,
  });
  const failures = new Counter({
    name: 'podline_trace_failures_total',
    help: 'Times that spans could not be sent. They are sent later, unless they count as `lost` or `dropped`, too.',
    registers,
  });
  for (const result of ['sent', 'lost', 'dropped']) spans.inc({ result }, 0);
  return {
    counted(result, count) {
      spans.inc({ result }, count);
    },
    failed() {
      failures.inc();
    },
  };
}
