/**
 * dag(...): runs the author's build function and keeps what it declared. Nothing is checked here, so
 * that the compiler (src/plan/compile.ts) can report all mistakes of a DAG at once.
 */
import type { Operator } from '../operators/operator.ts';
import type {
  DagOptions,
  GroupOptions,
  MapOptions,
  ParamsDeclaration,
  ParamsOf,
  TaskOptions,
} from './options.ts';
import { type ElementOf, type Ref, makeRef } from './ref.ts';
import { registerTaskFunction } from './registry.ts';
import {
  type Group,
  type GroupDraft,
  type Task,
  type TaskDraft,
  makeGroup,
  makeTask,
} from './task.ts';

const DAG = Symbol.for('podline.dag');

export interface DagDraft {
  id: unknown;
  options: DagOptions<unknown>;
  tasks: TaskDraft[];
  groups: GroupDraft[];
  /** Set when the build function returned a promise, which is never awaited. */
  asynchronous: boolean;
  site: Error;
}

/** A declared DAG. Export it from a DAG file; `id` is also good for sensor.externalRun. */
export interface Dag<Params = unknown> {
  readonly id: string;
  readonly [paramsOfDag]?: Params;
}
declare const paramsOfDag: unique symbol;

/** Lists to map over: JSON lists, or references to lists and mappings. */
export type MapOver = { readonly [key: string]: Ref<unknown> | readonly unknown[] | object };

/** Where tasks are declared: the DAG itself, or one of its groups. */
export interface Scope<Params> {
  task<Output>(id: string, operator: Operator<Output, Params>, options?: TaskOptions): Task<Output>;
  /** One instance for each element of the lists; the output is the list of their outputs. */
  map<const Over extends MapOver, Output>(
    id: string,
    over: Over,
    make: (element: { readonly [K in keyof Over]: Ref<ElementOf<Over[K]>> }) => Operator<
      Output,
      Params
    >,
    options?: MapOptions,
  ): Task<Output[]>;
  group<Result>(
    id: string,
    build: (group: Scope<Params>) => Result,
    options?: GroupOptions,
  ): Group<Result>;
}

export interface DagBuilder<Params> extends Scope<Params> {
  readonly id: string;
  /** The value of a param, for use as an input. */
  param<Name extends keyof Params & string>(name: Name): Ref<Params[Name]>;
}

class Builder {
  readonly draft: DagDraft;
  readonly parent: GroupDraft | undefined;

  constructor(draft: DagDraft, parent?: GroupDraft) {
    this.draft = draft;
    this.parent = parent;
  }

  get id(): string {
    return String(this.draft.id);
  }

  task(id: unknown, operator: Operator, options: TaskOptions = {}): Task {
    return this.#add({ id, operator, options, site: siteOf(this.task) });
  }

  map(
    id: unknown,
    over: MapOver,
    make: (element: Record<string, Ref>) => Operator,
    options: MapOptions = {},
  ): Task {
    const site = siteOf(this.map);
    const owner = over;
    const element: Record<string, Ref> = Object.create(null) as Record<string, Ref>;
    for (const key of Object.keys(over)) {
      element[key] = makeRef({ kind: 'map', owner, key, path: [] });
    }
    return this.#add({ id, operator: make(element), options, over, site });
  }

  group(id: unknown, build: (group: Builder) => unknown, options: GroupOptions = {}): Group {
    const draft: GroupDraft = {
      kind: 'group',
      dag: this.draft,
      id: this.#fullId(id),
      name: id,
      group: this.parent,
      options,
      edges: [],
      site: siteOf(this.group),
    };
    this.draft.groups.push(draft);
    const result = build(new Builder(this.draft, draft));
    if (isPromise(result)) this.draft.asynchronous = true;
    return makeGroup(draft, result);
  }

  param(name: string): Ref {
    return makeRef({ kind: 'param', dag: this.draft, name });
  }

  #fullId(id: unknown): unknown {
    return this.parent && typeof id === 'string' ? `${String(this.parent.id)}.${id}` : id;
  }

  #add(given: Pick<TaskDraft, 'id' | 'operator' | 'options' | 'over' | 'site'>): Task {
    const draft: TaskDraft = {
      ...given,
      kind: 'task',
      dag: this.draft,
      id: this.#fullId(given.id),
      name: given.id,
      group: this.parent,
      edges: [],
    };
    this.draft.tasks.push(draft);
    const run = (given.operator as Operator | null | undefined)?.run;
    if (typeof run === 'function') registerTaskFunction(this.id, String(draft.id), run);
    return makeTask(draft);
  }
}

class DagValue {
  readonly [DAG]: DagDraft;

  constructor(draft: DagDraft) {
    this[DAG] = draft;
  }

  get id(): string {
    return String(this[DAG].id);
  }
}

export function dag<const Params extends ParamsDeclaration = Record<never, never>>(
  id: string,
  options: DagOptions<Params>,
  build: (builder: DagBuilder<ParamsOf<Params>>) => unknown,
): Dag<ParamsOf<Params>> {
  const draft: DagDraft = {
    id,
    options,
    tasks: [],
    groups: [],
    asynchronous: false,
    site: siteOf(dag),
  };
  const result = build(new Builder(draft) as unknown as DagBuilder<ParamsOf<Params>>);
  if (isPromise(result)) draft.asynchronous = true;
  return new DagValue(draft);
}

export function dagDraft(value: unknown): DagDraft | undefined {
  return typeof value === 'object' && value !== null && DAG in value
    ? (value as { [DAG]: DagDraft })[DAG]
    : undefined;
}

/** An error that is never thrown: its stack says where the author called `callee`. */
function siteOf(callee: (...input: never[]) => unknown): Error {
  const site = new Error('declared here');
  Error.captureStackTrace(site, callee);
  return site;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
