/** What a route answers, as Fastify and the OpenAPI document want to be told. Pure; used by route.ts alone. */
import { z } from 'zod';
import { PROBLEM_TYPE } from '../../observe/httpServer.ts';
import { Problem } from './schema/problem.ts';

/** Sent by the handler itself, so its schema is for readers of the document. Without one: anything. */
export type RawAnswer = { type: string; schema?: z.ZodType } | { redirect: number };

const problem = {
  description: 'What is wrong, and what helps.',
  content: { [PROBLEM_TYPE]: { schema: Problem } },
};

export function answersOf(answer: z.ZodType | undefined, raw: RawAnswer | undefined) {
  return { ...goodAnswer(answer, raw), '4xx': problem, '5xx': problem };
}

function goodAnswer(answer: z.ZodType | undefined, raw: RawAnswer | undefined) {
  if (raw === undefined) return answer ? { 200: answer } : { 204: nothing('Done.') };
  if ('redirect' in raw) return { [raw.redirect]: nothing('On to another page.') };
  const { type, schema = z.unknown() } = raw;
  return { 200: { description: 'As it is.', content: { [type]: { schema } } } };
}

function nothing(description: string) {
  return z.undefined().describe(description);
}
