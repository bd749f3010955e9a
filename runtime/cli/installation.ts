/**
 * What the commands look at and change: an installation of Podline. It has two forms that answer alike: local/ over its
 * database, remote/ through its webserver. session.ts opens one of them, and no command knows which.
 */
import type { RunState, TaskState } from '../../src/model/states.ts';
import type { JsonObject, PlanTask } from '../../src/plan/plan.ts';
import type { BackfillOptions, BackfillStep } from '../commands/backfill.ts';
import type { ClearedInstance } from '../commands/previewClear.ts';
import type { BackfillDetails } from '../database/queries/readBackfill.ts';
import type { DagDetails } from '../database/queries/readDag.ts';
import type { DagListRow } from '../database/queries/readDags.ts';
import type { PoolListRow } from '../database/queries/readPools.ts';
import type { ChangedInstance, InstanceRow } from '../database/queries/readRunTasks.ts';
import type { AttemptRow, OutputRow } from '../database/queries/readTask.ts';
import type { VariableRow } from '../database/queries/readVariables.ts';
import type { RunPageRow } from '../database/queries/web/readRunPage.ts';
import type { Command } from '../scheduler/decision.ts';

export interface Installation {
  readonly dags: Dags;
  readonly runs: Runs;
  readonly tasks: Tasks;
  readonly pools: Pools;
  readonly variables: Variables;
}

export interface Dags {
  list(filter: {
    tag?: string;
    paused?: boolean;
    inactive?: boolean;
    after?: string;
    limit: number;
  }): Promise<DagListRow[]>;
  /** Those that somebody who mistyped one may have meant. */
  ids(): Promise<string[]>;
  find(dagId: string): Promise<DagView | undefined>;
  planTasks(of: { dagId: string; version: number }): Promise<PlanTask[]>;
  /** False: it was so already. */
  setPaused(dagId: string, paused: boolean): Promise<boolean>;
  trigger(
    dagId: string,
    options: { params?: unknown; logicalDate?: string; runId?: string; note?: string },
  ): Promise<{ id: number; runId: string }>;
  /** Schedulers that are alive. */
  schedulers(): Promise<number>;
  planBackfill(dagId: string, options: BackfillOptions): Promise<BackfillPlan>;
  createBackfill(dagId: string, options: BackfillOptions): Promise<BackfillPlan & { id: number }>;
  backfill(of: { dagId: string; id: number }): Promise<BackfillDetails>;
  /** For who follows the runs of a DAG. */
  follow(dagId: string, signal: AbortSignal): Following;
}

/** Without the row id of its version: people know that by its number in the DAG. */
export type DagView = Omit<DagDetails, 'versionId'>;

export interface BackfillPlan {
  counts: Record<BackfillStep['action'], number>;
  /** Through a webserver the first 1,000. */
  steps: BackfillStep[];
}

export interface RunKey {
  dagId: string;
  runId: string;
}

export interface RunView extends RunPageRow {
  params: JsonObject;
  intervalStart: Date | null;
  intervalEnd: Date | null;
  version: number;
  isLatestVersion: boolean;
  backfillId: number | null;
  /** What it waits for or why it failed, in words. */
  reason: string;
  /** How many of its task instances are in which state. */
  counts: Partial<Record<TaskState, number>>;
  /** When this was so. */
  now: Date;
}

export type ClearChoice = Omit<Extract<Command, { kind: 'clear' }>, 'kind'>;
export type MarkChoice = Omit<Extract<Command, { kind: 'mark' }>, 'kind'>;

export interface Runs {
  list(filter: {
    dagId?: string;
    state?: RunState;
    before?: number;
    limit: number;
  }): Promise<RunPageRow[]>;
  /** `latest` is the one that was made last. */
  find(key: RunKey): Promise<RunView | undefined>;
  /** Changes answer with the state of the run after them. */
  cancel(run: RunKey): Promise<RunState>;
  clear(run: RunKey, choice: ClearChoice): Promise<Cleared & { state: RunState }>;
  planClear(run: RunKey, choice: ClearChoice): Promise<Cleared>;
  mark(run: RunKey, choice: MarkChoice): Promise<RunState>;
  /** For who follows a run: when it is time to look again. */
  follow(run: RunKey, signal: AbortSignal): Following;
}

export interface Cleared {
  count: number;
  /** As they were before; through a webserver the first 1,000. */
  instances: ClearedInstance[];
}

export interface Following {
  /** Resolves when something may be different, and at the abort of the signal. */
  change(): Promise<void>;
  end(): void;
}

/** What people are told of an instance; how it got its place is left to `reason`. */
export type InstanceView = Omit<
  InstanceRow,
  'id' | 'facts' | 'atWork' | 'capDag' | 'capRun' | 'triggerRule' | 'upstream' | 'dependsOnPast'
> & { reason: string };

export type ChangedView = Omit<ChangedInstance, 'id'>;
export type AttemptView = Omit<AttemptRow, 'id'>;

export type FoundRun = RunKey & { id: number };
export type InstanceKey = RunKey & { taskId: string; mapIndex: number };

export interface Tasks {
  /** Instances of a run in the order of the plan. */
  list(
    run: FoundRun,
    given: { limit: number; taskId?: string; mapIndex?: number },
  ): Promise<InstanceView[]>;
  /** What is at work, or ended since. */
  changed(run: FoundRun, since: Date): Promise<ChangedView[]>;
  /** Instances of one task. */
  count(run: FoundRun, taskId: string): Promise<number>;
  /** Oldest first. Through a webserver the last 50. */
  attempts(instance: InstanceKey): Promise<AttemptView[]>;
  /** Attempts and outputs of all instances of a task, at most `limit` of each. */
  record(
    run: FoundRun,
    taskId: string,
    limit: number,
  ): Promise<{ attempts: AttemptView[]; outputs: OutputRow[] }>;
  /** The JSON of one output as it is stored: numbers keep all their digits. */
  output(instance: FoundRun & InstanceKey, key: string): Promise<string>;
  /** `container`: its log alone. */
  log(
    attempt: InstanceKey & { number: number },
    container: string | undefined,
    write: (text: string, source: string) => void,
  ): Promise<LogReading>;
}

/** The log of an attempt, from its beginning on; its text goes to `write` of Tasks.log. */
export interface LogReading {
  readonly isEmpty: boolean;
  /** All that is there by now and was not read before. */
  read(): Promise<void>;
  /** From now on text comes as it is written, where that is told; who follows calls `read` all the same. */
  follow(signal: AbortSignal): void;
  /** Reads what is left; half a character is then written as it is. */
  finish(): Promise<void>;
}

export interface Pools {
  list(): Promise<PoolListRow[]>;
  /** True when it is new. */
  set(pool: { name: string; slots: number; description?: string }): Promise<boolean>;
  /** False when there is none. */
  delete(name: string): Promise<boolean>;
}

export interface Variables {
  list(given: { after?: string; limit: number }): Promise<VariableRow[]>;
  find(key: string): Promise<VariableRow | undefined>;
  set(variable: { key: string; value: VariableRow['value']; description?: string }): Promise<void>;
  /** False when there is none. */
  delete(key: string): Promise<boolean>;
}
