/** What a supervisor and its runner processes say to each other over IPC. Nothing here is a secret but the token. */
import type { FinishReply } from './assignment.ts';

export type KillReason = 'cancelled' | 'timeout' | 'interrupted';

export type ToRunner =
  | {
      type: 'init';
      /** Connection string of the worker role. */
      databaseUrl: string;
      bundleCache: string;
      host: string;
      leaseSeconds: number;
      connectionsFile?: string;
    }
  | { type: 'run'; attemptId: number; token: string }
  | { type: 'kill'; attemptId: number; reason: KillReason; graceSeconds: number }
  | { type: 'exit' };

export type FromRunner =
  | { type: 'ready' }
  /** A process group was started for the attempt; the supervisor ends it should the runner die. */
  | { type: 'group'; pid: number; alive: boolean }
  | {
      type: 'ended';
      attemptId: number;
      reply: FinishReply | 'refused' | 'failed';
      state?: string;
      message?: string;
      /** False: the process keeps traces of the attempt; the supervisor replaces it. */
      reusable: boolean;
    };
