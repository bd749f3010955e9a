/**
 * New passwords: by a link, or by somebody who knows the old one. The hash is made before the transaction, which holds
 * rows. A new password ends all sessions and links of its user. Used by the API.
 */
import { PodlineError } from '../../src/errors.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { deleteLinks, type LinkRow, readLink } from '../database/queries/people/links.ts';
import { deleteSessions } from '../database/queries/people/sessions.ts';
import { insertUser, writeGrants, writePassword } from '../database/queries/people/users.ts';
import { passwordProblem } from '../people/passwordRules.ts';
import { hashPassword } from '../people/passwords.ts';
import { hashSecret } from '../people/secrets.ts';
import { audit } from './audit.ts';
import { checkUserName } from './users.ts';

export async function findLink(database: Database, secret: string): Promise<LinkRow> {
  const link = await readLink(database, hashSecret(secret));
  if (!link) throw new PodlineError('auth.bad_link', {});
  return link;
}

/** `name`: of the first administrator, whom only such a link makes. Returns who may sign in now. */
export async function usePasswordLink(
  database: Database,
  {
    secret,
    name,
    password,
    address,
  }: {
    secret: string;
    name: string | undefined;
    password: string;
    address: string;
  },
): Promise<{ userId: number; name: string }> {
  const link = await findLink(database, secret);
  const whose = link.name ?? name ?? 'admin';
  if (link.userId === null) checkUserName(whose);
  checkPassword(password, whose);
  const passwordHash = await hashPassword(password);
  return inTransaction(database, async (transaction) => {
    // Who comes second with the same link, or with another one for the first administrator, waits here and finds it used.
    await transaction.query('LOCK TABLE podline.password_link IN SHARE ROW EXCLUSIVE MODE');
    const still = await readLink(transaction, hashSecret(secret));
    if (!still) throw new PodlineError('auth.bad_link', {});
    await deleteLinks(transaction, still.userId);
    if (still.userId !== null) {
      await writePassword(transaction, still.userId, passwordHash);
      await deleteSessions(transaction, still.userId);
      await audit(transaction, whose, 'user.password', whose, { by: 'link', address });
      return { userId: still.userId, name: whose };
    }
    const userId = await insertUser(transaction, whose, { passwordHash });
    if (userId === undefined) throw new PodlineError('user.exists', { name: whose });
    await writeGrants(transaction, userId, [{ role: 'admin' }]);
    await audit(transaction, whose, 'user.add', whose, { by: 'first link', address });
    return { userId, name: whose };
  });
}

export async function changePassword(
  database: Database,
  {
    userId,
    name,
    password,
    address,
  }: {
    userId: number;
    name: string;
    password: string;
    address: string;
  },
): Promise<void> {
  checkPassword(password, name);
  const passwordHash = await hashPassword(password);
  await inTransaction(database, async (transaction) => {
    await writePassword(transaction, userId, passwordHash);
    await deleteSessions(transaction, userId);
    await deleteLinks(transaction, userId);
    await audit(transaction, name, 'user.password', name, { by: 'old password', address });
  });
}

function checkPassword(password: string, name: string): void {
  const reason = passwordProblem(password, name);
  if (reason !== null) throw new PodlineError('auth.bad_password', { reason });
}
