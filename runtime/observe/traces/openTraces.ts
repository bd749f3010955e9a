/**
 * Decides whether this scheduler sends traces, tells all processes on its database, and starts the sender. Without an
 * address nothing of OpenTelemetry is loaded. Called by the engine.
 */
import { type Database, openPool } from '../../database/pool.ts';
import { setTracing } from '../../database/queries/takeSpans.ts';
import type { Log } from '../log.ts';
import type { TraceConfig } from './traceConfig.ts';
import type { SpanMeter, TraceSender } from './traceSender.ts';

export interface TracesOptions {
  traces: TraceConfig;
  /** Of the engine. */
  database: Database;
  url: string;
  log: Log;
  meter?: SpanMeter;
}

export async function openTraces(options: TracesOptions): Promise<TraceSender | undefined> {
  const { traces, database, url, log, meter } = options;
  if (traces.problem !== undefined) log.warn({ problem: traces.problem }, 'traces are off');
  await setTracing(database, traces.on);
  if (!traces.on) return undefined;
  const { TraceSender } = await import('./traceSender.ts');
  const { TraceExporter } = await import('./exporter.ts');
  const own = openPool(url, { max: 1, applicationName: 'podline-traces', hot: true });
  return new TraceSender({ database: own, exporter: new TraceExporter(), log, meter });
}
