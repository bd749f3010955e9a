/** One measured figure beside its baseline of the same run, and how the benchmarks print them. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The floor or the peer measured in the same run; null when there is none. */
  baseline: number | null;
  /** value / baseline. */
  ratio: number | null;
  /** In words: "<= 15 ms". */
  budget: string | null;
  ok: boolean | null;
  /** What the baseline is. */
  note: string;
}

export interface Budget {
  most?: number;
  least?: number;
  /** Of the ratio instead of the value. */
  ofRatio?: boolean;
}

export function figure(
  name: string,
  value: number,
  unit: string,
  baseline: number | null,
  note: string,
  budget?: Budget,
): Figure {
  const ratio = baseline === null || baseline === 0 ? null : value / baseline;
  const measured = budget?.ofRatio ? ratio : value;
  let ok: boolean | null = null;
  let words: string | null = null;
  if (budget && measured !== null) {
    const suffix = budget.ofRatio ? 'x' : ` ${unit}`;
    if (budget.most !== undefined) {
      ok = measured <= budget.most;
      words = `<= ${budget.most}${suffix}`;
    } else if (budget.least !== undefined) {
      ok = measured >= budget.least;
      words = `>= ${budget.least}${suffix}`;
    }
  }
  return {
    name,
    value: round(value),
    unit,
    baseline: round(baseline),
    ratio: round(ratio),
    budget: words,
    ok,
    note,
  };
}

function round<T extends number | null>(value: T): T {
  return (value === null ? null : Number(value.toPrecision(4))) as T;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}
