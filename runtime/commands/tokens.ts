/** API tokens: made, shown once, revoked; each with its audit row. Used by the API and by `podline tokens`. */
import { PodlineError } from '../../src/errors.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { insertToken, revokeTokenRow } from '../database/queries/people/tokens.ts';
import type { Grant } from '../../src/model/access.ts';
import { covers, grantText } from '../../src/model/grants.ts';
import { hashSecret, newSecret, TOKEN_PREFIX } from '../people/secrets.ts';
import { audit } from './audit.ts';

export interface NewToken {
  tokenId: number;
  /** Nobody can read it again. */
  token: string;
  expiresAt: Date;
}

export async function createToken(
  database: Database,
  given: {
    user: { userId: number; name: string; grants: readonly Grant[] };
    name: string;
    scopes: readonly Grant[];
    days: number;
  },
  actor?: string,
): Promise<NewToken> {
  const { user, name, scopes, days } = given;
  for (const scope of scopes) {
    if (covers(user.grants, scope)) continue;
    throw new PodlineError('auth.scope_too_wide', { scope: grantText(scope), name: user.name });
  }
  const token = `${TOKEN_PREFIX}${newSecret()}`;
  const tokenHash = hashSecret(token);
  return inTransaction(database, async (transaction) => {
    const row = { tokenHash, userId: user.userId, name, scopes, days };
    const made = await insertToken(transaction, row);
    await audit(transaction, actor, 'token.create', `${user.name}/${name}`, {
      tokenId: made.tokenId,
      scopes: scopes.map(grantText),
      expiresAt: made.expiresAt.toISOString(),
    });
    return { ...made, token };
  });
}

/** `userId` null: of anybody. */
export async function revokeToken(
  database: Database,
  { tokenId, userId }: { tokenId: number; userId: number | null },
  actor?: string,
): Promise<{ name: string; userName: string }> {
  return inTransaction(database, async (transaction) => {
    const revoked = await revokeTokenRow(transaction, { tokenId, userId });
    if (!revoked) throw new PodlineError('not_found.token', { token: tokenId });
    await audit(transaction, actor, 'token.revoke', `${revoked.userName}/${revoked.name}`, {
      tokenId,
    });
    return revoked;
  });
}
