/**
 * Main of the worker in a pod: one attempt, then the end of the process. Bundled by bundleWorker.js into
 * the runtime image, where 20 of them start at once: what it imports, each of them loads.
 */
import { runOnce } from './once.ts';

process.exit(await runOnce(process.env));
