/** Boxes in columns from left to right along their edges; those without order among them go below one another. Pure. */
export interface Box {
  width: number;
  height: number;
}

interface Arranged extends Box {
  places: { x: number; y: number }[];
}

type Edges = readonly (readonly [number, number])[];

const GAP = { x: 56, wrapped: 22, y: 16 };
const SWEEPS = 6;
/** Columns are not higher than that, or than about the width of the whole. */
const LEAST_ROWS = 24;

export function arrange(boxes: readonly Box[], edges: Edges): Arranged {
  const before = boxes.map((): number[] => []);
  const behind = boxes.map((): number[] => []);
  for (const [from, to] of edges) {
    before[to]?.push(from);
    behind[from]?.push(to);
  }
  const layers = layersOf(before, behind);
  const at = boxes.map(() => 0);
  for (const layer of layers) number(layer, at);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    if (sweep % 2 === 0) for (const layer of layers) sortBy(layer, before, at);
    else for (const layer of layers.toReversed()) sortBy(layer, behind, at);
  }
  const rows = Math.max(LEAST_ROWS, Math.ceil(Math.sqrt(boxes.length * 2)));
  const places = boxes.map(() => ({ x: 0, y: 0 }));
  let x = 0;
  for (const layer of layers) {
    for (let from = 0; from < layer.length; from += rows) {
      const column = layer.slice(from, from + rows);
      let y = 0;
      for (const index of column) {
        const place = places[index];
        if (place) Object.assign(place, { x, y });
        y += heightOf(boxes, index) + GAP.y;
      }
      const middle = (y - GAP.y) / 2;
      for (const index of column) shift(places, index, -middle);
      const wide = Math.max(0, ...column.map((index) => boxes[index]?.width ?? 0));
      const isLast = from + rows >= layer.length;
      x += wide + (isLast ? GAP.x : GAP.wrapped);
    }
  }
  straighten(layers.filter(({ length }) => length <= rows));
  const top = places.reduce((least, { y }) => Math.min(least, y), Infinity);
  for (const place of places) place.y -= top;
  const height = places.reduce(
    (most, { y }, index) => Math.max(most, y + heightOf(boxes, index)),
    0,
  );
  return { places, width: Math.max(0, x - GAP.x), height };

  /** Moves each box towards the middle of what it hangs on, in order and without touching. */
  function straighten(columns: readonly number[][]): void {
    for (const [order, beside] of [
      [columns, before],
      [columns.toReversed(), behind],
      [columns, before],
    ] as const) {
      for (const column of order) {
        const wanted = column.map((index) => {
          const near = beside[index] ?? [];
          if (near.length === 0) return places[index]?.y ?? 0;
          const sum = near.reduce((all, one) => all + middleOf(one), 0);
          return sum / near.length - heightOf(boxes, index) / 2;
        });
        let least = -Infinity;
        let moved = 0;
        column.forEach((index, row) => {
          const y = Math.max(wanted[row] ?? 0, least);
          moved += y - (wanted[row] ?? 0);
          const place = places[index];
          if (place) place.y = y;
          least = y + heightOf(boxes, index) + GAP.y;
        });
        // Pushed down only, the column would sink: the mean stays where it was wanted.
        for (const index of column) shift(places, index, -moved / column.length);
      }
    }
  }

  function middleOf(index: number): number {
    return (places[index]?.y ?? 0) + heightOf(boxes, index) / 2;
  }
}

function heightOf(boxes: readonly Box[], index: number): number {
  return boxes[index]?.height ?? 0;
}

function shift(places: readonly { y: number }[], index: number, by: number): void {
  const place = places[index];
  if (place) place.y += by;
}

/** Each behind all that it hangs on. Edges in a circle, which groups may have, are cut where the circle is met. */
function layersOf(before: readonly number[][], behind: readonly number[][]): number[][] {
  const open = before.map(({ length }) => length);
  const depth = before.map(() => 0);
  const done = before.map(() => false);
  const ready = open.flatMap((count, index) => (count === 0 ? [index] : []));
  let next = 0;
  for (const _ of before) {
    if (ready.length === 0) {
      while (done[next]) next += 1;
      ready.push(next);
    }
    const index = ready.pop() ?? 0;
    done[index] = true;
    for (const one of behind[index] ?? []) {
      if (done[one]) continue;
      depth[one] = Math.max(depth[one] ?? 0, (depth[index] ?? 0) + 1);
      open[one] = (open[one] ?? 0) - 1;
      if (open[one] === 0) ready.push(one);
    }
  }
  const layers: number[][] = [];
  depth.forEach((layer, index) => (layers[layer] ??= []).push(index));
  return layers.filter(Boolean);
}

/** By the mean place of what each is linked to; what is linked to nothing keeps its place. */
function sortBy(layer: number[], beside: readonly number[][], at: number[]): void {
  const wanted = new Map(
    layer.map((index) => {
      const near = beside[index] ?? [];
      if (near.length === 0) return [index, at[index] ?? 0];
      return [index, near.reduce((sum, one) => sum + (at[one] ?? 0), 0) / near.length];
    }),
  );
  layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  number(layer, at);
}

/** Places from the middle of the layer, so that short and long ones compare. */
function number(layer: readonly number[], at: number[]): void {
  layer.forEach((index, row) => (at[index] = row - layer.length / 2));
}
