/** `podline users ...`: over the database, so that an installation can always be entered by who holds it. */
import { PodlineError } from '../../../src/errors.ts';
import {
  addUser,
  linkUser,
  scopeOf,
  setDisabled,
  setGrants,
  type UserKey,
} from '../../commands/users.ts';
import { readUserPage, type UserRow } from '../../database/queries/people/users.ts';
import type { Grant } from '../../../src/model/access.ts';
import { linkAddress } from '../../web/auth/firstLink.ts';
import { grantText, readGrant } from '../../../src/model/grants.ts';
import { age } from '../../explain/human.ts';
import { usage } from '../input.ts';
import type { Session } from '../session.ts';

const PAGE = 1000;

export interface ScopeOptions {
  dag?: string;
  tag?: string;
}

export async function listUsers(session: Session): Promise<void> {
  const { output } = session;
  const database = await session.database();
  const users: UserRow[] = [];
  for (let after = 0; ;) {
    const page = await readUserPage(database, { after, limit: PAGE });
    users.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.userId ?? 0;
  }
  const now = new Date();
  output.printRows(
    users,
    [
      { title: 'USER', value: ({ name }) => name, shrink: true },
      { title: 'STATE', value: stateOf },
      { title: 'ROLES', value: ({ grants }) => grants.map(grantText).join(', '), shrink: true },
      { title: 'GROUPS', value: ({ groups }) => groups.join(', '), shrink: true },
      { title: 'SIGNED IN', value: ({ signedInAt }) => signedInAt && age(signedInAt, now) },
    ],
    'No users: `podline web` prints a link for the first one.',
  );
}

function stateOf({ disabled, issuer, hasPassword }: UserRow): string {
  if (disabled) return 'disabled';
  if (issuer !== null) return 'by provider';
  return hasPassword ? 'by password' : 'no password yet';
}

export async function addOne(
  session: Session,
  [name]: readonly [string],
  { role, ...scope }: { role?: string } & ScopeOptions,
): Promise<void> {
  if (role === undefined && (scope.dag ?? scope.tag) !== undefined) {
    throw usage('--dag and --tag say where a role counts: give --role, too.', 'users add');
  }
  const grants = role === undefined ? [] : readScopes([role], scope, 'users add');
  const { user, secret } = await addUser(await session.database(), { name, grants });
  await printLink(session, user, secret);
}

export async function linkOne(session: Session, [name]: readonly [string]): Promise<void> {
  const { user, secret } = await linkUser(await session.database(), { name });
  await printLink(session, user, secret);
}

async function printLink({ output, config }: Session, { name }: UserRow, secret: string) {
  const { publicUrl } = await config.auth();
  const link = linkAddress(publicUrl?.href ?? `http://localhost:${config.port}`, secret);
  if (output.json) output.printJson({ name, link });
  else output.print(`${name} sets a password here, once, within a day:\n${link}`);
}

export async function grantOne(
  session: Session,
  [name, role]: readonly [string, string],
  { remove = false, ...scope }: { remove?: boolean } & ScopeOptions,
): Promise<void> {
  const [grant] = readScopes([role], scope, 'users grant') as [Grant];
  const isIt = (each: Grant) => scopeOf(each) === scopeOf(grant) && each.role === grant.role;
  const user = await setGrants(await session.database(), { name }, (before) => {
    if (!remove) return [...before, grant];
    if (before.some(isIt)) return before.filter((each) => !isIt(each));
    throw new PodlineError('refused.user', {
      user: name,
      reason: `the role ${grantText(grant)} was not given here`,
      remedy: '`podline users list` shows roles and groups.',
    });
  });
  const roles = user.grants.map(grantText);
  if (session.output.json) session.output.printJson({ name: user.name, grants: user.grants });
  else session.output.print(`${user.name}: ${roles.join(', ') || 'no role'}`);
}

export function disableOne(session: Session, [name]: readonly [string]): Promise<void> {
  return change(session, { name }, true);
}

export function enableOne(session: Session, [name]: readonly [string]): Promise<void> {
  return change(session, { name }, false);
}

async function change(session: Session, key: UserKey, disabled: boolean): Promise<void> {
  const { output } = session;
  const { name } = await setDisabled(await session.database(), key, disabled);
  if (output.json) output.printJson({ name, disabled });
  else output.print(`${name} ${disabled ? 'is disabled' : 'may sign in'}.`);
}

/** A role says its place by itself (`viewer:tag=bi`); the options are the place of those that say none. */
export function readScopes(
  texts: readonly string[],
  { dag, tag }: ScopeOptions,
  command: string,
): Grant[] {
  const grants = texts.map((text) => readGrant(text, (reason) => usage(`${reason}.`, command)));
  if ((dag ?? tag) === undefined) return grants;
  const isPlaced = (grant: Grant) => (grant.dag ?? grant.tag) !== undefined;
  if (grants.every(isPlaced)) {
    const says = texts.length === 1 ? 'says its' : 'say their';
    throw usage(`${texts.join(', ')} ${says} place already: leave out --dag and --tag.`, command);
  }
  const place = { ...(dag !== undefined && { dag }), ...(tag !== undefined && { tag }) };
  return grants.map((grant) => (isPlaced(grant) ? grant : { ...grant, ...place }));
}
