/**
 * Where the pod of an attempt is and what it waits for, in plain words. Pure: from the facts that the executor
 * notes on the attempt, read with care because other versions may have written them. Called by explain.ts and
 * `tasks show`.
 */
import type { Json } from '../../src/plan/plan.ts';
import { duration } from './human.ts';

const WORDS: Record<string, string> = {
  scheduling: 'waits for a node',
  unschedulable: 'no node has room for its pod',
  image_pull: 'its image cannot be pulled yet',
  image_invalid: 'its image cannot be used',
  container_config: 'its container lacks something that it refers to',
  init: 'its init containers are at work',
  creating: 'its container is being made',
  quota: 'the quota of the namespace is used up',
  throttled: 'the cluster asks to slow down',
  unreachable: 'the cluster does not answer',
  unknown_cluster: 'no scheduler at work knows its cluster',
};

/** Empty when the facts say nothing about a pod. */
export function explainPodWait(facts: Json, now: Date): string {
  const waiting = member(facts, 'waiting');
  const reason = text(waiting, 'reason');
  if (reason === undefined) return '';
  const since = text(waiting, 'since');
  const message = text(waiting, 'message');
  const seconds = since === undefined ? NaN : (now.getTime() - Date.parse(since)) / 1000;
  const long = seconds >= 1 ? ` (for ${duration(Math.round(seconds))})` : '';
  const words = Object.hasOwn(WORDS, reason) ? (WORDS[reason] ?? reason) : reason;
  return `${words}${long}${message === undefined ? '' : `: ${message}`}`;
}

export interface PodPlace {
  cluster: string;
  namespace: string;
  pod: string;
  node: string | null;
}

/** Undefined for attempts that have no pod. */
export function podPlace(facts: Json): PodPlace | undefined {
  const pod = text(facts, 'pod');
  const namespace = text(facts, 'namespace');
  if (pod === undefined || namespace === undefined) return undefined;
  const node = text(facts, 'node');
  return { cluster: text(facts, 'cluster') ?? '', namespace, pod, node: node ?? null };
}

function member(value: Json | undefined, name: string): Json | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? value[name] : undefined;
}

function text(value: Json | undefined, name: string): string | undefined {
  const found = member(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
