/**
 * The graph of a DAG's tasks as numbers: order, cycles, reachability. Everything here is a loop and not
 * a recursion, because a chain of 50,000 tasks is legal.
 */
export interface Graph {
  /** Upstream indices of each task. */
  upstream: readonly (readonly number[])[];
  downstream: readonly (readonly number[])[];
}

export function makeGraph(upstream: readonly (readonly number[])[]): Graph {
  const downstream: number[][] = upstream.map(() => []);
  upstream.forEach((list, task) => {
    for (const before of list) downstream[before]?.push(task);
  });
  return { upstream, downstream };
}

/** Tasks so that each stands after its upstreams, otherwise as declared; what is on or behind a cycle is left out. */
export function topologicalOrder({ upstream, downstream }: Graph): number[] {
  const waiting = upstream.map((list) => list.length);
  const order: number[] = [];
  waiting.forEach((count, task) => {
    if (count === 0) order.push(task);
  });
  // The list grows while it is walked.
  for (const done of order) {
    for (const task of downstream[done] ?? []) {
      const left = (waiting[task] as number) - 1;
      waiting[task] = left;
      if (left === 0) order.push(task);
    }
  }
  return order;
}

/** One cycle, as a path that ends where it starts; undefined when `order` holds every task. */
export function findCycle({ upstream }: Graph, order: readonly number[]): number[] | undefined {
  if (order.length === upstream.length) return undefined;
  const done = new Set(order);
  let task = upstream.findIndex((_list, index) => !done.has(index));
  const seenAt = new Map<number, number>();
  const path: number[] = [];
  // Every task left has an upstream that is left, so walking up must come back to a task seen before.
  while (!seenAt.has(task)) {
    seenAt.set(task, path.length);
    path.push(task);
    task = upstream[task]?.find((before) => !done.has(before)) as number;
  }
  const cycle = path.slice(seenAt.get(task)).reverse();
  // Start at the task declared first, so that the message is stable.
  const start = cycle.indexOf(Math.min(...cycle.slice(0, 50_000)));
  const rotated = [...cycle.slice(start), ...cycle.slice(0, start)];
  return [...rotated, rotated[0] as number];
}

/** Columns looked at in one pass: 128 words a task, 25 MB for 50,000 tasks. */
const BLOCK = 4096;

/**
 * A bit for each task and each column from `first` on: whether the column can be reached from the task
 * over `next`. `order` brings a task after all of its `next`. Costs edges x size / 32 operations.
 */
function sweep(
  order: readonly number[],
  next: readonly (readonly number[])[],
  first: number,
  size: number,
): Uint32Array {
  const words = Math.ceil(size / 32);
  const bits = new Uint32Array(next.length * words);
  for (const task of order) {
    const row = task * words;
    for (const neighbour of next[task] ?? []) {
      const other = neighbour * words;
      for (let word = 0; word < words; word++) {
        bits[row + word] = (bits[row + word] as number) | (bits[other + word] as number);
      }
      const column = neighbour - first;
      if (column >= 0 && column < size) {
        const word = row + (column >>> 5);
        bits[word] = (bits[word] as number) | (1 << (column & 31));
      }
    }
  }
  return bits;
}

/**
 * For each task the sum of the weights of all tasks that can be reached over `next`, each counted once.
 * `order` must bring a task after all of its `next`.
 */
export function sumReachable(
  order: readonly number[],
  next: readonly (readonly number[])[],
  weights: readonly number[],
): number[] {
  const sums = next.map(() => 0);
  // With one weight for all, counting bits is enough; that keeps a chain of 50,000 below a second.
  const [weight = 0] = weights;
  const uniform = weights.every((other) => other === weight);
  for (let first = 0; first < next.length; first += BLOCK) {
    const size = Math.min(BLOCK, next.length - first);
    const words = Math.ceil(size / 32);
    const bits = sweep(order, next, first, size);
    for (let task = 0; task < next.length; task++) {
      let sum = 0;
      for (let word = 0; word < words; word++) {
        let rest = bits[task * words + word] as number;
        if (uniform) {
          sum += weight * countBits(rest);
          continue;
        }
        while (rest !== 0) {
          const bit = 31 - Math.clz32(rest & -rest);
          sum += weights[first + word * 32 + bit] as number;
          rest &= rest - 1;
        }
      }
      sums[task] = (sums[task] as number) + sum;
    }
  }
  return sums;
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return (((fours + (fours >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Which of the pairs (task, ancestor) do not hold: `ancestor` is not upstream of `task`. */
export function notUpstream<Pair extends { task: number; ancestor: number }>(
  { upstream }: Graph,
  order: readonly number[],
  pairs: readonly Pair[],
): Pair[] {
  const open = pairs.filter(({ task, ancestor }) => !upstream[task]?.includes(ancestor));
  const wrong: Pair[] = [];
  const byBlock = new Map<number, Pair[]>();
  for (const pair of open) {
    const block = Math.floor(pair.ancestor / BLOCK);
    const members = byBlock.get(block);
    if (members) members.push(pair);
    else byBlock.set(block, [pair]);
  }
  for (const [block, members] of byBlock) {
    const first = block * BLOCK;
    const size = Math.min(BLOCK, upstream.length - first);
    const words = Math.ceil(size / 32);
    const bits = sweep(order, upstream, first, size);
    for (const pair of members) {
      const column = pair.ancestor - first;
      const word = bits[pair.task * words + (column >>> 5)] as number;
      if ((word & (1 << (column & 31))) === 0) wrong.push(pair);
    }
  }
  return wrong;
}
