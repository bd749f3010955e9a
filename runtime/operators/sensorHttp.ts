/** sensor.http: true once the response has an expected status; while nobody answers, it is not. */
import { PodlineError } from '../../src/errors.ts';
import type { OperatorContext, OperatorResult } from './operator.ts';
import { request } from './request.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  try {
    const { expected } = await request(context);
    return { waiting: !expected };
  } catch (error) {
    if (context.signal.aborted || error instanceof PodlineError) throw error;
    context.log(error instanceof Error ? error.message : String(error));
    return { waiting: true };
  }
}
