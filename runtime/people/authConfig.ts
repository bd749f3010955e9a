/**
 * Reads from the environment how people sign in. Asked for by `podline web` and by commands that print links; a mistake
 * here is told at the start and not at the first sign-in.
 */
import fs from 'node:fs/promises';
import { PodlineError } from '../../src/errors.ts';
import type { EnvironmentName } from '../../src/model/environment.ts';
import { type GroupRoles, readGrant } from '../../src/model/grants.ts';
import { type AuthSettings, isLoopbackName, type OidcSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export async function readAuth(env: Environment): Promise<AuthSettings> {
  return {
    publicUrl: address(env, 'PODLINE_PUBLIC_URL'),
    trustedProxy: env.PODLINE_TRUSTED_PROXY || null,
    oidc: await readOidc(env),
  };
}

async function readOidc(env: Environment): Promise<OidcSettings | null> {
  const issuer = address(env, 'PODLINE_OIDC_ISSUER');
  const clientId = env.PODLINE_OIDC_CLIENT_ID || null;
  const secretFile = env.PODLINE_OIDC_CLIENT_SECRET_FILE || null;
  const name = env.PODLINE_OIDC_NAME || null;
  const scopes = env.PODLINE_OIDC_SCOPES || 'openid profile email';
  const groupsClaim = env.PODLINE_OIDC_GROUPS_CLAIM || 'groups';
  const groupRoles = readGroupRoles(env);
  if (issuer === null) return null;
  if (clientId === null) throw bad('PODLINE_OIDC_CLIENT_ID', '', 'an issuer needs one beside it');
  if (!scopes.split(' ').includes('openid')) {
    throw bad('PODLINE_OIDC_SCOPES', scopes, 'it must contain openid');
  }
  const clientSecret = secretFile === null ? null : await readSecret(secretFile);
  const shown = name ?? issuer.hostname;
  return { issuer, clientId, clientSecret, name: shown, scopes, groupsClaim, groupRoles };
}

async function readSecret(file: string): Promise<string> {
  const name = 'PODLINE_OIDC_CLIENT_SECRET_FILE';
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw bad(name, file, `the file cannot be read (${code})`);
  });
  if (text.trim() === '') throw bad(name, file, 'the file is empty');
  return text.trim();
}

/** `{"data-team": "editor", "bi": ["viewer", "operator:tag=bi"]}` */
function readGroupRoles(env: Environment): GroupRoles {
  const name = 'PODLINE_OIDC_ROLES';
  const text = env[name];
  if (!text) return new Map();
  const wrong = (reason: string) => bad(name, text, reason);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong('it must be a JSON object from groups to roles');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw wrong('it must be a JSON object from groups to roles');
  }
  return new Map(
    Object.entries(parsed).map(([group, roles]) => [
      group,
      [roles as unknown].flat().map((role) => readGrant(String(role), wrong)),
    ]),
  );
}

/** https, but for this machine: a password or a code must not travel in the clear. */
function address(env: Environment, name: EnvironmentName): URL | null {
  const text = env[name];
  if (!text) return null;
  if (!URL.canParse(text)) throw bad(name, text, 'it must be an address such as https://HOST');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackName(url.hostname))) {
    throw bad(name, text, 'it must begin with https://');
  }
  if (url.username || url.password || url.search || url.hash) {
    throw bad(name, text, 'it must have no login, question mark or hash');
  }
  return url;
}

function bad(name: EnvironmentName, value: string, reason: string): PodlineError {
  return new PodlineError('config.bad_value', { name, value: JSON.stringify(value), reason });
}
