/**
 * Somebody whom the identity provider confirmed: found by issuer and subject, or made, with the groups as they are now. The
 * name is for people; two who have the same get an addition. Called at each sign-in by the provider.
 */
import { createHash } from 'node:crypto';
import { PodlineError } from '../../src/errors.ts';
import { grantsOf } from '../../src/model/grants.ts';
import { type Database, inTransaction, type Transaction } from '../database/pool.ts';
import {
  insertUser,
  readSubject,
  readUser,
  writeGroups,
} from '../database/queries/people/users.ts';
import type { OidcSettings } from '../people/settings.ts';
import { audit } from './audit.ts';

/** What the provider says of who signed in. */
export interface Claims {
  subject: string;
  name: string;
  groups: string[];
}

/** Throws `auth.no_role` for those who may do nothing; they are in the list of users from then on. */
export async function takeIn(
  database: Database,
  settings: OidcSettings,
  claims: Claims,
): Promise<{ userId: number; name: string }> {
  const { user, found } = await inTransaction(database, async (transaction) => {
    const known = await findOrMake(transaction, settings.issuer.href, claims);
    await writeGroups(transaction, known.userId, claims.groups);
    return { user: known, found: await readUser(transaction, { userId: known.userId }) };
  });
  if (!found || user.disabled || grantsOf(found, settings).length === 0) {
    throw new PodlineError('auth.no_role', { name: user.name });
  }
  return { userId: user.userId, name: user.name };
}

async function findOrMake(transaction: Transaction, issuer: string, { subject, name }: Claims) {
  const known = await readSubject(transaction, issuer, subject);
  if (known) return known;
  const of = { issuer, subject };
  const mark = createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 8);
  for (const each of [name, `${name}#${mark}`]) {
    const userId = await insertUser(transaction, each, of);
    if (userId !== undefined) {
      await audit(transaction, each, 'user.add', each, { by: 'provider', issuer });
      return { userId, name: each, disabled: false };
    }
    // Another sign-in of the same person may have been first.
    const now = await readSubject(transaction, issuer, subject);
    if (now) return now;
  }
  throw new PodlineError('user.exists', { name });
}
