/**
 * Registers a build that somebody else looks after, such as `pulumi:prod/etl`. DAGs of the same owner that are not in
 * it are set aside. Several at once for one owner wait for each other, so that the database holds one build and
 * never half of each. Called by `podline dags register` and by
 * commands/deploy.ts.
 */
import type { BuildResult } from '../build/types.ts';
import type { Database } from '../database/pool.ts';
import { registerDags, type RegisterOptions, type RegisterResult } from './registerDags.ts';

/** First key of the advisory locks; the second is that of the owner. */
const OWNER_LOCK = 7409;

/** The folder of all builds of one owner: the same wherever they are registered from. */
export function folderOf(owner: string): string {
  return `managed:${owner}`;
}

/** `build`: read as `folderOf(owner)`. */
export async function registerBuild(
  database: Database,
  build: BuildResult,
  owner: string,
  { actor, maySetAside }: Pick<RegisterOptions, 'actor' | 'maySetAside'> = {},
): Promise<RegisterResult> {
  const client = await database.connect();
  const key = [OWNER_LOCK, owner];
  let broken: Error | undefined;
  try {
    await client.query('SELECT pg_advisory_lock($1::int, hashtext($2))', key);
    try {
      return await registerDags(database, build, { managedBy: owner, actor, maySetAside });
    } finally {
      await client.query('SELECT pg_advisory_unlock($1::int, hashtext($2))', key);
    }
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    // The session ends with what went wrong in it, and the lock with the session.
    client.release(broken);
  }
}
