/**
 * What a run of a random DAG must look like, as simply as it can be said: after everything that happened,
 * look at every task again and again until nothing changes. Shares no code with the scheduler.
 */
import {
  choiceOf,
  gateOf,
  INFRA_BUDGET,
  listOf,
  luckOf,
  RETRY_DELAY,
  type Shape,
} from './shape.ts';

type State =
  'none' | 'active' | 'up_for_retry' | 'success' | 'failed' | 'skipped' | 'upstream_failed';

interface Element {
  state: State;
  attempts: number;
  tries: number;
  infra: number;
  dueAt: number;
  /** Succeeded with an output. */
  hasOutput: boolean;
}

const isOver = (state: State) => !['none', 'active', 'up_for_retry'].includes(state);

export class NaiveRun {
  readonly shape: Shape;
  /** By task, by map index; a task that is not mapped has one. */
  readonly tasks: Element[][];
  /** Tasks that have become several (or none). */
  readonly expanded = new Set<number>();
  #pending: ((now: number) => void)[] = [];

  constructor(shape: Shape) {
    this.shape = shape;
    this.tasks = shape.tasks.map(() => [fresh()]);
  }

  /** Something happened that the next tick will know of. */
  ended(task: number, mapIndex: number, how: 'report' | 'died'): void {
    this.#pending.push((now) => this.#end(task, mapIndex, how, now));
  }

