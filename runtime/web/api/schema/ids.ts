/** Names in paths and filters, as every route takes them. PostgreSQL takes no NUL, people no control characters. */
import { z } from 'zod';

const isPlain = (text: string): boolean => !/\p{Cc}/u.test(text);

export const Name = z.string().min(1).max(250).refine(isPlain, 'has control characters');
export const Text = z.string().min(1).max(200).refine(isPlain, 'has control characters');

export const DagPath = z.object({ dagId: Name });
export const RunPath = DagPath.extend({ runId: Name.describe('Or `latest`.') });
export const TaskPath = RunPath.extend({
  taskId: Name,
  mapIndex: z.coerce.number().int().min(-1).max(1_000_000).describe('-1: not mapped.'),
});
export const AttemptPath = TaskPath.extend({
  number: z.coerce.number().int().min(1).max(1_000_000).describe('The first is 1.'),
});
