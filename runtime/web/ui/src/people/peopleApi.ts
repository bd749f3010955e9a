/** What pages about people ask of the API, and its records as the schemas have them. */
import type { z } from 'zod';
import type * as people from '../../../api/schema/people.ts';
import { queryOptions } from '@tanstack/react-query';
import { at, get, send } from '../api/call.ts';
import { paged } from '../api/paged.ts';

export type Me = z.output<typeof people.Me>;
export type SignInMethods = z.output<typeof people.SignInMethods>;
export type LinkFacts = z.output<typeof people.LinkFacts>;
export type Grant = z.output<typeof people.Grant>;
export type User = z.output<typeof people.User>;
export type UserPage = z.output<typeof people.UserPage>;
export type UserLink = z.output<typeof people.UserLink>;
export type Token = z.output<typeof people.Token>;
export type TokenPage = z.output<typeof people.TokenPage>;
export type MadeToken = z.output<typeof people.MadeToken>;

export const methodsQuery = queryOptions({
  queryKey: ['signInMethods'],
  queryFn: () => get<SignInMethods>('/auth/methods'),
});

export const linkQuery = (secret: string) =>
  queryOptions({
    queryKey: ['link', secret],
    queryFn: () => send<LinkFacts>('POST', '/auth/link/read', { secret }),
    enabled: secret !== '',
    retry: false,
  });

export const usersQuery = paged<UserPage>(['users'], '/users');

/** `all`: of everybody. */
export const tokensQuery = (all: boolean) => paged<TokenPage>(['tokens'], '/tokens', { all });

export function signIn(body: { name: string; password: string }): Promise<void> {
  return send('POST', '/auth/login', body);
}

/** `everywhere`: on all devices. */
export function signOut(everywhere = false): Promise<void> {
  return send('POST', '/auth/logout', { everywhere });
}

export function spendLink(body: {
  secret: string;
  name?: string;
  password: string;
}): Promise<void> {
  return send('POST', '/auth/link', body);
}

export function changePassword(body: { current: string; password: string }): Promise<void> {
  return send('POST', '/auth/password', body);
}

export function addUser(body: { name: string; grants: Grant[] }): Promise<UserLink> {
  return send('POST', '/users', body);
}

export function changeUser(
  userId: number,
  body: { disabled?: boolean; grants?: Grant[] },
): Promise<User> {
  return send('PATCH', at`/users/${userId}`, body);
}

export function linkUser(userId: number): Promise<UserLink> {
  return send('POST', at`/users/${userId}/link`);
}

export function deleteUser(userId: number): Promise<void> {
  return send('DELETE', at`/users/${userId}`);
}

export function createToken(body: {
  name: string;
  scopes: Grant[];
  days: number;
}): Promise<MadeToken> {
  return send('POST', '/tokens', body);
}
