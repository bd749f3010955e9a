/**
 * greatExpectations: runs the Python package great_expectations over a CSV file, a table or a query,
 * by a small Python script of ours. A suite that fails ends the attempt with cause check_failed.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/plan/plan.ts';
import { connectionVariable } from '../../src/connections/names.ts';
import { badConfig, isObject, optionalText } from './config.ts';
import { PROGRAM } from './greatExpectationsProgram.ts';
import { type OperatorContext, type OperatorResult, TaskFailure } from './operator.ts';
import { runScript } from './script.ts';

/** Exit code of our script when the package cannot be imported. */
const NO_PACKAGE = 64;

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const spec = {
    connection: connectionOf(context) ?? null,
    table: optionalText(context, 'table') ?? null,
    query: optionalText(context, 'query') ?? null,
    csv: optionalText(context, 'csv') ?? null,
    expectations: expectationsOf(context),
  };
  const python = optionalText(context, 'python') ?? 'python3';
  const result = await runScript(
    { ...context, config: { script: { text: PROGRAM } }, inputs: { spec } },
    {
      program: python,
      args: (file) => [file],
      fileName: 'great_expectations_check.py',
      env: () => ({ PYTHONUNBUFFERED: '1', GX_ANALYTICS_ENABLED: 'false' }),
    },
  ).catch((error: unknown) => {
    if (error instanceof TaskFailure && error.exitCode === NO_PACKAGE) {
      throw new PodlineError('task.missing_program', {
        program: `Python package great_expectations (for ${python})`,
      });
    }
    throw error;
  });
  const output = result.output as JsonObject;
  if (output.success !== true) {
    throw new PodlineError('task.check_failed', { reason: describe(output) });
  }
  return { output: { success: true, evaluated: output.evaluated, failed: 0 } };
}

/** Name of the environment variable with the connection's URI: it does not go into a file. */
function connectionOf(context: OperatorContext): string | undefined {
  const id = optionalText(context, 'connection');
  if (id === undefined) return undefined;
  context.connection(id);
  return connectionVariable(id);
}

function expectationsOf(context: OperatorContext): Json[] {
  const { expectations, suite } = context.config;
  if (Array.isArray(expectations)) return expectations;
  if (!isObject(suite) || typeof suite.text !== 'string') {
    throw badConfig(context, 'it has no expectations');
  }
  const name = typeof suite.file === 'string' ? suite.file : 'the suite';
  let parsed: Json;
  try {
    parsed = JSON.parse(suite.text) as Json;
  } catch (error) {
    throw badConfig(context, `${name} is no JSON (${(error as Error).message})`);
  }
  const list = isObject(parsed) ? parsed.expectations : undefined;
  if (Array.isArray(list)) return list;
  throw badConfig(context, `${name} is no object with a list of "expectations"`);
}

function describe(output: JsonObject): string {
  const { failed, evaluated, failures } = output as {
    failed: number;
    evaluated: number;
    failures: string[];
  };
  return `${failed} of ${evaluated} expectations: ${failures.join('; ')}`;
}
