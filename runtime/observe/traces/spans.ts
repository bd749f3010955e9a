/**
 * What runs and attempts look like as spans. Pure, and without OpenTelemetry: rows in, plain records out, which
 * exporter.ts hands to it. Names of attributes are those of its conventions where it has some, else `podline.*`.
 */
import { CAUSES, isCause } from '../../../src/model/causes.ts';
import type { EndedAttemptRow } from '../../database/queries/readEndedAttempts.ts';
import type { EndedRunRow } from '../../database/queries/readEndedRuns.ts';

export interface SpanRef {
  traceId: string;
  spanId: string;
}

export interface Span {
  traceId: string;
  spanId: string;
  /** Absent for the root. */
  parentId?: string;
  name: string;
  /** Microseconds since 1970. */
  start: number;
  end: number;
  /** Why it is an error. */
  error?: string;
  attributes: Record<string, string | number | string[]>;
  /** Spans of other traces that this one goes on from. */
  links?: SpanRef[];
}

export function spanOfRun(run: EndedRunRow): Span {
  const { before, caller, cause, logicalDate } = run;
  return {
    ...rootOf(run.trace),
    name: run.dagId,
    start: Math.min(run.started, run.ended),
    end: run.ended,
    ...(run.state === 'failed' && { error: wordsOf(cause) ?? 'tasks failed' }),
    attributes: given({
      'podline.span': 'run',
      'podline.dag': run.dagId,
      'podline.run': run.runId,
      'podline.run.kind': run.kind,
      'podline.run.state': run.state,
      'podline.run.cause': cause,
      'podline.run.created': isoOf(run.created),
      'podline.dag.version': run.version,
      'podline.dag.hash': run.hash,
      'podline.dag.tags': run.tags !== null && run.tags.length > 0 ? run.tags : null,
      'podline.logical_date': logicalDate?.toISOString(),
      'error.type': run.state === 'failed' ? (cause ?? 'failed') : null,
    }),
    links: [
      ...(before === null ? [] : [rootOf(before)]),
      ...(caller === null ? [] : [callerOf(caller)]),
    ],
  };
}

/** The attempt, and below it what it waited for: its turn, and its process or pod. */
export function spansOfAttempt(attempt: EndedAttemptRow): Span[] {
  const { spanId: parentId, traceId } = rootOf(attempt.trace);
  const { scheduled, launched, claimed, ended } = attempt;
  const start = Math.min(scheduled, ended);
  const own: Span = {
    traceId,
    spanId: attempt.spans.slice(0, 16),
    parentId,
    name: attempt.taskId,
    start,
    end: ended,
    ...(attempt.state === 'failed' && {
      error: attempt.message ?? wordsOf(attempt.cause) ?? 'failed',
    }),
    attributes: attributesOf(attempt),
  };
  // What is known of a sensor that looked again is its last launch.
  if (attempt.looks > 1) return [own];
  const below = { traceId, parentId: own.spanId };
  const running = Math.min(claimed ?? ended, ended);
  const going = Math.min(launched, running);
  return [
    own,
    {
      ...{ ...below, spanId: attempt.spans.slice(16, 32), name: 'queue', start },
      end: Math.max(going, start),
      attributes: given({
        'podline.span': 'queue',
        'podline.pool': attempt.pool,
        'podline.queued': attempt.queued === null ? null : isoOf(attempt.queued),
      }),
    },
    {
      ...{ ...below, spanId: attempt.spans.slice(32, 48), name: 'launch' },
      ...{ start: going, end: running },
      attributes: { 'podline.span': 'launch', 'podline.executor': attempt.executor },
    },
  ];
}

function attributesOf(attempt: EndedAttemptRow): Span['attributes'] {
  const { facts, mapIndex, looks, cause } = attempt;
  return given({
    'podline.span': 'attempt',
    'podline.dag': attempt.dagId,
    'podline.run': attempt.runId,
    'podline.task': attempt.taskId,
    'podline.map_index': mapIndex < 0 ? null : mapIndex,
    'podline.attempt': attempt.number,
    'podline.looks': looks > 1 ? looks : null,
    'podline.operator': attempt.operator,
    'podline.executor': attempt.executor,
    'podline.pool': attempt.pool,
    'podline.outcome': attempt.state,
    'podline.cause': cause,
    'podline.exit_code': attempt.exitCode,
    'podline.message': attempt.state === 'skipped' ? attempt.message : null,
    'error.type': attempt.state === 'failed' ? (cause ?? 'failed') : null,
    'host.name': attempt.host,
    'k8s.cluster.name': fact(facts?.cluster),
    'k8s.namespace.name': fact(facts?.namespace),
    'k8s.pod.name': fact(facts?.pod),
    'k8s.node.name': fact(facts?.node),
    'container.image.name': fact(facts?.image),
  });
}

function rootOf(trace: string): SpanRef {
  return { traceId: trace.slice(0, 32), spanId: trace.slice(32, 48) };
}

function callerOf(traceparent: string): SpanRef {
  const [, traceId = '', spanId = ''] = traceparent.split('-');
  return { traceId, spanId };
}

function fact(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function wordsOf(cause: string | null): string | undefined {
  return isCause(cause) ? CAUSES[cause].says : (cause ?? undefined);
}

function isoOf(microseconds: number): string {
  return new Date(microseconds / 1000).toISOString();
}

function given(
  values: Record<string, string | number | string[] | null | undefined>,
): Span['attributes'] {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number | string[]] => {
      return entry[1] !== null && entry[1] !== undefined;
    }),
  );
}
