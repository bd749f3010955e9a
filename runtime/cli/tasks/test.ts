/**
 * `podline tasks test`: one task run right here by the worker's own code, with nothing recorded. Its log goes to
 * the screen, its output is printed at the end; exit 0 unless it fails.
 */
import path from 'node:path';
import type { Json } from '../../../src/plan/plan.ts';
import { readBundleFiles } from '../../database/queries/readTrial.ts';
import { BundleCache } from '../../worker/bundleCache.ts';
import { execute } from '../../worker/execute.ts';
import { AttemptLog } from '../../worker/log.ts';
import { killAllGroups } from '../../worker/process.ts';
import { Stop } from '../../worker/stop.ts';
import { EXIT } from '../exit.ts';
import { duration } from '../../explain/human.ts';
import { state } from '../stateColour.ts';
import type { Session } from '../session.ts';
import { makeTrial, type TrialOptions } from './trial.ts';

export async function testTask(
  session: Session,
  [dagId, taskId]: readonly [string, string],
  options: TrialOptions,
): Promise<number> {
  const { output } = session;
  const signal = session.stopSignal();
  const database = await session.database();
  const { assignment, connections } = await makeTrial(session, [dagId, taskId], options);
  const stop = new Stop();
  signal.addEventListener('abort', () => stop.request('cancelled'));
  const shown: Buffer[] = [];
  // With --json the log is part of the one document.
  const restore = captureWrites((bytes) => void log.write('stdout', bytes));
  const show = (content: Buffer) => {
    if (output.json) shown.push(content);
    else restore.stdout(content);
    return Promise.resolve(true);
  };
  const log = new AttemptLog({ send: (_seq, content) => show(content), flushMs: 20 });
  const pushed: Record<string, Json> = {};
  const bundles = new BundleCache(path.join(session.config.home, 'bundles'));
  const { bundleId } = assignment;
  const started = performance.now();
  try {
    const outcome = await execute(assignment, {
      connections,
      log,
      stop,
      projectFolder: process.cwd(),
      pushXCom(key, value) {
        pushed[key] = value;
        return Promise.resolve(true);
      },
      pullXCom: (task, key) =>
        Promise.resolve(assignment.xcoms.filter((one) => one.task === task && one.key === key)),
      bundleFolder: async () =>
        bundleId === null
          ? undefined
          : bundles.folder(bundleId, () => readBundleFiles(database, bundleId)),
    });
    await show((await log.end()).content);
    restore.end();
    const { xcom, state: ended } = outcome;
    if (output.json) {
      output.printJson({
        dagId,
        taskId,
        ...outcome,
        xcom: undefined,
        output: xcom ?? null,
        pushed,
        log: Buffer.concat(shown).toString(),
      });
    } else {
      for (const [key, value] of Object.entries(pushed)) {
        output.print(`output ${key}: ${JSON.stringify(value)}`);
      }
      if (xcom !== undefined) output.print(`output: ${JSON.stringify(xcom, null, 2)}`);
      const took = duration((performance.now() - started) / 1000);
      output.print(
        `Task ${taskId}: ${state(ended, output.colours)} in ${took}. Nothing was recorded.`,
      );
    }
    return ended === 'failed' ? EXIT.failed : EXIT.ok;
  } finally {
    restore.end();
    killAllGroups();
  }
}

/** A task in TypeScript runs in this process: what it prints is its log, as in a worker. */
function captureWrites(take: (bytes: Buffer) => void) {
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: Uint8Array | string, encoding?: unknown, done?: unknown) => {
      const text = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8';
      take(typeof chunk === 'string' ? Buffer.from(chunk, text) : Buffer.from(chunk));
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback);
      return true;
    };
  }
  return {
    stdout: (bytes: Buffer) => void kept.stdout.call(process.stdout, bytes),
    end() {
      process.stdout.write = kept.stdout;
      process.stderr.write = kept.stderr;
    },
  };
}
