/** Variables as people see and change them. Keyset by key. */
import type { Json } from '../../../src/plan/plan.ts';
import type { Queryable } from '../pool.ts';

const LIST = `
SELECT key, value, description, updated_at AS "updatedAt" FROM podline.variable
 WHERE $1::text IS NULL OR key > $1 ORDER BY key LIMIT $2`;

export interface VariableRow {
  key: string;
  value: Json;
  description: string | null;
  updatedAt: Date;
}

export async function readVariables(
  database: Queryable,
  given: { after?: string; limit: number },
): Promise<VariableRow[]> {
  const { rows } = await database.query<VariableRow>(LIST, [given.after ?? null, given.limit]);
  return rows;
}

const ONE = `
SELECT key, value, description, updated_at AS "updatedAt" FROM podline.variable WHERE key = $1`;

export async function readVariable(
  database: Queryable,
  key: string,
): Promise<VariableRow | undefined> {
  const { rows } = await database.query<VariableRow>(ONE, [key]);
  return rows[0];
}

const WRITE = `
INSERT INTO podline.variable (key, value, description)
SELECT * FROM unnest($1::text[], $2::jsonb[], $3::text[])
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = podline.now(),
                                description = coalesce(excluded.description, variable.description)`;

export async function writeVariables(
  database: Queryable,
  variables: { key: string; value: Json; description?: string }[],
): Promise<void> {
  await database.query(WRITE, [
    variables.map(({ key }) => key),
    variables.map(({ value }) => JSON.stringify(value)),
    variables.map(({ description }) => description ?? null),
  ]);
}

const DELETE = `
DELETE FROM podline.variable WHERE key = $1`;

export async function deleteVariableRow(database: Queryable, key: string): Promise<boolean> {
  const { rowCount } = await database.query(DELETE, [key]);
  return rowCount === 1;
}
