/**
 * While a task runs in this process, what the process prints is its log, and process.exit is its failure.
 * Called by the runner and by the worker of a pod once an attempt is claimed; the answer undoes it.
 */
import type { AttemptLog } from './log.ts';
import type { Stop } from './stop.ts';

export function captureOutput(log: AttemptLog, stop: Stop): () => void {
  const exit = process.exit;
  const release = (['stdout', 'stderr'] as const).map((source) => {
    const kept = process[source].write;
    process[source].write = (
      chunk: Uint8Array | string,
      encoding?: BufferEncoding | ((error?: Error | null) => void),
      done?: (error?: Error | null) => void,
    ): boolean => {
      const text = typeof encoding === 'string' ? encoding : 'utf8';
      void log.write(source, typeof chunk === 'string' ? Buffer.from(chunk, text) : chunk);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (callback) process.nextTick(callback);
      return true;
    };
    return () => (process[source].write = kept);
  });
  process.exit = (code) => {
    const error = new Error(`the task called process.exit(${code ?? ''}); return or throw instead`);
    stop.crashed(error);
    throw error;
  };
  return () => {
    for (const undo of release) undo();
    process.exit = exit;
  };
}
