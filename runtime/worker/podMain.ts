/**
 * Main of the worker in a pod: one attempt, then the end of the process. Bundled by bundleWorker.js into
 * the runtime image, where 20 of them start at once: what it imports, each of them loads.
 */
import { EXIT, runOnce } from './once.ts';

runOnce(process.env).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isOurs = error instanceof Error && error.name === 'PodlineError';
    process.stderr.write(`podline: ${isOurs ? error.message : String((error as Error).stack)}\n`);
    process.exit(EXIT.failed);
  },
);
