/**
 * Pages of lists: a cursor is opaque to clients and names the last row they saw, so that new rows never shift a page.
 */
import { z } from 'zod';
import { PodlineError } from '../../../../src/errors.ts';

export const PageQuery = z.object({
  cursor: z.string().max(1000).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().describe('Cursor of the next page; null on the last one.'),
  });
}

export function writeCursor(place: object): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws `request.bad_cursor` for anything that we did not write. */
export function readCursor<T>(cursor: string | undefined, shape: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new PodlineError('request.bad_cursor', {});
  }
}
