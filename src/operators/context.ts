/** What the body of a typescript task can use beside its inputs. Made by the worker. */
import type { Json, JsonObject } from '../plan/plan.ts';

/** A connection that the task declared, with its secrets. */
export interface ConnectionValue {
  id: string;
  type: string;
  host?: string;
  port?: number;
  login?: string;
  password?: string;
  /** Database, bucket or similar. */
  schema?: string;
  extra: JsonObject;
  uri: string;
}

export interface TaskContext<Params = JsonObject> {
  readonly dagId: string;
  readonly taskId: string;
  readonly runId: string;
  /** Index of the mapped instance, or -1. */
  readonly mapIndex: number;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  readonly params: Params;
  readonly logicalDate: Date | null;
  readonly dataIntervalStart: Date | null;
  readonly dataIntervalEnd: Date | null;
  /** Fires when the task is to stop: cancelled, timed out, or its worker ends. */
  readonly signal: AbortSignal;
  /** A connection named in `connections`. */
  connection(id: string): ConnectionValue;
  /** A variable named in `variables`. */
  variable(name: string): Json;
  /** Stores another output beside the return value; read it with `task.output.key(name)`. */
  push(key: string, value: Json): Promise<void>;
  /** An output of a task that is an input, or is named in a template, of this task. */
  pull(task: string, key?: string): Promise<Json | undefined>;
  /** Writes a line to the log of the task, as console.log does. */
  log(line: string): void;
  /** The same for every attempt of this task instance: hand it to systems that can deduplicate. */
  readonly idempotencyKey: string;
  /** W3C Trace Context of the attempt, to hang spans of your own below it. Null where traces are off. */
  readonly traceparent: string | null;
}
