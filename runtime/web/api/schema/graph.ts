/** The graph of a version, and the grid of runs and tasks. Compact: both have to carry ten thousand tasks. */
import { z } from 'zod';
import { TASK_STATES } from '../../../../src/model/states.ts';
import { RunState, Time } from './dags.ts';
import { Name, several, VersionNumber } from './ids.ts';
import { MOST_NAMED_RUNS } from './limits.ts';
import { StateCounts } from './runs.ts';

const Marks = {
  taskId: z.string(),
  group: z.string().nullable(),
  operator: z.string(),
  isMapped: z.boolean(),
};

export const GraphQuery = z.object({
  version: VersionNumber.optional().describe('Default: the current one.'),
});

export const Graph = z
  .object({
    version: z.int(),
    nodes: z.array(
      z.object({
        ...Marks,
        description: z.string().nullable(),
        triggerRule: z.string(),
        isSensor: z.boolean(),
        isBranch: z.boolean(),
        isSetup: z.boolean(),
        isTeardown: z.boolean(),
      }),
    ),
    edges: z.array(z.tuple([z.int(), z.int()])).describe('From and to, as places in `nodes`.'),
    groups: z.array(
      z.object({ id: z.string(), label: z.string().nullable(), parent: z.string().nullable() }),
    ),
  })
  .meta({ id: 'Graph' });

export const GridQuery = z.object({
  runs: z.coerce.number().int().min(1).max(1000).default(25),
  before: z.string().max(1000).optional().describe('`next` of the answer before: older runs.'),
});

/** A character of `cells` is the place of a state in TASK_STATES, in base 36; `-`: no instance. */
export const cellOf = (place: number): string => place.toString(36);

const GridTask = z.object({ ...Marks, isGone: z.boolean().describe('Of older versions alone.') });

const GridRun = z.object({
  id: z.int().describe('Its number: newer runs have higher ones.'),
  runId: z.string(),
  state: RunState,
  kind: z.string(),
  version: z.int(),
  logicalDate: Time.nullable(),
  createdAt: Time,
  startedAt: Time.nullable(),
  endedAt: Time.nullable(),
  cells: z.string().describe('One character for each of `tasks`.'),
  mapped: z
    .record(z.string(), StateCounts)
    .describe('Of tasks with several instances, by place in `tasks`.'),
});

const order = z
  .string()
  .nullable()
  .describe(
    'Names `tasks` in this order: `/grid/runs` then tells of single runs without them. Null: too many versions.',
  );

export const Grid = z
  .object({
    states: z
      .array(z.enum(TASK_STATES))
      .describe('A character of `cells` is a place in this list, in base 36; `-`: no instance.'),
    order,
    tasks: z.array(GridTask),
    runs: z.array(GridRun).describe('Newest first.'),
    next: z.string().nullable(),
  })
  .meta({ id: 'Grid' });

export const GridRunsQuery = z.object({
  runId: several(Name, MOST_NAMED_RUNS).describe('Which runs; given once for each.'),
  order: z.string().max(8000).optional().describe('`order` of the grid that they are put into.'),
});

export const GridRuns = Grid.omit({ next: true })
  .extend({
    tasks: z
      .array(GridTask)
      .nullable()
      .describe(
        'Null: those of the grid that `order` names. Else its cells are no longer in order.',
      ),
  })
  .meta({ id: 'GridRuns' });
