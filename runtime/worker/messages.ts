/** What supervisor and runner say to each other over the IPC channel ('advanced' serialization). */
import type { FinishReply, Outcome } from './assignment.ts';
import type { StopReason } from './stop.ts';

export interface InitMessage {
  type: 'init';
  /** Connection string of the worker role. */
  databaseUrl: string;
  bundleCache: string;
  host: string;
  leaseSeconds: number;
  connectionsFile?: string;
  /** Where packages with operators are resolved from. Default: the working directory. */
  projectFolder?: string;
}

export type ToRunner =
  | InitMessage
  | { type: 'run'; attemptId: number; token: string }
  | { type: 'kill'; attemptId: number; reason: StopReason; graceSeconds: number }
  /** Leave when the current attempt, if any, is done. */
  | { type: 'exit' };

export type FromRunner =
  | { type: 'ready' }
  /** A process group was started or is over; the supervisor ends it should the runner die. */
  | { type: 'group'; pid: number; alive: boolean }
  /** Claimed: from now on the runner owns the attempt. A hard deadline helps against endless loops. */
  | { type: 'started'; attemptId: number; executionTimeout?: number }
  | {
      type: 'ended';
      attemptId: number;
      reply: FinishReply | 'refused' | 'failed';
      state: Outcome['state'] | undefined;
      /** Code of the task may still run in this process: end it, then the attempt is over. */
      left?: boolean;
      /** False: replace this process. `traces` says why, in words for the log. */
      reusable: boolean;
      traces: string[];
      /** Bundle whose code this process holds; give it attempts of the same one. */
      bundleId: string | null;
    };
