/** Task instances of an installation over its database: states, attempts, outputs and logs. */
import { PodlineError } from '../../../src/errors.ts';
import type { Database } from '../../database/pool.ts';
import { readCapacity } from '../../database/queries/readRun.ts';
import {
  type InstanceRow,
  readChanged,
  readInstanceRows,
  readTaskCounts,
} from '../../database/queries/readRunTasks.ts';
import { type AttemptRow, readAttempts, readOutputs } from '../../database/queries/readTask.ts';
import { readXComText } from '../../database/queries/readXCom.ts';
import { findAttempt } from '../../database/queries/web/findAttempt.ts';
import { explainTask } from '../../explain/explain.ts';
import type { AttemptView, InstanceView, Tasks } from '../installation.ts';
import { LogReader } from './logReader.ts';
import { detailsOf } from './runs.ts';

/** Of one instance. */
const MOST_ATTEMPTS = 10_000;

export function localTasks(database: Database): Tasks {
  return {
    async list(run, given) {
      const details = await detailsOf(database, run);
      const [capacity, counts, rows] = await Promise.all([
        readCapacity(database),
        readTaskCounts(database, details.id),
        readInstanceRows(database, details, given),
      ]);
      const situation = { run: details, capacity, counts };
      return rows.map((row) => viewOf(row, explainTask(row, situation)));
    },
    changed: (run, since) => readChanged(database, run.id, since),
    async count(run, taskId) {
      const counts = await readTaskCounts(database, run.id);
      return counts.reduce((sum, one) => sum + (one.taskId === taskId ? one.count : 0), 0);
    },
    async attempts({ taskId, mapIndex, ...key }) {
      const { id } = await detailsOf(database, key);
      const given = { mapIndex, limit: MOST_ATTEMPTS };
      return (await readAttempts(database, id, taskId, given)).map(attemptOf);
    },
    async record(run, taskId, limit) {
      const [attempts, outputs] = await Promise.all([
        readAttempts(database, run.id, taskId, { limit }),
        readOutputs(database, run.id, taskId, limit),
      ]);
      return { attempts: attempts.map(attemptOf), outputs };
    },
    async output({ dagId, runId, id, ...instance }, key) {
      const text = await readXComText(database, id, { ...instance, key });
      if (text !== undefined) return text;
      const at = { task: instance.taskId, dag: dagId, run: runId };
      throw new PodlineError('not_found.xcom', { key, ...at });
    },
    async log({ number, ...key }, container, write) {
      const attempt = await findAttempt(database, { ...key, number });
      if (attempt) return new LogReader(database, attempt.id, container, write);
      throw new PodlineError('not_found.attempt', { number, task: key.taskId, run: key.runId });
    },
  };
}

function attemptOf({ id: _id, ...attempt }: AttemptRow): AttemptView {
  return attempt;
}

function viewOf(row: InstanceRow, reason: string): InstanceView {
  return {
    taskId: row.taskId,
    mapIndex: row.mapIndex,
    state: row.state,
    reason,
    cause: row.cause,
    operator: row.operator,
    executor: row.executor,
    pool: row.pool,
    poolSlots: row.poolSlots,
    priority: row.priority,
    attempts: row.attempts,
    triesUsed: row.triesUsed,
    maxTries: row.maxTries,
    host: row.host,
    attemptCause: row.attemptCause,
    exitCode: row.exitCode,
    message: row.message,
    notBefore: row.notBefore,
    scheduledAt: row.scheduledAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
  };
}
