/** The board of processes that hold the owner's connection string: schedulers and their executors. */
import type { Database } from '../database/pool.ts';
import {
  beat,
  endAttempts,
  markGone,
  registerWorker,
  unregisterWorker,
} from '../database/queries/workers.ts';
import type { WorkerBoard } from './session.ts';

export function ownerBoard(database: Database): WorkerBoard {
  return {
    register: (worker) => registerWorker(database, worker),
    beat: (workerId) => beat(database, workerId),
    markGone: (_workerId, attemptIds) => markGone(database, attemptIds),
    async endAttempts(_workerId, ends) {
      await endAttempts(database, ends);
    },
    unregister: (workerId) => unregisterWorker(database, workerId),
  };
}
