/** greatExpectations: checks a table, query or file with a suite of the Python package great_expectations. */
import type { JsonObject } from '../plan/plan.ts';
import type { CommonDefinition, Operator } from './operator.ts';
import { script } from './script.ts';

export interface Expectation {
  /** Name as the package writes it: `expect_column_values_to_not_be_null`. */
  type: string;
  kwargs?: JsonObject;
}

type Data =
  | { connection: string; table: string; query?: undefined; csv?: undefined }
  | { connection: string; query: string; table?: undefined; csv?: undefined }
  | { /** Path of a CSV file where the task runs. */ csv: string; connection?: undefined };

type Suite =
  | { expectations: readonly Expectation[]; file?: undefined }
  | { /** JSON file with { expectations: [...] }, relative to the DAG file. */ file: string };

export type GreatExpectationsDefinition = Data & Suite & CommonDefinition;

export interface GreatExpectationsResult {
  success: boolean;
  evaluated: number;
  failed: number;
}

/** What plain JavaScript callers may have left out or given twice. */
interface Given extends CommonDefinition {
  connection?: string;
  table?: string;
  query?: string;
  csv?: string;
  expectations?: readonly (Partial<Expectation> | undefined)[];
  file?: string;
}

/** Config in the plan: { connection?, table? | query? | csv?, expectations? | suite: { text, file } }. */
export function greatExpectations(
  definition: GreatExpectationsDefinition,
): Operator<GreatExpectationsResult> {
  const { connection, table, query, csv, expectations, file, inputs = {} }: Given = definition;
  const suite = file === undefined ? undefined : script({ file });
  const sources = [table, query, csv].filter((value) => value !== undefined).length;
  return {
    operator: 'greatExpectations',
    config: { connection, table, query, csv, expectations, suite },
    inputs,
    connections: connection === undefined ? [] : [connection],
    check: () => [
      ...(sources === 1 ? [] : ['give one of table, query or csv']),
      ...(sources === 1 && csv === undefined && connection === undefined
        ? ['table and query need a connection']
        : []),
      ...((expectations === undefined) === (file === undefined)
        ? ['give either expectations or file']
        : []),
      ...(expectations ?? []).flatMap((one, index) =>
        typeof one?.type === 'string' ? [] : [`expectations[${index}] has no type`],
      ),
    ],
  };
}
