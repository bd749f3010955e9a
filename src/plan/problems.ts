/**
 * Collects the mistakes of one DAG while it is compiled, so that its author sees all of them at once.
 * Each keeps, as `cause`, the error made where the author declared the thing: its stack is the place.
 */
import { type ErrorCode, PodlineError, PodlineErrors } from '../errors.ts';

type Details = ConstructorParameters<typeof PodlineError>[1];

/** A generated DAG can make the same mistake 50,000 times. */
const MOST_PROBLEMS = 100;

export class Problems {
  readonly errors: PodlineError[] = [];
  /** Name of the DAG in messages. */
  readonly dag: string;
  /** The declaration that is being looked at. */
  site: Error | undefined;

  constructor(dag: string) {
    this.dag = dag;
  }

  add(code: ErrorCode, details: Details, site: Error | undefined = this.site): void {
    if (this.errors.length >= MOST_PROBLEMS) return;
    this.errors.push(new PodlineError(code, { dag: this.dag, ...details }, { cause: site }));
  }

  option(where: string, problem: string, remedy: string): void {
    this.add('dag.bad_option', { where, problem, remedy });
  }

  throwIfAny(): void {
    if (this.errors.length > 0) throw new PodlineErrors(this.errors);
  }
}

/** A value as a message shows it: short, on one line, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string')
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value == null)
    return String(value);
  if (typeof value === 'bigint') return `${String(value).slice(0, 30)}n`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
