/** Writes who did what by hand. Every command calls it in its own transaction. */
import os from 'node:os';
import type { Queryable } from '../database/pool.ts';

export async function audit(
  database: Queryable,
  actor: string | undefined,
  action: string,
  subject: string,
  details: object = {},
): Promise<void> {
  await database.query(
    'INSERT INTO podline.audit (actor, action, subject, details) VALUES ($1, $2, $3, $4)',
    [actor ?? localActor(), action, subject, JSON.stringify(details)],
  );
}

function localActor(): string {
  try {
    return `${os.userInfo().username}@${os.hostname()}`;
  } catch {
    return `uid${process.getuid?.() ?? ''}@${os.hostname()}`;
  }
}
