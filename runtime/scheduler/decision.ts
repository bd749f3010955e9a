/**
 * What one tick decides about one run: the record that goes from the pure core (decide.ts) to the
 * database (apply.ts). And what goes in: attempts that ended, timers that fired, words of people.
 */
import type { Cause } from '../../src/model/causes.ts';
import type { TaskState } from '../../src/model/states.ts';
import type { CallbackEvent, Notification } from '../../src/plan/plan.ts';
import type { Instance } from './liveRun.ts';

/** One compare-and-set on a task instance. */
export interface Move {
  id: number;
  /** What must still hold in the database: still `none`, still waiting, still this attempt, or open. */
  expect: 'none' | 'waiting' | 'attempt' | 'any';
  attempt?: number;
  to: TaskState;
  cause?: Cause;
  /** Seconds from now until the instance is due (retry, next look). */
  delay?: number;
  /** Or the instant itself, ISO 8601. */
  at?: string;
  triesUsed?: number;
  infraUsed?: number;
  maxTries?: number;
  choice?: string[] | boolean;
  mapLength?: number;
  mapIndex?: number;
  /** Cleared by a person: forget outputs and start over. */
  reset?: boolean;
}

export interface CallbackDue {
  event: CallbackEvent;
  target: Notification;
  /** Null for a callback of the whole run. */
  instance: Instance | null;
  cause?: Cause;
  message?: string;
}

export interface Decision {
  moves: Move[];
  /** New instances of mapped tasks; ids are filled in when they are written. */
  inserts: Instance[];
  /** Instances whose attempt may no longer write; whoever started its process stops it. */
  kills: { instanceId: number; cause: Cause }[];
  run?: { state: 'success' | 'failed' | 'queued'; cause?: Cause; latestVersion?: boolean };
  callbacks: CallbackDue[];
  /** A task with dependsOnPast ended: the next run may go on. */
  wakesNextRun: boolean;
}

export interface EndedAttempt {
  instanceId: number;
  attemptId: number;
  state: 'success' | 'failed' | 'skipped' | 'waiting';
  /** Cause and outcome as they stand in the database: decide.ts reads them with care. */
  cause: string | null;
  exitCode: number | null;
  message: string | null;
  outcome: unknown;
}

export interface AttemptOutcome {
  choice?: string[] | boolean;
  delay?: number;
  hasXcom?: boolean;
  mapLength?: number;
}

export interface DueInstance {
  instanceId: number;
  /** For external_run sensors: what the awaited run looks like; null for all others. */
  external: 'success' | 'failed' | 'waiting' | 'timeout' | null;
}

/** What a person asked for. Written as an event, decided by the next tick of the run. */
export type Command =
  | { kind: 'cancel' }
  | {
      kind: 'clear';
      /** Task ids; empty = all. */
      tasks: string[];
      mapIndex?: number;
      upstream: boolean;
      downstream: boolean;
      onlyFailed: boolean;
      latestVersion: boolean;
    }
  | { kind: 'mark'; state: 'success' | 'failed'; tasks: string[]; mapIndex?: number };

export interface DecideInput {
  ended: EndedAttempt[];
  due: DueInstance[];
  commands: Command[];
  runTimedOut: boolean;
  /** The run was just read from the database: look at every task, not only at what changed. */
  fresh: boolean;
  /** 0..1, for jitter. */
  random: () => number;
  /** ISO instant of the database. */
  now: Date;
}
