/** Links that are good for setting one password, of somebody or of the first administrator. */
import type { Queryable } from '../../pool.ts';

export const LINK_HOURS = 24;

export async function insertLink(
  database: Queryable,
  tokenHash: Buffer,
  userId: number | null,
): Promise<void> {
  await database.query('DELETE FROM podline.password_link WHERE expires_at < podline.now()');
  await database.query(
    `INSERT INTO podline.password_link (token_hash, user_id, expires_at)
     VALUES ($1, $2, podline.now() + make_interval(hours => $3))`,
    [tokenHash, userId, LINK_HOURS],
  );
}

export interface LinkRow {
  userId: number | null;
  /** Null: the first administrator, who says it. */
  name: string | null;
}

/** Undefined: there is none, it is used, or it is over. One of the first administrator ends when somebody is there. */
export async function readLink(
  database: Queryable,
  tokenHash: Buffer,
): Promise<LinkRow | undefined> {
  const { rows } = await database.query<LinkRow>(
    `SELECT l.user_id AS "userId", u.name
       FROM podline.password_link l LEFT JOIN podline.user u ON u.id = l.user_id
      WHERE l.token_hash = $1 AND l.expires_at > podline.now() AND u.disabled_at IS NULL
        AND (l.user_id IS NOT NULL OR NOT EXISTS (SELECT FROM podline.user))`,
    [tokenHash],
  );
  return rows[0];
}

/** All links to the same password; null: those that make a first administrator. */
export async function deleteLinks(database: Queryable, userId: number | null): Promise<void> {
  await database.query('DELETE FROM podline.password_link WHERE user_id IS NOT DISTINCT FROM $1', [
    userId,
  ]);
}
