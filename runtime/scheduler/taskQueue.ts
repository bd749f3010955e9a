/**
 * The tasks to look at next, each once, upstream before downstream (positions in a plan are topological).
 * So what a tick decides follows from the states alone and not from the order in which attempts ended.
 * Used by one decision at a time (draft.ts, decide.ts).
 */
export class TaskQueue {
  readonly #members = new Set<number>();
  /** A binary heap, the smallest position first. */
  readonly #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  add(task: number): void {
    if (this.#members.has(task)) return;
    this.#members.add(task);
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] ?? 0;
      if (parent <= task) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = task;
  }

  /** The first of them, taken out. */
  take(): number | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return undefined;
    this.#members.delete(first);
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(task: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if ((heap[below + 1] ?? Infinity) < (heap[below] ?? 0)) below += 1;
      const child = heap[below] ?? 0;
      if (child >= task) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = task;
  }
}
