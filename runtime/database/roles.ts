/**
 * The database roles beside the owner: workers may EXECUTE the functions of schema `report`, pool workers those of schema
 * `pool`, nothing else. The migration makes them, or takes those that an administrator made, and grants. Names and
 * passwords follow from the owner's connection string (src/model/databaseRoles.ts).
 */
import { createHmac } from 'node:crypto';
import type { Client } from 'pg';
import { PodlineError } from '../../src/errors.ts';
import {
  databaseRole,
  type DatabaseRole,
  type DatabaseRoleKind,
  ownerPassword,
} from '../../src/model/databaseRoles.ts';
import { HOT_SETTINGS, openClient } from './pool.ts';

/** What each role may call. */
const SCHEMAS = { worker: 'report', pool: 'pool' } as const;
const KINDS: readonly DatabaseRoleKind[] = ['worker', 'pool'];

/** What launch tokens of pods are made from. Known to every process that holds the owner's connection string. */
export function launchKey(ownerUrl: string): Buffer {
  return createHmac('sha256', ownerPassword(ownerUrl))
    .update(`podline launch ${new URL(ownerUrl).pathname}`)
    .digest();
}

/** The token that goes with a nonce of an attempt; whoever has the key makes the same one again. */
export function launchToken(key: Buffer, nonce: Buffer): Buffer {
  return createHmac('sha256', key).update(nonce).digest();
}

/** The statements that make the roles, for an administrator. They hold passwords. */
export function roleStatements(ownerUrl: string): string[] {
  return KINDS.map((kind) => {
    const { name, password } = databaseRole(kind, ownerUrl);
    return `CREATE ROLE "${name.replaceAll('"', '""')}" LOGIN NOINHERIT PASSWORD '${password}';`;
  });
}

/** Makes the roles or brings them up to date, as far as the owner may; grants what is missing. */
export async function ensureRoles(client: Client, ownerUrl: string): Promise<void> {
  const roles = KINDS.map((kind) => ({ ...databaseRole(kind, ownerUrl), schema: SCHEMAS[kind] }));
  const found = new Map<string, Found>();
  for (const { name } of roles) found.set(name, await find(client, name));
  const missing = roles.filter(({ name }) => found.get(name)?.may === 'nothing');
  if (missing.length > 0) {
    const { rows } = await client.query<{ owner: string }>('SELECT current_user AS owner');
    throw new PodlineError('database.roles_missing', {
      owner: rows[0]?.owner ?? '',
      roles: missing.map(({ name }) => `"${name}"`).join(' and '),
    });
  }
  for (const role of roles) {
    const { may, powers } = found.get(role.name) ?? NOBODY;
    if (powers !== null) throw bad(role, `it has ${powers}, which it must not`);
    if (may !== 'use') await make(client, role, may);
    await grant(client, role);
    if (may === 'use') await checkAndTune(role);
  }
}

interface Found {
  /** `change`: as a superuser does; `password`: as one with CREATEROLE does; `use`: it is there, made by somebody else. */
  may: 'create' | 'change' | 'password' | 'use' | 'nothing';
  /** Attributes that neither role may have. */
  powers: string | null;
}

const NOBODY: Found = { may: 'nothing', powers: null };

// CREATEROLE reached every role before PostgreSQL 16; since then those that one made, or was made admin of.
const FIND = `
SELECT CASE WHEN r.oid IS NULL THEN CASE WHEN me.rolsuper OR me.rolcreaterole THEN 'create' ELSE 'nothing' END
            WHEN me.rolsuper THEN 'change'
            WHEN me.rolcreaterole AND (current_setting('server_version_num')::int < 160000
                                       OR pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')) THEN 'password'
            ELSE 'use' END AS may,
       nullif(concat_ws(', ', CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
                        CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
                        CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END), '') AS powers
  FROM pg_roles me LEFT JOIN pg_roles r ON r.rolname = $1
 WHERE me.rolname = current_user`;

async function find(client: Client, name: string): Promise<Found> {
  const { rows } = await client.query<Found>(FIND, [name]);
  const found = rows[0] ?? NOBODY;
  // A superuser takes the attributes away.
  return found.may === 'change' ? { ...found, powers: null } : found;
}

async function make(client: Client, role: DatabaseRole, may: Found['may']): Promise<void> {
  const name = client.escapeIdentifier(role.name);
  // Who is no superuser may not even say NOSUPERUSER of a role that is there.
  const others = may === 'password' ? '' : ' NOSUPERUSER NOCREATEDB NOCREATEROLE';
  await client.query(
    `${may === 'create' ? 'CREATE' : 'ALTER'} ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(role.password)} NOINHERIT${others}`,
  );
  for (const [setting, value] of Object.entries(HOT_SETTINGS)) {
    await client.query(`ALTER ROLE ${name} SET ${setting} = '${value}'`);
  }
}

/** The owner cannot change this role, but it may set its own defaults; to log in proves that the password is right. */
async function checkAndTune(role: DatabaseRole): Promise<void> {
  const client = await openClient(role.url, 'podline-migrate').catch((error: unknown) => {
    throw bad(role, `it cannot log in (${(error as Error).message})`);
  });
  try {
    for (const [setting, value] of Object.entries(HOT_SETTINGS)) {
      const { rows } = await client.query<{ same: boolean }>(
        'SELECT current_setting($1) = $2 AS same',
        [setting, value],
      );
      if (rows[0]?.same) continue;
      await client.query(`ALTER ROLE CURRENT_USER SET ${setting} = '${value}'`);
    }
  } finally {
    await client.end();
  }
}

// What is there is left alone: a GRANT writes the rows of all functions anew.
const GRANTED = `
SELECT has_database_privilege($1, current_database(), 'CONNECT') AS connect,
       has_schema_privilege($1, $2, 'USAGE') AS usage,
       NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = $2::regnamespace
                      AND NOT has_function_privilege($1, p.oid, 'EXECUTE')) AS execute,
       current_database() AS database`;

async function grant(
  client: Client,
  { name, schema }: DatabaseRole & { schema: string },
): Promise<void> {
  interface Granted {
    connect: boolean;
    usage: boolean;
    execute: boolean;
    database: string;
  }
  const { rows } = await client.query<Granted>(GRANTED, [name, schema]);
  const role = client.escapeIdentifier(name);
  const database = client.escapeIdentifier(rows[0]?.database ?? '');
  if (!rows[0]?.connect) await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
  if (!rows[0]?.usage) await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
  if (!rows[0]?.execute) {
    await client.query(`GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role}`);
  }
}

function bad({ name }: DatabaseRole, reason: string): PodlineError {
  return new PodlineError('database.role_unusable', { role: name, reason });
}
