/** Task instances of an installation behind a webserver: states, attempts, outputs and logs. */
import type { Json } from '../../../src/plan/plan.ts';
import type { OutputRow } from '../../database/queries/readTask.ts';
import type { Schemas } from '../../web/client/client.ts';
import type { AttemptView, InstanceKey, InstanceView, RunKey, Tasks } from '../installation.ts';
import { orNothing, pages, time, told } from './answers.ts';
import type { Connection } from './connection.ts';
import { RemoteLog } from './log.ts';

/** As the database form does: a row may be committed after a later one was seen. */
const BACK_MS = 5_000;
/** Instances that are asked for at the same time. */
const TOGETHER = 8;

type Detail = Schemas['TaskInstance'];

export function remoteTasks(connection: Connection): Tasks {
  const { api } = connection;
  const list = (
    { dagId, runId }: RunKey,
    limit: number,
    filter: { taskId?: string; mapIndex?: number; since?: string },
  ) =>
    pages(limit, (page) => {
      const params = { path: { dagId, runId }, query: { ...filter, ...page } };
      return told(api.GET('/api/v1/dags/{dagId}/runs/{runId}/tasks', { params }));
    });
  const detail = ({ dagId, runId, taskId, mapIndex }: InstanceKey): Promise<Detail> => {
    const params = { path: { dagId, runId, taskId, mapIndex } };
    const path = '/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}';
    return told(api.GET(path, { params }));
  };
  const outputText = (path: InstanceKey, key: string): Promise<string> =>
    told(
      api.GET('/api/v1/dags/{dagId}/runs/{runId}/tasks/{taskId}/{mapIndex}/xcom/download', {
        params: { path, query: { key } },
        parseAs: 'text',
      }),
    );
  const outputsOf = async ({ dagId, runId, taskId, mapIndex, xcoms }: Detail) => {
    const rows: OutputRow[] = [];
    for (const { key, value, isLong } of xcoms) {
      if (!isLong) rows.push({ mapIndex, key, value: value as Json });
      else {
        // One that was just now forgotten, because its task is to run again, is none.
        const text = await orNothing(outputText({ dagId, runId, taskId, mapIndex }, key));
        if (text !== undefined) rows.push({ mapIndex, key, value: JSON.parse(text) as Json });
      }
    }
    return rows;
  };
  return {
    async list(run, { limit, ...filter }) {
      return (await list(run, limit, filter)).map(viewOf);
    },
    async changed(run, since) {
      const from = new Date(Math.max(0, since.getTime() - BACK_MS)).toISOString();
      const rows = (await list(run, Infinity, { since: from })).map(viewOf);
      const at = ({ endedAt, startedAt }: InstanceView) => Number(endedAt ?? startedAt ?? Infinity);
      return rows.sort((a, b) => at(a) - at(b));
    },
    async count({ dagId, runId }, taskId) {
      const params = { path: { dagId, runId } };
      const { tasks } = await told(api.GET('/api/v1/dags/{dagId}/runs/{runId}/states', { params }));
      const counts = tasks.find((task) => task.taskId === taskId)?.counts;
      return counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : 1;
    },
    attempts: async (instance) => attemptsOf(await detail(instance)),
    async record({ dagId, runId }, taskId, limit) {
      const attempts: AttemptView[] = [];
      const outputs: OutputRow[] = [];
      const all = await list({ dagId, runId }, limit, { taskId });
      const begun = all.filter((one) => one.attempts > 0);
      while (begun.length > 0 && (attempts.length < limit || outputs.length < limit)) {
        const keys = begun.splice(0, TOGETHER).map(({ mapIndex }) => ({ taskId, mapIndex }));
        const details = await Promise.all(keys.map((key) => detail({ dagId, runId, ...key })));
        attempts.push(...details.flatMap(attemptsOf));
        for (const each of details) {
          if (outputs.length < limit) outputs.push(...(await outputsOf(each)));
        }
      }
      return { attempts: attempts.slice(0, limit), outputs: outputs.slice(0, limit) };
    },
    output: ({ dagId, runId, taskId, mapIndex }, key) =>
      outputText({ dagId, runId, taskId, mapIndex }, key),
    log: (attempt, container, write) =>
      Promise.resolve(new RemoteLog(connection, attempt, container, write)),
  };
}

function viewOf(task: Schemas['TaskSummary']): InstanceView {
  const { taskId, mapIndex, state, cause, operator, executor, pool, poolSlots, priority } = task;
  const { attempts, triesUsed, maxTries, host, attemptCause, exitCode, message } = task;
  return {
    ...{ taskId, mapIndex, state },
    reason: task.reason ?? '',
    ...{ cause, operator, executor, pool, poolSlots, priority, attempts, triesUsed, maxTries },
    ...{ host, attemptCause, exitCode, message },
    notBefore: time(task.notBefore),
    scheduledAt: time(task.scheduledAt),
    startedAt: time(task.startedAt),
    endedAt: time(task.endedAt),
  };
}

/** Oldest first; the webserver tells the last 50. */
function attemptsOf({ mapIndex, attemptList }: Detail): AttemptView[] {
  return attemptList
    .map((row) => {
      const { number, state, executor, host, cause, exitCode, message, logBytes } = row;
      return {
        ...{ mapIndex, number, state, executor, host, cause, exitCode, message },
        startedAt: time(row.startedAt),
        endedAt: time(row.endedAt),
        logBytes,
        facts: row.facts as Json,
      };
    })
    .reverse();
}
