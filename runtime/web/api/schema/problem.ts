/** An error as the API tells it: problem+json (RFC 9457) with our code and what helps. */
import { z } from 'zod';

export const Problem = z
  .object({
    type: z.string().describe('Address of the documentation of this code, or about:blank.'),
    title: z.string(),
    status: z.int(),
    code: z.string().optional().describe('Stable code of docs/errors.md, such as `not_found.run`.'),
    detail: z.string().optional().describe('What is wrong, in words.'),
    remedy: z.string().optional().describe('What helps.'),
    details: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe('What the words were made of, such as ids; for programs.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Each bad part of the request.'),
  })
  .meta({ id: 'Problem' });
