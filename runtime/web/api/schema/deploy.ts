/** What the API takes and answers where DAGs are deployed. */
import { z } from 'zod';
import { Flag } from './ids.ts';

export const DeployQuery = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'has other characters than letters, digits, "_", "-", "."')
    .describe('Whose DAGs these are: they are managed by `api:NAME` from now on.'),
  dryRun: Flag.default(false).describe('Only say what would change.'),
});

/** The bytes as they came; in the document, a file. */
export const Archive = z
  .custom<Buffer>((body) => Buffer.isBuffer(body), 'is no archive')
  .meta({ type: 'string', format: 'binary', description: 'What `podline build --out` wrote.' });

export const Deployed = z
  .object({
    managedBy: z.string(),
    dryRun: z.boolean(),
    dags: z.array(
      z.object({
        dagId: z.string(),
        change: z.enum(['new', 'changed', 'unchanged', 'removed']),
        changes: z.array(z.string()).describe('What is different, in words.'),
        version: z
          .int()
          .nullable()
          .describe('That new runs start on; null: not known before it is done, or removed.'),
      }),
    ),
  })
  .meta({ id: 'Deployed' });
