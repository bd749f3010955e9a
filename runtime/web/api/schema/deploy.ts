/** What the API takes and answers where DAGs are deployed. */
import { z } from 'zod';

export const DeployQuery = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'has other characters than letters, digits, "_", "-", "."')
    .describe('Whose DAGs these are: they are managed by `api:NAME` from now on.'),
  dryRun: z.stringbool().default(false).describe('Only say what would change.'),
});

export const Deployed = z
  .object({
    managedBy: z.string(),
    dryRun: z.boolean(),
    dags: z.array(
      z.object({
        dagId: z.string(),
        change: z.enum(['new', 'changed', 'unchanged', 'removed']),
        changes: z.array(z.string()).describe('What is different, in words.'),
      }),
    ),
  })
  .meta({ id: 'Deployed' });
