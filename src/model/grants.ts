/**
 * Arithmetic of grants (access.ts): their text, what groups of a provider bring, what a token may do of what its user may.
 * Pure; used by the webserver, by `podline users|tokens` and by the configuration.
 */
import { PodlineError } from '../errors.ts';
import { type Grant, type Identity, includes, ROLES, type Role } from './access.ts';

const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** `editor`, `operator:dag=flights`, `viewer:tag=finance`. */
export function grantText({ role, dag, tag }: Grant): string {
  if (dag !== undefined) return `${role}:dag=${dag}`;
  return tag === undefined ? role : `${role}:tag=${tag}`;
}

/** `bad` makes the error from a reason. */
export function readGrant(text: string, bad: (reason: string) => PodlineError): Grant {
  const [, role = '', kind, value] = /^([^:]*)(?::(dag|tag)=(.{1,200}))?$/s.exec(text) ?? [];
  if (!isRole(role)) {
    throw bad(
      `${JSON.stringify(text)} is no ${ROLE_NAMES.join(', ')}, with :dag=ID or :tag=TAG behind it`,
    );
  }
  if (kind === 'dag') return { role, dag: value };
  return kind === 'tag' ? { role, tag: value } : { role };
}

export function isRole(text: string): text is Role {
  return (ROLE_NAMES as string[]).includes(text);
}

/** By group; a group that is not in it brings nothing. */
export type GroupRoles = ReadonlyMap<string, readonly Grant[]>;

/** What people were given here, and what their groups bring: only those of the provider that is asked today. */
export function grantsOf(
  { grants, groups, issuer }: { grants: Grant[]; groups: string[]; issuer: string | null },
  provider: { issuer: URL; groupRoles: GroupRoles } | null,
): Grant[] {
  return [...grants, ...groupGrantsOf({ groups, issuer }, provider)];
}

export function groupGrantsOf(
  { groups, issuer }: { groups: string[]; issuer: string | null },
  provider: { issuer: URL; groupRoles: GroupRoles } | null,
): Grant[] {
  const isTheirs = provider !== null && issuer === provider.issuer.href;
  return isTheirs ? groups.flatMap((group) => provider.groupRoles.get(group) ?? []) : [];
}

/** What both allow: the lesser role over the lesser scope. Two different tags have no scope in common that we could say. */
export function intersect(mine: readonly Grant[], scopes: readonly Grant[]): Grant[] {
  return mine.flatMap((a) =>
    scopes.flatMap((b) => {
      const dag = a.dag ?? b.dag;
      const tag = a.tag ?? b.tag;
      const apart =
        (a.dag !== undefined && b.dag !== undefined && a.dag !== b.dag) ||
        (a.tag !== undefined && b.tag !== undefined && a.tag !== b.tag);
      if (apart) return [];
      const role = lesser(a.role, b.role);
      if (role === undefined) return [];
      return [{ role, ...(dag !== undefined && { dag }), ...(tag !== undefined && { tag }) }];
    }),
  );
}

/** Undefined: they have no right in common. */
function lesser(a: Role, b: Role): Role | undefined {
  if (includes(b, a)) return a;
  return includes(a, b) ? b : undefined;
}

/** Whether somebody with `mine` may hand on `scope`: all of it is within one of them. */
export function covers(mine: readonly Grant[], scope: Grant): boolean {
  return mine.some(
    ({ role, dag, tag }) =>
      includes(role, scope.role) &&
      (dag === undefined || dag === scope.dag) &&
      (tag === undefined || tag === scope.tag),
  );
}

/** For those who act on their own account; the identity of a laptop and tokens do not. */
export function userOf({ kind, userId, name }: Identity): number {
  if (kind !== 'user' || userId === null) throw new PodlineError('auth.not_a_user', { name });
  return userId;
}
