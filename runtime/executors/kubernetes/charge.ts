/**
 * One look of an attempt that this process is in charge of: what its row says, what is known of its pod, and since
 * when, by the clock of this process. Kept by tending.ts; `situationOf` hands it to reconcile.ts.
 */
import type { JsonObject, PlanTask } from '../../../src/plan/plan.ts';
import type { PodAttempt } from '../../database/queries/pods/readPodLaunches.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import type { PodLaunch } from '../../pods/podLaunch.ts';
import type { Situation } from './reconcile.ts';
import { isStuck } from './startupProblem.ts';

export interface PodPlace {
  cluster: string;
  namespace: string;
}

/** Why there is no pod yet. */
export interface Delay {
  reason: 'quota' | 'throttled' | 'unreachable' | 'unknown_cluster';
  message: string;
  since: string;
}

export interface Charge {
  readonly attemptId: number;
  readonly look: number;
  readonly task: PlanTask | null;
  readonly direct: boolean;
  readonly place: PodPlace;
  readonly name: string;
  /** Until the pod is made. */
  launch: PodLaunch | null;
  state: Situation['state'];
  gone: boolean;
  pod: Situation['pod'];
  last: PodFacts | null;
  rowIsFresh: boolean;
  /** A pod of it was seen, by us or by whoever was in charge before. */
  hadPod: boolean;
  /** Somebody else may have made its pod: nothing is made before all pods are known. */
  adopted: boolean;
  creating: boolean;
  created: number;
  /** Calls under way. */
  looking: boolean;
  recording: boolean;
  delay: Delay | null;
  /** The last note, to write none twice. */
  noted: string;
  /** Its pod waits for something unusual, or for long. */
  waits: boolean;
  since: { [age in keyof Situation['ages']]: number | null };
}

const DEFAULT_GRACE = 30;
/** What a pod waits for is noted when it takes longer, or is no usual step. */
const USUAL_WAIT_MS = 2_000;

export function newCharge(
  row: PodAttempt,
  pod: { place: PodPlace; name: string; look: number; task: PlanTask | null; direct: boolean },
  now: number,
): Charge {
  return {
    attemptId: row.attemptId,
    ...pod,
    launch: row.launch,
    state: row.state,
    gone: row.gone,
    pod: 'unknown',
    last: null,
    rowIsFresh: false,
    hadPod: typeof row.facts.uid === 'string' || row.claimedSeconds !== null,
    adopted: false,
    creating: false,
    created: 0,
    looking: false,
    recording: false,
    delay: null,
    noted: '',
    waits: false,
    since: {
      pod: null,
      stuck: null,
      running: row.claimedSeconds === null ? null : now - row.claimedSeconds * 1000,
      deleting: null,
      over: row.state === 'ended' ? now : null,
    },
  };
}

/** A pod of this charge was seen. `launchedSeconds` bounds the age of a pod that was there before us. */
export function seePod(charge: Charge, pod: PodFacts, now: number, launchedSeconds = 0): void {
  const { since } = charge;
  charge.pod = pod;
  charge.last = pod;
  charge.hadPod = true;
  charge.rowIsFresh = false;
  charge.delay = null;
  if (since.pod === null) {
    const age = (Date.now() - Date.parse(pod.createdAt)) / 1000;
    since.pod = now - 1000 * Math.max(0, Math.min(age, launchedSeconds));
  }
  since.stuck = isStuck(pod.waiting) ? (since.stuck ?? now) : null;
  if (pod.main.state === 'running') since.running ??= now;
  if (pod.deleting) since.deleting ??= now;
}

/** The server says that there is no such pod. */
export function losePod(charge: Charge): void {
  charge.pod = 'absent';
  charge.rowIsFresh = false;
  Object.assign(charge.since, { pod: null, stuck: null, deleting: null });
}

export function situationOf(
  charge: Charge,
  cluster: { startupTimeout: number; imagePullGrace: number },
  now: number,
): Situation {
  const { since, task } = charge;
  const age = (at: number | null) => (at === null ? null : (now - at) / 1000);
  return {
    state: charge.state,
    gone: charge.gone,
    direct: charge.direct,
    task,
    attemptId: charge.attemptId,
    pod: charge.pod,
    last: charge.last,
    rowIsFresh: charge.rowIsFresh,
    creating: charge.creating,
    created: charge.created,
    ages: {
      pod: age(since.pod),
      stuck: age(since.stuck),
      running: age(since.running),
      deleting: age(since.deleting),
      over: age(since.over),
    },
    limits: {
      startup: task?.pod?.startupTimeout ?? cluster.startupTimeout,
      imagePull: cluster.imagePullGrace,
      execution: charge.direct ? (task?.executionTimeout ?? null) : null,
      grace: task?.pod?.terminationGracePeriodSeconds ?? DEFAULT_GRACE,
    },
  };
}

/** For people (attempt.facts). Null: nothing new. */
export function noteOf(charge: Charge, now: number): JsonObject | null {
  const { place, pod, since, name } = charge;
  const facts: JsonObject = { cluster: place.cluster, namespace: place.namespace, pod: name };
  let waiting: Delay | PodFacts['waiting'] = charge.delay;
  charge.waits = false;
  if (typeof pod === 'object') {
    facts.uid = pod.uid;
    facts.node = pod.node;
    if (pod.image !== undefined) facts.image = pod.image;
    const isUsual = ['scheduling', 'creating', 'init'].includes(pod.waiting?.reason ?? '');
    if (!isUsual || now - (since.pod ?? now) >= USUAL_WAIT_MS) waiting = pod.waiting;
    charge.waits = waiting !== null;
  }
  if (waiting !== null && charge.state !== 'ended') {
    facts.waiting = { reason: waiting.reason, message: waiting.message, since: waiting.since };
  }
  const text = JSON.stringify(facts);
  if (text === charge.noted) return null;
  charge.noted = text;
  return facts;
}

/** Whether time alone may make something come due. */
export function mayComeDue({ state, pod, direct, task }: Charge): boolean {
  if (state === 'ended' || typeof pod !== 'object' || pod.deleting) return true;
  if (pod.main.state !== 'running') return true;
  return direct && task?.executionTimeout !== undefined;
}
