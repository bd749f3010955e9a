/**
 * The first administrator: while nobody is there and no provider knows anybody, the webserver makes a link that is good for
 * one password, and says it in its log. There is no default password. Tried until the database answers.
 */
import type { Database } from '../../database/pool.ts';
import { insertLink } from '../../database/queries/people/links.ts';
import { isAnybodyThere } from '../../database/queries/people/users.ts';
import type { Log } from '../../observe/log.ts';
import { pause } from '../../pause.ts';
import { hashSecret, newSecret } from '../../people/secrets.ts';

const AGAIN_MS = 2_000;

/** The secret stands behind the hash: browsers keep that to themselves, so that no proxy writes it down. */
export function linkAddress(base: string, secret: string): string {
  return new URL(`welcome#${secret}`, base.endsWith('/') ? base : `${base}/`).href;
}

export async function offerFirstLink(
  database: Database,
  base: string,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await isAnybodyThere(database)) return;
      const secret = newSecret();
      await insertLink(database, hashSecret(secret), null);
      log.warn(
        { link: linkAddress(base, secret) },
        'nobody can sign in yet: open this link once, within a day, to become the first administrator',
      );
      return;
    } catch {
      // Readiness says what is wrong with the database.
      await pause(AGAIN_MS, signal);
    }
  }
}
