/**
 * Sessions of people in browsers. Read at every request by the hash of the cookie; `seen_at` is written once a minute at
 * most. Times are the database's.
 */
import type { Queryable } from '../../pool.ts';
import { GRANTS_COLUMN } from './grantsColumn.ts';
import type { Grant } from '../../../../src/model/access.ts';

/** Somebody who does nothing for so long is signed out. */
export const IDLE_MINUTES = 30;
/** After that one signs in again, busy or not. */
export const MOST_HOURS = 12;

export interface SignedIn {
  userId: number;
  name: string;
  grants: Grant[];
  groups: string[];
  /** Of an identity provider; null: signs in with a password. */
  issuer: string | null;
  /** The last minute is not written yet. */
  stale: boolean;
}

const READ = `
SELECT u.id AS "userId", u.name, u.groups, u.issuer, s.seen_at < podline.now() - interval '1 minute' AS stale, ${GRANTS_COLUMN}
  FROM podline.session s JOIN podline.user u ON u.id = s.user_id
 WHERE s.id_hash = $1 AND u.disabled_at IS NULL
   AND s.expires_at > podline.now() AND s.seen_at > podline.now() - make_interval(mins => $2)`;

export async function readSession(
  database: Queryable,
  idHash: Buffer,
): Promise<SignedIn | undefined> {
  const { rows } = await database.query<SignedIn>({
    name: 'people_session',
    text: READ,
    values: [idHash, IDLE_MINUTES],
  });
  return rows[0];
}

export async function touchSession(database: Queryable, idHash: Buffer): Promise<void> {
  await database.query({
    name: 'people_touch_session',
    text: `UPDATE podline.session SET seen_at = podline.now()
            WHERE id_hash = $1 AND seen_at < podline.now() - interval '1 minute'`,
    values: [idHash],
  });
}

/** Takes those away that are over, too: by an index, whenever somebody signs in. */
export async function insertSession(
  database: Queryable,
  idHash: Buffer,
  userId: number,
): Promise<void> {
  await database.query('DELETE FROM podline.session WHERE expires_at < podline.now()');
  await database.query(
    `INSERT INTO podline.session (id_hash, user_id, expires_at)
     VALUES ($1, $2, podline.now() + make_interval(hours => $3))`,
    [idHash, userId, MOST_HOURS],
  );
  await database.query('UPDATE podline.user SET signed_in_at = podline.now() WHERE id = $1', [
    userId,
  ]);
}

export async function deleteSession(database: Queryable, idHash: Buffer): Promise<void> {
  await database.query('DELETE FROM podline.session WHERE id_hash = $1', [idHash]);
}

/** On all devices: at a new password, when somebody is disabled, and when they ask for it. */
export async function deleteSessions(database: Queryable, userId: number): Promise<void> {
  await database.query('DELETE FROM podline.session WHERE user_id = $1', [userId]);
}
