/** `podline scheduler`: one scheduler, with a local executor or without, until SIGTERM or Ctrl-C. Its log is JSON on stderr. */
import { buildFolder } from '../build/buildFolder.ts';
import { startEngine } from '../engine.ts';
import { openLog } from '../observe/log.ts';
import { registerDags } from '../register/registerDags.ts';
import { printBuildErrors } from './buildErrors.ts';
import { deliverer } from './engineParts.ts';
import { EXIT } from './exit.ts';
import { checkFolder } from './input.ts';
import type { Session } from './session.ts';

export async function scheduler(
  session: Session,
  _args: readonly [],
  options: { slots?: number; local: boolean; dags?: string },
): Promise<number> {
  const signal = session.stopSignal();
  const slots = options.local ? (options.slots ?? session.config.slots) : 0;
  const config = { ...session.config, slots };
  const log = openLog(config.logLevel);
  if (options.dags !== undefined) await checkFolder(options.dags);
  const database = await session.open();
  if (options.dags !== undefined) {
    const build = await buildFolder(options.dags);
    const { dags, refused, removed } = await registerDags(database.pool, build);
    printBuildErrors(session.output, build.errors);
    for (const { dagId, error } of refused) session.output.warn(`${dagId}: ${error.problem}`);
    log.info(
      { dags: dags.length, errors: build.errors.length, removed: removed.length },
      'DAGs registered',
    );
  }
  const engine = await startEngine({ config, database, deliver: deliverer(config), log });
  log.info({ slots: config.slots, host: config.host, pid: process.pid }, 'scheduler started');
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  log.info({ drainSeconds: config.drainSeconds }, 'scheduler stopping');
  await engine.stop();
  log.info({}, 'scheduler stopped');
  return EXIT.ok;
}
