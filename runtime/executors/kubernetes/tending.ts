/**
 * Tends the attempts in our charge: takes in what the database and the watches tell, asks reconcile.ts, and does what
 * it says. Everything it does may be done twice. Fed by kubernetesExecutor.ts.
 */
import type { PlanTask } from '../../../src/plan/plan.ts';
import type { PodAttempt } from '../../database/queries/pods/readPodLaunches.ts';
import type { Log } from '../../observe/log.ts';
import type { PodFacts } from '../../pods/podFacts.ts';
import { type PodLogs, wantedLogs } from '../../pods/podLogs.ts';
import { type Charge, losePod, mayComeDue, noteOf, seePod, situationOf } from './charge.ts';
import { Cleanup } from './cleanup.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Creation } from './creation.ts';
import type { Details } from './details.ts';
import { EndedLooks } from './endedLooks.ts';
import { PodIndex } from './podIndex.ts';
import type { PodMaker } from './podMaker.ts';
import { interruptionOf } from './podVerdict.ts';
import { type Action, type End, reconcile } from './reconcile.ts';
import type { Recorder } from './recorder.ts';

export interface TendingOptions {
  links: ReadonlyMap<string, ClusterLink>;
  maker: PodMaker;
  recorder: Recorder;
  details: Details;
  logs: PodLogs;
  installation: string;
  log: Log;
  /** Reads these rows and calls `take` with them. */
  read(attemptIds: number[]): void;
  /** This process was known to be in charge a moment ago. */
  mayLaunch(): boolean;
  /** Something ended or is gone. */
  onFree(): void;
}

const MOST_LOOKS = 16;
const NO_LIMITS = { startupTimeout: Infinity, imagePullGrace: Infinity };

export class Tending {
  readonly charges = new Map<number, Charge>();
  readonly index = new PodIndex();
  readonly cleanup: Cleanup;
  readonly #options: TendingOptions;
  readonly #creation: Creation;
  readonly #interrupted = new WeakSet<Charge>();
  readonly #over = new EndedLooks();
  #dirty = new Set<Charge>();
  #looks = 0;

