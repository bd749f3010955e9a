/**
 * What an operator is to the worker: a run function that gets a context and returns a result, or
 * throws. Built-in operators and those of npm packages have this one shape; execute.ts calls them.
 */
import type { Cause } from '../../src/model/causes.ts';
import type { Json, JsonObject, PlanTask } from '../../src/plan/plan.ts';
import type { Connection } from '../../src/connections/connection.ts';

/** Facts about the attempt that an operator may use; times are ISO 8601 in UTC. */
export interface RunFacts {
  dagId: string;
  runId: string;
  kind: 'scheduled' | 'manual' | 'backfill';
  taskId: string;
  /** -1: the task is not mapped. */
  mapIndex: number;
  try: number;
  maxTries: number;
  logicalDate: string | null;
  intervalStart: string | null;
  intervalEnd: string | null;
  startedAt: string | null;
  timezone: string;
  /** W3C Trace Context: the span that spans of the task hang below. Null where traces are off. */
  traceparent: string | null;
  /** The same for every attempt of one task instance: hand it to systems that can deduplicate. */
  idempotencyKey: string;
}

export interface OperatorContext {
  task: Pick<PlanTask, 'id' | 'operator' | 'references' | 'flow' | 'sensor'>;
  /** Templates are rendered. */
  config: JsonObject;
  inputs: Record<string, Json>;
  params: JsonObject;
  /** The variables that the task declares or its templates name. */
  variables: Record<string, Json>;
  /** Environment of the task, templates rendered. */
  env: Record<string, string>;
  facts: RunFacts;
  /** Aborted when the attempt is cancelled, timed out or interrupted. */
  signal: AbortSignal;
  /** Seconds between the polite and the forced end after `signal`. */
  graceSeconds(): number;
  /** A connection that the task declares; others are refused. */
  connection(id: string): Connection;
  /** All declared connections. */
  connections: ReadonlyMap<string, Connection>;
  /** Writes one line about the work to the task's log. */
  log(line: string): void;
  /** Raw output of the task. Waiting for the promise slows a writer that is faster than the log. */
  write(source: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | undefined;
  pushXCom(key: string, value: unknown): Promise<void>;
  pullXCom(task: string, key?: string): Promise<Json | undefined>;
  /** Folder with the code and files of the DAG's bundle; undefined when the DAG has none. */
  bundleFolder(): Promise<string | undefined>;
  /** A fresh folder for this attempt, removed afterwards. */
  workFolder(): Promise<string>;
}

/** What a run function returns; nothing at all is a success without output. */
export interface OperatorResult {
  /** The XCom: plain JSON, up to 256 KB. */
  output?: unknown;
  /** Ends the task as skipped, for this reason. */
  skipped?: string;
  /** Sensors: the condition is not true yet, look again later. */
  waiting?: boolean;
  exitCode?: number;
}

export type OperatorRun = (context: OperatorContext) => Promise<OperatorResult | void>;

/** Thrown by an operator that knows why it failed. Other errors count as cause `error`. */
export class TaskFailure extends Error {
  readonly failure: Cause;
  readonly exitCode: number | undefined;

  constructor(failure: Cause, message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.name = 'TaskFailure';
    this.failure = failure;
    this.exitCode = options.exitCode;
  }
}
