/** What the API tells of people, their roles, sessions and tokens. Secrets are only ever in answers that make them. */
import { z } from 'zod';
import { MOST_TOKEN_DAYS, ROLES, type Role } from '../../../../src/model/access.ts';
import { MOST_CHARACTERS } from '../../../people/passwordRules.ts';
import { Time } from './dags.ts';
import { Flag, plain } from './ids.ts';
import { PageQuery, pageOf } from './page.ts';

const RowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const Grant = z
  .object({
    role: z.enum(Object.keys(ROLES) as [Role, ...Role[]]),
    dag: plain(200).optional().describe('For this DAG only.'),
    tag: plain(200).optional().describe('For DAGs with this tag only.'),
  })
  .refine(({ dag, tag }) => dag === undefined || tag === undefined, 'either dag or tag')
  .meta({ id: 'Grant', description: 'A role over all DAGs, over one, or over those with a tag.' });

const Grants = z.array(Grant).max(100);

export const Me = z
  .object({
    kind: z.enum(['user', 'token', 'local']).describe('`local`: whoever sits at `podline dev`.'),
    name: z.string(),
    userId: z.int().nullable(),
    grants: z.array(Grant),
    hasPassword: z.boolean().describe('False: an identity provider keeps it, or there is none.'),
  })
  .meta({ id: 'Me' });

export const SignInMethods = z
  .object({
    passwords: z.boolean(),
    provider: z.object({ name: z.string() }).nullable().describe('By GET /auth/oidc.'),
  })
  .meta({ id: 'SignInMethods' });

export const Password = z
  .string()
  .min(1)
  .max(4 * MOST_CHARACTERS);
export const Login = z.object({ name: z.string().min(1).max(200), password: Password });
export const LinkSecret = z.object({ secret: z.string().regex(/^[\w-]{43}$/) });
export const LinkFacts = z
  .object({ name: z.string().nullable().describe('Null: the first administrator says it.') })
  .meta({ id: 'LinkFacts' });
export const LinkUse = LinkSecret.extend({ name: plain(100).optional(), password: Password });
export const PasswordChange = z.object({ current: Password, password: Password });
export const Logout = z.object({ everywhere: z.boolean().default(false) }).nullish();

export const OidcStart = z.object({ to: z.string().max(2000).default('/') });

export const UserPath = z.object({ userId: RowId });
export const User = z
  .object({
    userId: z.int(),
    name: z.string(),
    provider: z.string().nullable().describe('Who checks the sign-in; null: a password here.'),
    hasPassword: z.boolean(),
    disabled: z.boolean(),
    grants: z.array(Grant).describe('Given here.'),
    groups: z.array(z.string()).describe('As the provider said at the last sign-in.'),
    groupGrants: z.array(Grant).describe('What the groups bring.'),
    createdAt: Time,
    signedInAt: Time.nullable(),
  })
  .meta({ id: 'User' });
export const UserPage = pageOf(User).meta({ id: 'UserPage' });
export const UserListQuery = PageQuery;
export const NewUser = z.object({ name: plain(100), grants: Grants.default([]) });
export const UserLink = z
  .object({ user: User, link: z.string().describe('Good for one password, for a day.') })
  .meta({ id: 'UserLink' });
export const UserPatch = z.object({ disabled: z.boolean().optional(), grants: Grants.optional() });

export const TokenPath = z.object({ tokenId: RowId });
export const Token = z
  .object({
    tokenId: z.int(),
    name: z.string(),
    userId: z.int(),
    userName: z.string(),
    scopes: z.array(Grant).describe('It may do this as far as its user may.'),
    createdAt: Time,
    expiresAt: Time,
    expired: z.boolean(),
    usedAt: Time.nullable().describe('To the minute.'),
  })
  .meta({ id: 'Token' });
export const TokenPage = pageOf(Token).meta({ id: 'TokenPage' });
export const TokenListQuery = PageQuery.extend({
  all: Flag.default(false).describe('Of everybody; needs the right to admin.'),
});
export const NewToken = z.object({
  name: plain(100),
  scopes: Grants.min(1),
  days: z.int().min(1).max(MOST_TOKEN_DAYS).default(90).describe('Until it ends.'),
});
export const MadeToken = z
  .object({
    tokenId: z.int(),
    token: z.string().describe('Shown this once.'),
    expiresAt: Time,
  })
  .meta({ id: 'MadeToken' });
