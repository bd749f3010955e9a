/** What `dev`, `scheduler` and the demo share when they start an engine: how callbacks are delivered. */
import path from 'node:path';
import type { Config } from '../config.ts';
import { Connections } from '../connections/connections.ts';
import type { Deliver } from '../scheduler/outbox.ts';

export function deliverer(config: Config): Deliver {
  const connections = new Connections(process.env, path.join(config.home, 'connections.json'));
  return async (target, payload) => {
    const { deliver } = await import('../operators/notify.ts');
    await deliver(target, payload, connections);
  };
}
