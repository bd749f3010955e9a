/** http: one request; a status that is not expected fails the attempt. It does not retry by itself. */
import { TaskFailure, type OperatorContext, type OperatorResult } from './operator.ts';
import { request } from './request.ts';

export async function run(context: OperatorContext): Promise<OperatorResult> {
  const { status, headers, body, expected, url } = await request(context);
  if (!expected) {
    const start = (typeof body === 'string' ? body : JSON.stringify(body)).slice(0, 500);
    throw new TaskFailure('error', `${url} answered ${status}: ${start}`);
  }
  // A cookie is a credential: it does not belong into an XCom that everybody can read.
  delete headers['set-cookie'];
  return { output: { status, headers, body } };
}
