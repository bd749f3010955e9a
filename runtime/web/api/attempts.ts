/** An attempt as the API tells it: its cause and its pod in words. Pure; used by tasks.ts. */
import type { z } from 'zod';
import { isCause, isInfrastructure } from '../../../src/model/causes.ts';
import type { Json } from '../../../src/plan/plan.ts';
import type { TaskAttemptRow } from '../../database/queries/web/readTaskAttempts.ts';
import { lastFailure } from '../../explain/explain.ts';
import { explainPodWait, podPlace } from '../../explain/explainPod.ts';
import type { Attempt, Pod } from './schema/taskInstance.ts';
import { utc } from './times.ts';

export function attemptAnswer(
  row: TaskAttemptRow,
  logSources: string[],
  now: Date,
): z.input<typeof Attempt> {
  const { id: _id, cause, facts, ...same } = row;
  return {
    ...same,
    ...{ cause, facts, logSources },
    launchedAt: utc(row.launchedAt),
    startedAt: utc(row.startedAt),
    endedAt: utc(row.endedAt),
    causeWords: cause === null ? null : lastFailure({ ...row, attemptCause: cause }) || null,
    isInfrastructure: isCause(cause) && isInfrastructure(cause),
    pod: podOf(facts, now),
  };
}

function podOf(facts: Json, now: Date): z.input<typeof Pod> | null {
  const place = podPlace(facts);
  if (!place) return null;
  const { cluster, namespace, pod: name, node } = place;
  const waiting = explainPodWait(facts, now) || null;
  return {
    cluster,
    namespace,
    name,
    node,
    uid: text(facts, 'uid'),
    image: text(facts, 'image'),
    waiting,
  };
}

function text(facts: Json, name: string): string | null {
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return null;
  const value = facts[name];
  return typeof value === 'string' ? value : null;
}
