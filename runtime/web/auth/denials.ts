/**
 * Audit rows of what people were refused: once a minute for each person and route, because a page that asks in a loop is
 * no news. Who is nobody is not written down here; failed sign-ins are (api/auth.ts).
 */
import type { FastifyInstance } from 'fastify';
import { PodlineError } from '../../../src/errors.ts';
import { audit } from '../../commands/audit.ts';
import type { Database } from '../../database/pool.ts';
import type { Log } from '../../observe/log.ts';

const AGAIN_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export function auditDenials(
  server: FastifyInstance,
  { database, log }: { database: Database; log: Log },
): void {
  const told = new Map<string, number>();
  server.addHook('onError', async (request, _reply, error) => {
    const { identity } = request;
    if (!identity || !(error instanceof PodlineError) || error.code !== 'auth.forbidden') return;
    const { method, url = '' } = request.routeOptions;
    const subject = `${[method].flat().join(',')} ${url}`;
    const key = `${identity.name}\n${subject}`;
    const now = performance.now();
    if (now < (told.get(key) ?? 0)) return;
    if (told.size >= MOST_REMEMBERED) told.clear();
    told.set(key, now + AGAIN_MS);
    const details = { right: error.details.right, address: request.ip };
    try {
      await audit(database, identity.name, 'denied', subject, details);
    } catch (failure) {
      // The answer is no either way.
      log.warn({ error: String(failure) }, 'a denial could not be written down');
    }
  });
}