  constructor(options: TendingOptions) {
    this.#options = options;
    const { logs, log } = options;
    this.cleanup = new Cleanup({ logs, log, onVanished: (pod) => this.vanished(pod) });
    this.#creation = new Creation({
      ...options,
      onMade: (pod) => {
        this.changed(pod);
      },
      onManifest: (launch, manifest) => {
        options.details.sent(launch, manifest);
      },
      onChange: (charge) => {
        this.#touch(charge);
      },
      onRefused: (charge, verdict) => {
        void this.#end(charge, { ...verdict, gone: true });
      },
    });
  }

  /** A row of ours, as it is now. */
  take(row: PodAttempt, adopted: boolean): void {
    const now = performance.now();
    let charge = this.charges.get(row.attemptId);
    // Read before its end was recorded: a look that is over never lives again, and must not get a second pod.
    if (row.state !== 'ended' && this.#over.has(row.attemptId, row.look)) return;
    if (!charge || charge.look < row.look) {
      charge = this.#options.maker.charge(row, now);
      charge.adopted = adopted;
      this.charges.set(row.attemptId, charge);
      const pod = this.index.get(charge);
      if (pod) this.#see(charge, pod, row.launchedSeconds);
    } else {
      if (charge.state !== 'ended' && row.state === 'ended') charge.since.over = now;
      charge.state = row.state;
      charge.gone = row.gone;
      charge.rowIsFresh = charge.pod === 'absent';
    }
    this.#touch(charge);
  }

  drop(attemptId: number): void {
    this.charges.delete(attemptId);
  }

  /** It was ended by others: a person, a timeout. */
  unwanted(charge: Charge): void {
    if (charge.state === 'ended') return;
    charge.state = 'ended';
    this.#over.add(charge.attemptId, charge.look);
    charge.gone = false;
    charge.since.over = performance.now();
    this.#touch(charge);
  }

  changed(pod: PodFacts): void {
    if (!this.index.set(pod)) return;
    const charge = this.#chargeOf(pod);
    if (!charge) return;
    this.#see(charge, pod);
    this.#touch(charge);
  }

  vanished(pod: PodFacts): void {
    this.index.delete(pod);
    this.cleanup.forget(pod);
    const charge = this.#chargeOf(pod);
    if (!charge || (typeof charge.pod === 'object' && charge.pod.uid !== pod.uid)) return;
    const link = this.#linkOf(charge);
    if (link && charge.state !== 'ended') this.#options.details.ended(charge.attemptId, link, pod);
    losePod(charge);
    charge.last = pod;
    this.#touch(charge);
  }

  /** A namespace was listed: a pod that is not in it may be newer than the list, so it is asked for by name. */
  synced(cluster: string, namespace: string, pods: ReadonlyMap<string, PodFacts>): void {
    for (const charge of this.charges.values()) {
      const isHere = charge.place.cluster === cluster && charge.place.namespace === namespace;
      if (!isHere) continue;
      if (typeof charge.pod === 'object' && !pods.has(charge.pod.uid)) {
        this.index.delete(charge.pod);
        charge.pod = 'unknown';
      }
      if (typeof charge.pod !== 'object') this.#touch(charge);
    }
  }

  /** Attempts that have a pod, or are to get one. */
  get liveCount(): number {
    let count = 0;
    for (const { state } of this.charges.values()) if (state !== 'ended') count += 1;
    return count;
  }

  /** Pods that are to be made and wait for nothing but their turn. */
  get backlog(): number {
    let count = 0;
    for (const { creating, delay } of this.charges.values()) if (creating && !delay) count += 1;
    return count;
  }

  isInCharge(pod: PodFacts): boolean {
    return this.#chargeOf(pod) !== undefined;
  }

  /** Every second: what time alone makes due. */
  sweep(): void {
    for (const charge of this.charges.values()) if (mayComeDue(charge)) this.#touch(charge);
  }

  #chargeOf(pod: PodFacts): Charge | undefined {
    const charge = pod.attemptId === null ? undefined : this.charges.get(pod.attemptId);
    return charge && this.index.isOf(charge, pod) ? charge : undefined;
  }

  #see(charge: Charge, pod: PodFacts, launchedSeconds?: number): void {
    seePod(charge, pod, performance.now(), launchedSeconds);
    this.#options.logs.follow(pod, wantedLogs(charge.direct ? charge.task : null));
  }

  #touch(charge: Charge): void {
    if (this.#dirty.size === 0) setImmediate(() => this.#settle());
    this.#dirty.add(charge);
  }

  #settle(): void {
    const dirty = this.#dirty;
    this.#dirty = new Set();
    for (const charge of dirty) {
      if (this.charges.get(charge.attemptId) !== charge) continue;
      try {
        this.#tend(charge);
      } catch (error) {
        const { attemptId } = charge;
        this.#options.log.error({ attempt: attemptId, error: String(error) }, 'attempt left alone');
      }
    }
  }

  #tend(charge: Charge): void {
    const { recorder, details } = this.#options;
    const now = performance.now();
    const link = this.#linkOf(charge);
    if (!link) {
      this.#explain(charge);
      // Nothing can be asked; but what never had a pod has none to wait for.
      const isOver = charge.state === 'ended' && !charge.gone && !charge.hadPod;
      if (isOver) void this.#gone(charge);
    }
    const situation = situationOf(charge, link?.config ?? NO_LIMITS, now);
    for (const action of reconcile(situation)) this.#perform(charge, link, action);
    this.#tellInterruption(charge);
    const note = noteOf(charge, now);
    if (note && charge.state !== 'ended') recorder.note(charge.attemptId, charge.look, note);
    const { pod } = charge;
    if (charge.waits && link && typeof pod === 'object') details.waits(charge.attemptId, link, pod);
  }

  /** Undefined: its pod is where nobody looks. What never had one is refused when it is to be made. */
  #linkOf({ place, adopted, hadPod }: Charge): ClusterLink | undefined {
    const link = this.#options.links.get(place.cluster);
    const isOutside = link && !link.watches(place.namespace);
    return isOutside && adopted && hadPod ? undefined : link;
  }

  /**
   * A worker reports by itself that it was asked to stop; why, its pod knows. One that was deleted by force may outlive
   * its pod for a moment, and report when that is absent.
   */
  #tellInterruption(charge: Charge): void {
    const { attemptId, look, pod, last, direct, state } = charge;
    const hasEnded = pod === 'absent' ? state === 'ended' : typeof pod === 'object' && pod.terminal;
    if (direct || !hasEnded || last === null || this.#interrupted.has(charge)) return;
    this.#interrupted.add(charge);
    const why = interruptionOf(last, pod === 'absent');
    if (why) void this.#options.recorder.interrupted({ attemptId, look, ...why }).catch(() => {});
  }

  /** Its cluster or namespace is not configured here (any more): whoever knows it may have it. */
  #explain(charge: Charge): void {
    if (charge.delay) return;
    const { cluster, namespace } = charge.place;
    const what = this.#options.links.has(cluster)
      ? `The namespace ${namespace} of cluster ${cluster}`
      : `The cluster ${cluster}`;
    const message = `${what} is not in the configuration of this scheduler.`;
    const fields = { attempt: charge.attemptId, cluster, namespace };
    this.#options.log.warn(fields, 'attempt waits for its cluster');
    charge.delay = { reason: 'unknown_cluster', message, since: new Date().toISOString() };
  }

  #perform(charge: Charge, link: ClusterLink | undefined, action: Action): void {
    if (action.do === 'end') return void this.#end(charge, action.end);
    if (action.do === 'running') return void this.#running(charge);
    if (action.do === 'gone') return void this.#gone(charge);
    if (action.do === 'read') {
      this.#options.read([charge.attemptId]);
      return;
    }
    if (action.do === 'forget') {
      this.drop(charge.attemptId);
      return;
    }
    // What is left needs the cluster.
    if (!link) return;
    const { pod } = charge;
    if (action.do === 'create') {
      this.#creation.begin(charge, link);
      return;
    }
    if (action.do === 'look') return void this.#look(charge, link);
    if (typeof pod !== 'object') return;
    const { details } = this.#options;
    const isWell = pod.failure === null && pod.main.exitCode === 0;
    if (!isWell) details.ended(charge.attemptId, link, pod);
    if (action.do === 'remove') {
      this.cleanup.remove(link, pod, action);
    } else {
      this.drop(charge.attemptId);
      void this.cleanup.clean(link, pod, keepOf(charge.task));
    }
  }

  async #look(charge: Charge, link: ClusterLink): Promise<void> {
    const { namespace } = charge.place;
    if (charge.looking || this.#looks >= MOST_LOOKS || !link.isSynced(namespace)) return;
    charge.looking = true;
    this.#looks += 1;
    try {
      const pod = charge.name === '' ? null : await link.client.get(namespace, charge.name);
      if (pod && this.index.isOf(charge, pod)) this.changed(pod);
      // What a watch told meanwhile is newer.
      else if (typeof charge.pod !== 'object') {
        losePod(charge);
        this.#touch(charge);
      }
    } catch {
      // Nothing is decided from silence; the next sweep asks again.
    } finally {
      charge.looking = false;
      this.#looks -= 1;
    }
  }

  async #end(charge: Charge, end: End): Promise<void> {
    if (charge.recording) return;
    charge.recording = true;
    const { attemptId, look } = charge;
    const hurry = charge.direct || charge.last?.main.exitCode !== 0;
    try {
      const reply = await this.#options.recorder.end({ attemptId, look, ...end }, { hurry });
      charge.state = 'ended';
      this.#over.add(attemptId, look);
      charge.gone = reply.recorded ? end.gone : reply.gone;
      charge.since.over ??= performance.now();
      charge.launch = null;
      if (reply.recorded) {
        const { state, cause, message } = end.outcome;
        this.#options.log.info({ attempt: attemptId, state, cause, message }, 'recorded from pod');
        this.#options.onFree();
      }
    } catch (error) {
      // This process ends, and the pod tells it to another one; or the next sweep tries again.
      const fields = { attempt: attemptId, error: String(error) };
      this.#options.log.warn(fields, 'the end of an attempt is not recorded yet');
      return;
    } finally {
      charge.recording = false;
    }
    this.#touch(charge);
  }

  async #running(charge: Charge): Promise<void> {
    const { attemptId, look, pod } = charge;
    if (charge.recording) return;
    charge.recording = true;
    const host = typeof pod === 'object' ? pod.node : null;
    const isMoved = await this.#options.recorder
      .running({ attemptId, look, host })
      .catch(() => null);
    charge.recording = false;
    if (isMoved === null) return;
    if (charge.state === 'launching') charge.state = 'running';
    if (!isMoved) this.#options.read([attemptId]);
    this.#touch(charge);
  }

  async #gone(charge: Charge): Promise<void> {
    if (charge.recording) return;
    charge.recording = true;
    await this.#options.recorder.gone(charge.attemptId).then(
      () => {
        charge.gone = true;
        this.#options.onFree();
      },
      () => {},
    );
    charge.recording = false;
    this.#touch(charge);
  }
}

function keepOf(task: PlanTask | null): string | undefined {
  const keep = task?.operator === 'pod' ? task.config.keepPod : undefined;
  return typeof keep === 'string' ? keep : undefined;
}
