/** What the API answers, as types of its own schemas: a change there shows here when the pages are type-checked. */
import type { z } from 'zod';
import type * as dags from '../../../api/schema/dags.ts';
import type * as events from '../../../api/schema/events.ts';
import type * as graph from '../../../api/schema/graph.ts';
import type * as history from '../../../api/schema/history.ts';
import type * as overview from '../../../api/schema/overview.ts';
import type * as people from '../../../api/schema/people.ts';
import type * as runs from '../../../api/schema/runs.ts';

export type Me = z.infer<typeof people.Me>;
export type Overview = z.infer<typeof overview.Overview>;
export type DagSummary = z.infer<typeof dags.DagSummary>;
export type DagPage = z.infer<typeof dags.DagPage>;
export type Dag = z.infer<typeof dags.Dag>;
export type RunBar = z.infer<typeof dags.RunBar>;
export type RunSummary = z.infer<typeof runs.RunSummary>;
export type RunPage = z.infer<typeof runs.RunPage>;
export type TaskStates = z.infer<typeof runs.TaskStates>;
export type Grid = z.infer<typeof graph.Grid>;
export type GridRuns = z.infer<typeof graph.GridRuns>;
export type Graph = z.infer<typeof graph.Graph>;
export type Calendar = z.infer<typeof history.Calendar>;
export type Durations = z.infer<typeof history.Durations>;
export type VersionPage = z.infer<typeof history.VersionPage>;
export type Version = z.infer<typeof history.Version>;
export type VersionFile = z.infer<typeof history.VersionFile>;
export type Diff = z.infer<typeof history.Diff>;
export type Change = z.infer<typeof events.Change>;
