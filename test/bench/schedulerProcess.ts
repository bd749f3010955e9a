/** A scheduler process whose tasks do nothing, forked by throughput.ts. Says `ready`, obeys `start`, answers `memory`. */
import { openPool } from '../../runtime/database/pool.ts';
import { workerUrl } from '../../src/model/databaseRoles.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { SchedulerLoop } from '../../runtime/scheduler/loop.ts';
import { NoopExecutor } from './noopExecutor.ts';

const url = process.argv[2] ?? '';
const database = openPool(url, { max: 6, hot: true, applicationName: 'bench-scheduler' });
const executor = new NoopExecutor(workerUrl(url), 256, () => {
  loop.poke();
});
const loop = new SchedulerLoop({
  database,
  url,
  executors: [executor],
  deliver: () => Promise.resolve(),
  log: openLog('warn'),
});
process.on('message', (message) => {
  if (message === 'start') loop.start();
  else process.send?.({ rss: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
