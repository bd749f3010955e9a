/** What the API tells of logs: texts by byte offset, so that the length of a log costs nothing. */
import { z } from 'zod';
import { Text } from './ids.ts';

export const MOST_LOG_PAGE = 1_048_576;
const MOST_OFFSET = 2 ** 50;

const Source = Text.default('task').describe('`task`, or the name of a container beside it.');

export const LogQuery = z.object({
  source: Source,
  after: z.coerce
    .number()
    .int()
    .min(-MOST_OFFSET)
    .max(MOST_OFFSET)
    .default(0)
    .describe('Byte to begin at; a negative number counts from the end.'),
  limit: z.coerce.number().int().min(1024).max(MOST_LOG_PAGE).default(262_144).describe('Bytes.'),
});

export const LogPage = z
  .object({
    source: z.string(),
    sources: z.array(z.string()),
    from: z.int().describe('Byte at which `text` begins.'),
    to: z.int().describe('Byte behind `text`: `after` of the next page.'),
    size: z.int().describe('Bytes that there are by now.'),
    isComplete: z.boolean().describe('The attempt is over: nothing follows behind `size`.'),
    text: z.string().describe('Whole lines, unless one is longer than a page. With ANSI colours.'),
  })
  .meta({ id: 'LogPage' });

export const LogStreamQuery = LogQuery.omit({ limit: true });
export const LogDownloadQuery = z.object({ source: Source });
