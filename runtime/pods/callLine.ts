/**
 * Calls that wait for their turn (pure): kills before creates before cleanups, namespaces of one kind in turns, so
 * that a namespace with 10,000 pods to make does not hold up its neighbour. Used by apiQueue.ts.
 */

export const CALL_KINDS = ['kill', 'create', 'cleanup'] as const;
export type ApiCallKind = (typeof CALL_KINDS)[number];

export interface WaitingCall {
  kind: ApiCallKind;
  namespace: string;
}

/** Each so many calls the last kind goes first: creates without end must not keep every finished pod. */
const TURN_OF_THE_LAST = 8;

export class CallLine<C extends WaitingCall> {
  readonly #lines: Record<ApiCallKind, Map<string, C[]>> = {
    kill: new Map(),
    create: new Map(),
    cleanup: new Map(),
  };
  #size = 0;
  #taken = 0;

  get size(): number {
    return this.#size;
  }

  push(call: C): void {
    const line = this.#lines[call.kind];
    const calls = line.get(call.namespace);
    if (calls) calls.push(call);
    else line.set(call.namespace, [call]);
    this.#size++;
  }

  /** The next one, of a namespace that may go on. */
  take(mayGo: (kind: ApiCallKind, namespace: string) => boolean): C | undefined {
    const turn = (this.#taken + 1) % TURN_OF_THE_LAST === 0;
    const kinds = turn ? CALL_KINDS.toReversed() : CALL_KINDS;
    for (const kind of kinds) {
      const line = this.#lines[kind];
      for (const [namespace, calls] of line) {
        if (!mayGo(kind, namespace)) continue;
        const call = calls.shift();
        // To the end of the line of namespaces.
        line.delete(namespace);
        if (calls.length > 0) line.set(namespace, calls);
        if (call === undefined) continue;
        this.#size--;
        this.#taken++;
        return call;
      }
    }
    return undefined;
  }

  clear(): void {
    for (const kind of CALL_KINDS) this.#lines[kind].clear();
    this.#size = 0;
  }
}