  timePasses(now: number): void {
    for (const element of this.tasks.flat()) {
      if (element.state !== 'up_for_retry' || element.dueAt > now) continue;
      element.dueAt = Infinity;
      this.#pending.push(() => {
        if (element.state === 'up_for_retry') element.state = 'active';
      });
    }
  }

  /** Delays count from the tick that decides them. */
  tick(now: number): void {
    for (const happen of this.#pending) happen(now);
    this.#pending = [];
    for (let changed = true; changed;) {
      changed = this.shape.tasks.some((_, at) => this.#look(at));
    }
  }

  /** The state of the whole run. */
  state(): 'running' | 'success' | 'failed' {
    if (this.tasks.flat().some(({ state }) => !isOver(state))) return 'running';
    const leaves = this.tasks.filter(
      (_, at) => !this.shape.tasks.some(({ upstream }) => upstream.includes(at)),
    );
    const isBad = ({ state }: Element) => state === 'failed' || state === 'upstream_failed';
    return leaves.flat().some(isBad) ? 'failed' : 'success';
  }

  #end(task: number, mapIndex: number, how: 'report' | 'died', now: number): void {
    const element = this.tasks[task]?.[Math.max(0, mapIndex)];
    if (!element) throw new Error(`the model has no instance ${mapIndex} of task ${task}`);
    // Fail fast may have ended it in the same tick before.
    if (isOver(element.state)) return;
    element.attempts += 1;
    if (how === 'died') {
      if (element.infra >= INFRA_BUDGET) this.#fail(element);
      else {
        element.dueAt = now + 2 ** element.infra;
        element.infra += 1;
        element.state = 'up_for_retry';
      }
      return;
    }
    const luck = luckOf(this.shape, task, mapIndex, element.attempts);
    element.tries += 1;
    if (luck === 'good') {
      element.state = 'success';
      element.hasOutput = true;
    } else if (luck === 'skip') element.state = 'skipped';
    else if (element.tries > (this.shape.tasks[task]?.retries ?? 0)) this.#fail(element);
    else {
      element.state = 'up_for_retry';
      element.dueAt = now + RETRY_DELAY;
    }
  }

  #failed = false;

  #fail(element: Element): void {
    element.state = 'failed';
    this.#failed = true;
  }

  /** True when something changed. */
  #look(at: number): boolean {
    if (this.shape.failFast && this.#failed) {
      // First everything that follows from the failure itself, then the end of all.
      const others = this.shape.tasks.some((_, other) => this.#decide(other));
      if (others) return true;
      this.#failed = false;
      for (const element of this.tasks.flat()) {
        if (element.state === 'none' || element.state === 'up_for_retry') element.state = 'skipped';
        // Whether an active one had begun only the database knows: `stopped` means either.
        if (element.state === 'active') element.state = 'failed';
      }
      return true;
    }
    return this.#decide(at);
  }

  #decide(at: number): boolean {
    const elements = this.tasks[at] ?? [];
    const spec = this.shape.tasks[at];
    if (!spec || elements.every(({ state }) => state !== 'none')) return false;
    const set = (state: State) => {
      for (const element of elements) if (element.state === 'none') element.state = state;
      return true;
    };
    if (this.#isSwitchedOff(at)) return set('skipped');
    const verdict = this.#rule(at);
    if (verdict === 'wait') return false;
    if (verdict !== 'run') return set(verdict);
    if (spec.map && !this.expanded.has(at)) {
      const length = this.#length(spec.map);
      if (length === 'wait') return false;
      if (length === 'missing') return set('upstream_failed');
      if (length === 'bad') {
        this.#failed = true;
        return set('failed');
      }
      this.expanded.add(at);
      if (length === 0) {
        this.expanded.delete(at);
        return set('skipped');
      }
      this.tasks[at] = Array.from({ length }, () => ({ ...fresh(), state: 'active' as const }));
      return true;
    }
    return set('active');
  }

  #length(map: { literal: number } | { over: number }): number | 'wait' | 'missing' | 'bad' {
    if ('literal' in map) return map.literal;
    const source = this.tasks[map.over] ?? [];
    if (source.some(({ state }) => !isOver(state))) return 'wait';
    if (this.shape.tasks[map.over]?.map) {
      return source.filter(({ hasOutput }) => hasOutput).length;
    }
    if (source[0]?.state !== 'success') return 'missing';
    return listOf(this.shape, map.over, -1) ?? 'bad';
  }

  #isSwitchedOff(at: number): boolean {
    const { tasks } = this.shape;
    const reaches = (from: number, to: number): boolean =>
      from === to ||
      tasks.some(({ upstream }, next) => upstream.includes(from) && reaches(next, to));
    return tasks.some(({ flow }, other) => {
      if (this.tasks[other]?.[0]?.state !== 'success') return false;
      if (flow === 'gate') return other !== at && reaches(other, at) && !gateOf(this.shape, other);
      if (flow !== 'branch' || !tasks[at]?.upstream.includes(other)) return false;
      return !choiceOf(this.shape, other).some((chosen) => reaches(chosen, at));
    });
  }

  /** The rules as Airflow's documentation words them. */
  #rule(at: number): 'wait' | 'run' | 'skipped' | 'upstream_failed' {
    const spec = this.shape.tasks[at];
    const above = (spec?.upstream ?? []).flatMap((up) => this.tasks[up] ?? []);
    if (!spec || above.length === 0) return 'run';
    const states = above.map(({ state }) => state);
    const allOver = states.every(isOver);
    const has = (...wanted: State[]) => states.some((state) => wanted.includes(state));
    const only = (...wanted: State[]) => states.every((state) => wanted.includes(state));
    switch (spec.rule) {
      case 'always':
        return 'run';
      case 'all_done':
      case 'all_done_setup_success':
        return allOver ? 'run' : 'wait';
      case 'all_success':
        if (has('failed', 'upstream_failed')) return 'upstream_failed';
        if (has('skipped')) return 'skipped';
        return only('success') ? 'run' : 'wait';
      case 'all_failed':
        if (has('success', 'skipped')) return 'skipped';
        return only('failed', 'upstream_failed') ? 'run' : 'wait';
      case 'all_skipped':
        if (has('success', 'failed', 'upstream_failed')) return 'skipped';
        return only('skipped') ? 'run' : 'wait';
      case 'none_skipped':
        if (has('skipped')) return 'skipped';
        return allOver ? 'run' : 'wait';
      case 'none_failed':
        if (has('failed', 'upstream_failed')) return 'upstream_failed';
        return allOver ? 'run' : 'wait';
      case 'none_failed_min_one_success':
        if (has('failed', 'upstream_failed')) return 'upstream_failed';
        if (only('skipped')) return 'skipped';
        return allOver ? 'run' : 'wait';
      case 'all_done_min_one_success':
        if (has('skipped')) return 'skipped';
        if (!allOver) return 'wait';
        return has('success') ? 'run' : 'upstream_failed';
      case 'one_success':
        if (has('success')) return 'run';
        if (!allOver) return 'wait';
        return only('skipped') ? 'skipped' : 'upstream_failed';
      case 'one_failed':
        if (has('failed', 'upstream_failed')) return 'run';
        return allOver ? 'skipped' : 'wait';
      case 'one_done':
        if (has('success', 'failed')) return 'run';
        return allOver ? 'skipped' : 'wait';
    }
  }
}

function fresh(): Element {
  return { state: 'none', attempts: 0, tries: 0, infra: 0, dueAt: Infinity, hasOutput: false };
}
