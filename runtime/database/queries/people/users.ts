/** Rows of people: found by name, by what a provider calls them, or a page of them. */
import type { Queryable } from '../../pool.ts';
import { GRANTS_COLUMN } from './grantsColumn.ts';
import type { Grant } from '../../../../src/model/access.ts';

export interface UserRow {
  userId: number;
  name: string;
  issuer: string | null;
  hasPassword: boolean;
  groups: string[];
  grants: Grant[];
  disabled: boolean;
  createdAt: Date;
  signedInAt: Date | null;
}

const COLUMNS = `
u.id AS "userId", u.name, u.issuer, u.password_hash IS NOT NULL AS "hasPassword", u.groups,
u.disabled_at IS NOT NULL AS disabled, u.created_at AS "createdAt", u.signed_in_at AS "signedInAt",${GRANTS_COLUMN}`;

/** By id. */
export async function readUserPage(
  database: Queryable,
  { after, limit }: { after: number; limit: number },
): Promise<UserRow[]> {
  const { rows } = await database.query<UserRow>(
    `SELECT ${COLUMNS} FROM podline.user u WHERE u.id > $1 ORDER BY u.id LIMIT $2`,
    [after, limit],
  );
  return rows;
}

export async function readUser(
  database: Queryable,
  by: { userId: number } | { name: string },
): Promise<UserRow | undefined> {
  const { rows } =
    'userId' in by
      ? await database.query<UserRow>(`SELECT ${COLUMNS} FROM podline.user u WHERE u.id = $1`, [
          by.userId,
        ])
      : await database.query<UserRow>(
          `SELECT ${COLUMNS} FROM podline.user u WHERE lower(u.name) = lower($1)`,
          [by.name],
        );
  return rows[0];
}

export interface LoginRow {
  userId: number;
  name: string;
  passwordHash: string | null;
  disabled: boolean;
}

export async function readLogin(database: Queryable, name: string): Promise<LoginRow | undefined> {
  const { rows } = await database.query<LoginRow>({
    name: 'people_login',
    text: `SELECT id AS "userId", name, password_hash AS "passwordHash", disabled_at IS NOT NULL AS disabled
             FROM podline.user WHERE lower(name) = lower($1)`,
    values: [name],
  });
  return rows[0];
}

export async function isAnybodyThere(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>(
    'SELECT EXISTS (SELECT FROM podline.user) AS there',
  );
  return rows[0]?.there ?? false;
}

/** Undefined: the name is taken. */
export async function insertUser(
  database: Queryable,
  name: string,
  of: { issuer?: string; subject?: string; passwordHash?: string } = {},
): Promise<number | undefined> {
  const { rows } = await database.query<{ id: number }>(
    `INSERT INTO podline.user (name, issuer, subject, password_hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING id`,
    [name, of.issuer ?? null, of.subject ?? null, of.passwordHash ?? null],
  );
  return rows[0]?.id;
}

export async function readSubject(
  database: Queryable,
  issuer: string,
  subject: string,
): Promise<{ userId: number; name: string; disabled: boolean } | undefined> {
  const { rows } = await database.query<{ userId: number; name: string; disabled: boolean }>(
    `SELECT id AS "userId", name, disabled_at IS NOT NULL AS disabled
       FROM podline.user WHERE issuer = $1 AND subject = $2`,
    [issuer, subject],
  );
  return rows[0];
}

export async function writeGroups(
  database: Queryable,
  userId: number,
  groups: readonly string[],
): Promise<void> {
  await database.query('UPDATE podline.user SET groups = $2 WHERE id = $1', [userId, groups]);
}

export async function writePassword(
  database: Queryable,
  userId: number,
  passwordHash: string,
): Promise<void> {
  await database.query('UPDATE podline.user SET password_hash = $2 WHERE id = $1', [
    userId,
    passwordHash,
  ]);
}

export async function writeDisabled(
  database: Queryable,
  userId: number,
  disabled: boolean,
): Promise<void> {
  await database.query(
    'UPDATE podline.user SET disabled_at = CASE WHEN $2 THEN podline.now() END WHERE id = $1',
    [userId, disabled],
  );
}

export async function deleteUserRow(database: Queryable, userId: number): Promise<void> {
  await database.query('DELETE FROM podline.user WHERE id = $1', [userId]);
}

/** All of them, in the place of those that were. */
export async function writeGrants(
  database: Queryable,
  userId: number,
  grants: readonly Grant[],
): Promise<void> {
  await database.query('DELETE FROM podline.user_grant WHERE user_id = $1', [userId]);
  await database.query(
    `INSERT INTO podline.user_grant (user_id, role, dag_id, tag)
     SELECT $1, g.role, g.dag, g.tag FROM jsonb_to_recordset($2) AS g (role text, dag text, tag text)`,
    [userId, JSON.stringify(grants)],
  );
}
