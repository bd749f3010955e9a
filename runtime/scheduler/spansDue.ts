/**
 * The ends that a tick has decided upon, as subjects of spans: attempts that reported or were killed, and runs. Pure;
 * the tick writes them down where tracing is on.
 */
import type { ClaimedRun } from '../database/queries/claimEvents.ts';
import type { SpanSubject } from '../database/queries/putSpans.ts';
import type { Applied } from './apply.ts';

export function spansDue(claimed: ClaimedRun[], applied: Applied): SpanSubject[] {
  const traced = new Map(
    claimed.filter(({ tracing }) => tracing).map(({ facts }) => [facts.id, facts.ends]),
  );
  if (traced.size === 0) return [];
  const due: SpanSubject[] = [];
  const add = (kind: SpanSubject['kind'], id: number, runId: number): void => {
    const life = traced.get(runId);
    if (life !== undefined) due.push({ kind, id, life });
  };
  for (const { facts, ended } of claimed) {
    for (const { attemptId, state } of ended) {
      // Between two looks of a sensor its attempt goes on.
      if (state !== 'waiting') add('attempt', attemptId, facts.id);
    }
  }
  for (const { id, runId } of applied.killed) add('attempt', id, runId);
  for (const id of applied.endedRuns) add('run', id, id);
  return due;
}
