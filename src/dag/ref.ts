/**
 * References: typed values that exist only when the DAG runs (the output of a task, one element of
 * a mapped list, a param). Authors get them from tasks and hand them to operators; the compiler
 * turns them into InputRef. The brand is a registered symbol, because the author's bundle holds its
 * own copy of this module.
 */
import type { Json } from '../plan/plan.ts';

const REF = Symbol.for('podline.ref');

export type RefSource =
  | {
      kind: 'xcom';
      dag: object;
      task: string;
      mapped: boolean;
      key: string;
      path: string[];
      optional?: true;
    }
  | { kind: 'map'; owner: object; key: string; path: string[] }
  | { kind: 'param'; dag: object; name: string };

declare const valueOf: unique symbol;

/** Keys that `at` takes for a value of type T. */
export type KeysOf<T> = unknown extends T
  ? string | number
  : Json extends T
    ? string | number
    : NonNullable<T> extends readonly unknown[]
      ? number
      : Extract<keyof NonNullable<T>, string | number>;

export type ValueAt<T, K> = unknown extends T
  ? Json
  : Json extends T
    ? Json
    : NonNullable<T> extends readonly (infer E)[]
      ? E
      : K extends keyof NonNullable<T>
        ? NonNullable<T>[K]
        : never;

export interface Ref<T = Json> {
  /** A part of the value: `fetch.output.at('rows')`, `list.at(0)`. */
  at<K extends KeysOf<T>>(key: K): Ref<ValueAt<T, K>>;
  /** Null where the value does not exist: the task was skipped, or returned less. */
  optional(): OptionalRef<T | null>;
  /** Exists in the type alone. */
  readonly [valueOf]: T;
}

/** A reference that may resolve to null. It is an input as it is and cannot be taken apart. */
export interface OptionalRef<T = Json> {
  readonly [valueOf]: T;
}

/** The output of a task: its return value, or another key that it pushed. */
export interface OutputRef<T = Json> extends Ref<T> {
  key<V = Json>(name: string): Ref<V>;
}

/** What an input may be: a reference, or a JSON value that is the same in every run. */
export type Input = Ref<unknown> | OptionalRef<unknown> | Json;
export type Inputs = { readonly [name: string]: unknown };

type Widen<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer E)[]
        ? Widen<E>[]
        : T extends object
          ? { -readonly [K in keyof T]: Widen<T[K]> }
          : T;

/** The values that the task body gets for its inputs. */
export type Resolved<I> = {
  -readonly [K in keyof I]: I[K] extends { readonly [valueOf]: infer T } ? T : Widen<I[K]>;
};

/** One element of a mapped list; a mapping is walked as { key, value }. */
export type ElementOf<T> =
  T extends Ref<infer V>
    ? ElementOfValue<V>
    : T extends readonly (infer E)[]
      ? Widen<E>
      : T extends object
        ? { key: string; value: Widen<T[keyof T]> }
        : Json;

type ElementOfValue<V> = unknown extends V
  ? Json
  : Json extends V
    ? Json
    : V extends readonly (infer E)[]
      ? E
      : V extends object
        ? { key: string; value: V[keyof V] }
        : Json;

class RefValue {
  readonly [REF]: RefSource;

  constructor(source: RefSource) {
    this[REF] = source;
  }

  at(key: string | number): RefValue {
    const source = this[REF];
    if (source.kind === 'param') {
      throw new TypeError(
        `params.${source.name} cannot be taken apart; read it in the task instead`,
      );
    }
    return new RefValue({ ...source, path: [...source.path, String(key)] });
  }

  optional(): RefValue {
    const source = this[REF];
    if (source.kind !== 'xcom') throw new TypeError('only the output of a task can be optional');
    return new RefValue({ ...source, optional: true });
  }

  key(name: string): RefValue {
    const source = this[REF];
    if (source.kind !== 'xcom') throw new TypeError('only the output of a task has keys');
    return new RefValue({ ...source, key: name, path: [] });
  }
}

export function makeRef<T>(source: RefSource): OutputRef<T> {
  return new RefValue(source) as unknown as OutputRef<T>;
}

export function refSource(value: unknown): RefSource | undefined {
  return typeof value === 'object' && value !== null && REF in value
    ? (value as { [REF]: RefSource })[REF]
    : undefined;
}
