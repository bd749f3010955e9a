/**
 * People and what they may do: added, disabled, given roles and links. Each change has its audit row, and ends the sessions
 * that it must. Used by the API and by `podline users`.
 */
import { PodlineError } from '../../src/errors.ts';
import { type Database, inTransaction, type Transaction } from '../database/pool.ts';
import { deleteLinks, insertLink } from '../database/queries/people/links.ts';
import { deleteSessions } from '../database/queries/people/sessions.ts';
import {
  deleteUserRow,
  insertUser,
  readUser,
  type UserRow,
  writeDisabled,
  writeGrants,
} from '../database/queries/people/users.ts';
import type { Grant } from '../../src/model/access.ts';
import { grantText } from '../../src/model/grants.ts';
import { hashSecret, newSecret } from '../people/secrets.ts';
import { audit } from './audit.ts';

/** Plain letters: names that look alike would be taken for each other in the audit log. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/;

export type UserKey = { userId: number } | { name: string };

export function checkUserName(name: string): void {
  if (!NAME.test(name)) throw new PodlineError('user.bad_name', { name: JSON.stringify(name) });
}

/** Returns the secret of a link for the first password. */
export async function addUser(
  database: Database,
  { name, grants }: { name: string; grants: readonly Grant[] },
  actor?: string,
): Promise<{ user: UserRow; secret: string }> {
  checkUserName(name);
  return inTransaction(database, async (transaction) => {
    const userId = await insertUser(transaction, name);
    if (userId === undefined) throw new PodlineError('user.exists', { name });
    await writeGrants(transaction, userId, oncePerScope(grants));
    const secret = await makeLink(transaction, userId);
    await audit(transaction, actor, 'user.add', name, { grants: grants.map(grantText) });
    return { user: await found(transaction, { userId }), secret };
  });
}

/** A new link; those that were given out before are void. */
export async function linkUser(
  database: Database,
  key: UserKey,
  actor?: string,
): Promise<{ user: UserRow; secret: string }> {
  return inTransaction(database, async (transaction) => {
    const user = await found(transaction, key);
    if (user.issuer !== null) {
      throw new PodlineError('refused.user', {
        user: user.name,
        reason: 'the identity provider keeps the password',
        remedy: 'Change it there.',
      });
    }
    await deleteLinks(transaction, user.userId);
    const secret = await makeLink(transaction, user.userId);
    await audit(transaction, actor, 'user.link', user.name);
    return { user, secret };
  });
}

export async function setDisabled(
  database: Database,
  key: UserKey,
  disabled: boolean,
  actor?: string,
): Promise<UserRow> {
  return inTransaction(database, async (transaction) => {
    const user = await found(transaction, key);
    if (user.disabled === disabled) return user;
    await writeDisabled(transaction, user.userId, disabled);
    if (disabled) {
      await deleteSessions(transaction, user.userId);
      await deleteLinks(transaction, user.userId);
    }
    await audit(transaction, actor, disabled ? 'user.disable' : 'user.enable', user.name);
    return { ...user, disabled };
  });
}

/** `change` makes the new grants from those that were. */
export async function setGrants(
  database: Database,
  key: UserKey,
  change: (before: readonly Grant[]) => readonly Grant[],
  actor?: string,
): Promise<UserRow> {
  return inTransaction(database, async (transaction) => {
    const { userId, name, grants: before } = await found(transaction, key);
    const grants = oncePerScope(change(before));
    await writeGrants(transaction, userId, grants);
    await audit(transaction, actor, 'user.grant', name, {
      before: before.map(grantText),
      after: grants.map(grantText),
    });
    return found(transaction, { userId });
  });
}

export async function deleteUser(database: Database, key: UserKey, actor?: string): Promise<void> {
  await inTransaction(database, async (transaction) => {
    const { userId, name } = await found(transaction, key);
    await deleteUserRow(transaction, userId);
    await audit(transaction, actor, 'user.delete', name);
  });
}

async function found(transaction: Transaction, key: UserKey): Promise<UserRow> {
  // Two changes of the same user come one after the other.
  await transaction.query(
    `SELECT FROM podline.user WHERE id = $1 OR lower(name) = lower($2) FOR NO KEY UPDATE`,
    'userId' in key ? [key.userId, null] : [null, key.name],
  );
  const user = await readUser(transaction, key);
  const said = 'userId' in key ? key.userId : key.name;
  if (!user) throw new PodlineError('not_found.user', { user: said });
  return user;
}

async function makeLink(transaction: Transaction, userId: number): Promise<string> {
  const secret = newSecret();
  await insertLink(transaction, hashSecret(secret), userId);
  return secret;
}

/** The last word on a scope counts. */
function oncePerScope(grants: readonly Grant[]): Grant[] {
  const scopes = new Map(grants.map((grant) => [scopeOf(grant), grant]));
  return [...scopes.values()];
}

export function scopeOf({ dag, tag }: Grant): string {
  return JSON.stringify([dag ?? null, tag ?? null]);
}
