/** What the API answers, as types of its own schemas: a change there shows here when the pages are type-checked. */
import type { z } from 'zod';
import type * as dags from '../../../api/schema/dags.ts';
import type * as people from '../../../api/schema/people.ts';

export type Me = z.infer<typeof people.Me>;
export type DagSummary = z.infer<typeof dags.DagSummary>;
export type DagPage = z.infer<typeof dags.DagPage>;
export type RunBar = z.infer<typeof dags.RunBar>;

/** Message of GET /events. */
export interface Change {
  runs: { dagId: string; runId: string; state: string }[];
  dags: string[];
  workers: boolean;
  pools: boolean;
  buildErrors: boolean;
}
