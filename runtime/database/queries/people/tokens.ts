/** API tokens: read at every request that brings one, by its hash. `used_at` is written once a minute at most. */
import type { Queryable } from '../../pool.ts';
import { GRANTS_COLUMN } from './grantsColumn.ts';
import type { SignedIn } from './sessions.ts';
import type { Grant } from '../../../../src/model/access.ts';

export interface TokenUse extends SignedIn {
  tokenId: number;
  tokenName: string;
  scopes: Grant[];
}

const USE = `
SELECT t.id AS "tokenId", t.name AS "tokenName", t.scopes, u.id AS "userId", u.name, u.groups, u.issuer,
       t.used_at IS NULL OR t.used_at < podline.now() - interval '1 minute' AS stale, ${GRANTS_COLUMN}
  FROM podline.api_token t JOIN podline.user u ON u.id = t.user_id
 WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > podline.now() AND u.disabled_at IS NULL`;

export async function readTokenUse(
  database: Queryable,
  tokenHash: Buffer,
): Promise<TokenUse | undefined> {
  const { rows } = await database.query<TokenUse>({
    name: 'people_token',
    text: USE,
    values: [tokenHash],
  });
  return rows[0];
}

export async function touchToken(database: Queryable, tokenId: number): Promise<void> {
  await database.query({
    name: 'people_touch_token',
    text: `UPDATE podline.api_token SET used_at = podline.now()
            WHERE id = $1 AND (used_at IS NULL OR used_at < podline.now() - interval '1 minute')`,
    values: [tokenId],
  });
}

export interface TokenRow {
  tokenId: number;
  name: string;
  userId: number;
  userName: string;
  scopes: Grant[];
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
  expired: boolean;
}

const COLUMNS = `
t.id AS "tokenId", t.name, u.id AS "userId", u.name AS "userName", t.scopes, t.created_at AS "createdAt",
t.expires_at AS "expiresAt", t.used_at AS "usedAt",
t.expires_at <= podline.now() AS expired`;

export async function insertToken(
  database: Queryable,
  {
    tokenHash,
    userId,
    name,
    scopes,
    days,
  }: { tokenHash: Buffer; userId: number; name: string; scopes: readonly Grant[]; days: number },
): Promise<{ tokenId: number; expiresAt: Date }> {
  const { rows } = await database.query<{ tokenId: number; expiresAt: Date }>(
    `INSERT INTO podline.api_token (user_id, name, token_hash, scopes, expires_at)
     VALUES ($1, $2, $3, $4, podline.now() + make_interval(days => $5))
     RETURNING id AS "tokenId", expires_at AS "expiresAt"`,
    [userId, name, tokenHash, JSON.stringify(scopes), days],
  );
  const made = rows[0];
  if (!made) throw new Error('a token was not made');
  return made;
}

/** Those that are not revoked, also when they are over: by id. `userId` null: of everybody. */
export async function readTokenPage(
  database: Queryable,
  { userId, after, limit }: { userId: number | null; after: number; limit: number },
): Promise<TokenRow[]> {
  const { rows } = await database.query<TokenRow>(
    `SELECT ${COLUMNS} FROM podline.api_token t JOIN podline.user u ON u.id = t.user_id
      WHERE t.revoked_at IS NULL AND ($1::bigint IS NULL OR t.user_id = $1) AND t.id > $2
      ORDER BY t.id LIMIT $3`,
    [userId, after, limit],
  );
  return rows;
}

/** Undefined: there is none that could be revoked. `userId` null: of anybody. */
export async function revokeTokenRow(
  database: Queryable,
  { tokenId, userId }: { tokenId: number; userId: number | null },
): Promise<{ name: string; userName: string } | undefined> {
  const { rows } = await database.query<{ name: string; userName: string }>(
    `UPDATE podline.api_token t SET revoked_at = podline.now() FROM podline.user u
      WHERE t.id = $1 AND u.id = t.user_id AND t.revoked_at IS NULL AND ($2::bigint IS NULL OR t.user_id = $2)
      RETURNING t.name, u.name AS "userName"`,
    [tokenId, userId],
  );
  return rows[0];
}
