/** Names in paths, filters and bodies. PostgreSQL takes no NUL and no halves of characters, people no control characters. */
import { z } from 'zod';

const isPlain = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);

/** Not a pattern of the document: generators of clients know other dialects than ours. */
export const plain = (most: number) =>
  z.string().min(1).max(most).refine(isPlain, 'has control characters');

export const Name = plain(250);
export const Text = plain(200);

/** Of a query; more words are taken than the document needs to tell. */
export const Flag = z.stringbool().meta({ enum: ['true', 'false'] });

/** Of a query: `name=a&name=b`. */
export const several = <T extends z.ZodType>(item: T, most: number) =>
  z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(item).min(1).max(most),
  );

/** Of a version: each DAG counts its own. */
export const VersionNumber = z.coerce
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1);

export const DagPath = z.object({ dagId: Name });
export const RunPath = DagPath.extend({ runId: Name.describe('Or `latest`.') });
export const MapIndex = z.coerce.number().int().min(-1).max(1_000_000).describe('-1: not mapped.');
export const TaskPath = RunPath.extend({ taskId: Name, mapIndex: MapIndex });
export const AttemptPath = TaskPath.extend({
  number: z.coerce.number().int().min(1).max(1_000_000).describe('The first is 1.'),
});
