/**
 * A scheduler process of its own, forked by harness.ts: the engine as `podline scheduler` starts it, on the
 * database that the environment names. Says `ready`; drains on SIGTERM; never outlives the tests.
 */
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import { readConfig } from '../../runtime/config.ts';
import { Connections } from '../../runtime/connections/connections.ts';
import type { WorkerLimits } from '../../runtime/database/queries/workers.ts';
import { openDatabase, startEngine } from '../../runtime/engine.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { deliver } from '../../runtime/operators/notify.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';

export interface ProcessOptions {
  limits?: WorkerLimits;
  /** Folder of DAGs to build and register before the engine starts. */
  register?: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ProcessOptions;
process.on('disconnect', () => process.exit(1));
const config = readConfig();
const database = await openDatabase(config);
if (options.register !== undefined) {
  await registerDags(database.pool, await buildFolder(options.register));
}
const connections = new Connections(process.env);
const engine = await startEngine({
  config,
  database,
  deliver: (target, payload) => deliver(target, payload, connections),
  log: openLog(config.logLevel),
  workerLimits: options.limits,
});

process.once('SIGTERM', () => {
  void engine
    .stop()
    .then(() => database.close())
    .then(() => process.exit(0));
});
process.send?.('ready');
