/**
 * What d.task, d.map and d.group hand back to the author, and the drafts behind them that the
 * compiler reads. A handle is only an address: wiring it anywhere is checked when the DAG is compiled.
 */
import type { Operator } from '../operators/operator.ts';
import type { GroupOptions, MapOptions, Upstream } from './options.ts';
import { type OutputRef, makeRef } from './ref.ts';

const HANDLE = Symbol.for('podline.handle');

export interface TaskHandle {
  /** Full id, groups included: `clean.dedupe`. */
  readonly id: string;
  /** Lets these run before this task. For edges that `after` cannot say; returns the task. */
  after(...upstream: Upstream[]): this;
}

export interface Task<Output = unknown> extends TaskHandle {
  readonly output: OutputRef<Output>;
}

export interface GroupHandle {
  readonly id: string;
  after(...upstream: Upstream[]): this;
}

/** A group; `result` is what its build function returned. */
export interface Group<Result = unknown> extends GroupHandle {
  readonly result: Result;
}

export interface TaskDraft {
  kind: 'task';
  /** The value that dag(...) made; tells tasks of two DAGs apart. */
  dag: object;
  id: unknown;
  /** The part of the id that the author gave. */
  name: unknown;
  group?: GroupDraft;
  operator: Operator;
  options: MapOptions;
  /** Lists to map over, for d.map. */
  over?: { readonly [key: string]: unknown };
  edges: Upstream[];
  /** Where the author wrote it. */
  site: Error;
}

export interface GroupDraft {
  kind: 'group';
  dag: object;
  id: unknown;
  name: unknown;
  group?: GroupDraft;
  options: GroupOptions;
  edges: Upstream[];
  site: Error;
}

class Handle<Draft extends TaskDraft | GroupDraft> {
  readonly [HANDLE]: Draft;

  constructor(draft: Draft) {
    this[HANDLE] = draft;
  }

  get id(): string {
    return String(this[HANDLE].id);
  }

  after(...upstream: Upstream[]): this {
    this[HANDLE].edges.push(...upstream);
    return this;
  }
}

class TaskValue extends Handle<TaskDraft> {
  get output(): OutputRef<unknown> {
    const { dag, over } = this[HANDLE];
    return makeRef({
      kind: 'xcom',
      dag,
      task: this.id,
      mapped: over !== undefined,
      key: 'return_value',
      path: [],
    });
  }
}

class GroupValue extends Handle<GroupDraft> {
  readonly result: unknown;

  constructor(draft: GroupDraft, result: unknown) {
    super(draft);
    this.result = result;
  }
}

export function makeTask<Output>(draft: TaskDraft): Task<Output> {
  return new TaskValue(draft) as unknown as Task<Output>;
}

export function makeGroup<Result>(draft: GroupDraft, result: Result): Group<Result> {
  return new GroupValue(draft, result) as unknown as Group<Result>;
}

export function draftOf(value: unknown): TaskDraft | GroupDraft | undefined {
  return typeof value === 'object' && value !== null && HANDLE in value
    ? (value as { [HANDLE]: TaskDraft | GroupDraft })[HANDLE]
    : undefined;
}

/** Wires tasks and groups one after the other; a list stands for all of its members at that place. */
export function chain(...steps: (TaskHandle | GroupHandle | (TaskHandle | GroupHandle)[])[]): void {
  for (let index = 1; index < steps.length; index++) {
    const before = steps[index - 1];
    for (const step of [steps[index]].flat()) if (before && step) step.after(before);
  }
}
