/** Plans and their views for tests, and what differs between two views. */
import { type DagBuilder, type DagOptions, dag } from 'podline/dag';
import { planView } from '../../components/spec/planView.ts';
import { compile } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';

type Options = DagOptions<Record<never, never>>;
export type Build = (d: DagBuilder<Record<never, never>>) => unknown;

export function planOf(
  build: Build,
  options: object = {},
  files: Record<string, string> = {},
): Plan {
  return compile(dag('sales', options as Options, build), { readFile: (path) => files[path] });
}

export const viewOf = (...given: Parameters<typeof planOf>) =>
  planView({ plan: planOf(...given), source: 'sales.ts', bundle: null });

/** Paths that differ; a task that is new or gone counts as one. */
export function changedPaths(before: unknown, after: unknown, path = ''): string[] {
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (!isRecord(before) || !isRecord(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    changedPaths(before[key], after[key], path === '' ? key : `${path} ${key}`),
  );
}
