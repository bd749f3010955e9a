/** sql: statements on a PostgreSQL connection, with parameters, and the rows of the last one on request. */
import type { Input } from '../dag/ref.ts';
import { refSource } from '../dag/ref.ts';
import type { JsonObject } from '../plan/plan.ts';
import type { CommonDefinition, Operator, OutputType } from './operator.ts';
import { script, scriptProblems } from './script.ts';

type SqlSource = { sql: string; file?: undefined } | { file: string; sql?: undefined };

export type SqlDefinition = SqlSource &
  CommonDefinition & {
    /** Id of the connection. */
    connection: string;
    /** Values of $1, $2 and so on. */
    parameters?: readonly Input[];
    /** Most rows that go into the output. Default 1000. */
    limit?: number;
  };

/**
 * Config in the plan: { connection, script: { text, file? }, parameters, rows, limit }. A parameter that
 * is a reference stands there as { "$input": NAME }, and NAME is one of the task's inputs.
 */
export function sql(definition: SqlDefinition & { rows?: 'none' }): Operator<null>;
export function sql<Output>(
  definition: SqlDefinition & { rows: 'all' | 'first'; output: OutputType<Output> },
): Operator<Output>;
export function sql(definition: SqlDefinition & { rows: 'all' }): Operator<JsonObject[]>;
export function sql(definition: SqlDefinition & { rows: 'first' }): Operator<JsonObject | null>;
export function sql(definition: SqlDefinition & { rows?: 'none' | 'all' | 'first' }): Operator {
  const { connection, sql: text, file, rows = 'none', limit = 1000 } = definition;
  const inputs: Record<string, unknown> = { ...definition.inputs };
  const parameters = (definition.parameters ?? []).map((value, index) => {
    if (!refSource(value)) return value;
    const name = `parameters.${index}`;
    inputs[name] = value;
    return { $input: name };
  });
  return {
    operator: 'sql',
    config: { connection, script: script({ text, file }), parameters, rows, limit },
    inputs,
    connections: [connection],
    check: () => [
      ...scriptProblems({ text, file, name: 'sql' }),
      ...(['none', 'all', 'first'].includes(rows) ? [] : ['rows must be none, all or first']),
      ...(Number.isInteger(limit) && limit >= 1 && limit <= 100_000
        ? []
        : ['limit must be a whole number from 1 to 100000']),
    ],
  };
}
