/** `podline tasks show`: attempts, causes and outputs of one task in one run. */
import type { Json } from '../../../src/plan/plan.ts';
import { lastFailure } from '../../explain/explain.ts';
import { podPlace } from '../../explain/explainPod.ts';
import { findRun, findTask } from '../find.ts';
import { age, bytes, duration, secondsBetween } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import { printInstances } from '../runs/show.ts';
import type { Session } from '../session.ts';

export async function showTask(
  session: Session,
  [dagId, runId, taskId]: readonly [string, string, string],
  { limit }: { limit: number },
): Promise<void> {
  const { output } = session;
  const installation = await session.installation();
  const { tasks } = installation;
  const run = await findRun(installation, dagId, runId);
  const { task } = await findTask(installation, run, taskId);
  const [instances, { attempts, outputs }] = await Promise.all([
    tasks.list(run, { limit, taskId }),
    tasks.record(run, taskId, limit),
  ]);
  if (output.json) {
    output.printJson({ dagId, runId: run.runId, taskId, task, instances, attempts, outputs });
    return;
  }
  printInstances(output, instances, run.now);
  if (attempts.length > 0) output.print();
  if (attempts.length > 0) {
    output.printTable(attempts, [
      { title: 'MAP', value: (row) => (row.mapIndex < 0 ? null : row.mapIndex), align: 'right' },
      { title: 'ATTEMPT', value: (row) => row.number, align: 'right' },
      { title: 'STATE', value: (row) => row.state, style: (text) => state(text, output.colours) },
      { title: 'STARTED', value: (row) => age(row.startedAt, run.now) },
      {
        title: 'TOOK',
        value: (row) => duration(secondsBetween(row.startedAt, row.endedAt, run.now)),
        align: 'right',
      },
      { title: 'EXIT', value: (row) => row.exitCode, align: 'right' },
      { title: 'WHERE', value: (row) => whereOf(row), shrink: true },
      { title: 'LOG', value: (row) => bytes(row.logBytes), align: 'right' },
      {
        title: 'CAUSE',
        value: (row) => (row.cause === null ? null : `${row.cause}: ${failureOf(row)}`),
        shrink: true,
      },
    ]);
  }
  if (outputs.length > 0) output.print();
  if (outputs.length > 0) {
    output.printTable(outputs, [
      { title: 'MAP', value: (row) => (row.mapIndex < 0 ? null : row.mapIndex), align: 'right' },
      { title: 'OUTPUT', value: (row) => row.key },
      { title: 'VALUE', value: (row) => short(JSON.stringify(row.value)), shrink: true },
    ]);
  }
}

function whereOf({ host, facts }: { host: string | null; facts: Json }): string | null {
  const place = podPlace(facts);
  if (!place) return host;
  const node = place.node === null ? '' : ` on ${place.node}`;
  return `${place.cluster}/${place.namespace}/${place.pod}${node}`;
}

function failureOf(row: { cause: string | null; exitCode: number | null; message: string | null }) {
  return lastFailure({ ...row, attemptCause: row.cause });
}

/** The whole value is in --json, and `podline tasks output` prints it. */
function short(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}… (${bytes(text.length)})`;
}
