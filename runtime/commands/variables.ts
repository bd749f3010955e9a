/** Variables set and deleted by hand, each with its audit row, which never has the value. Used by the CLI and the API. */
import type { Json } from '../../src/plan/plan.ts';
import { type Database, inTransaction } from '../database/pool.ts';
import { deleteVariableRow, writeVariables } from '../database/queries/readVariables.ts';
import { audit } from './audit.ts';

export const VARIABLE_KEY = /^[^\s\p{Cc}]{1,250}$/u;

export async function setVariables(
  database: Database,
  variables: { key: string; value: Json; description?: string }[],
  action: 'variable.set' | 'variable.import',
  actor?: string,
): Promise<void> {
  await inTransaction(database, async (transaction) => {
    await writeVariables(transaction, variables);
    for (const { key } of variables) await audit(transaction, actor, action, key);
  });
}

/** False when there is none. */
export async function deleteVariable(
  database: Database,
  key: string,
  actor?: string,
): Promise<boolean> {
  return inTransaction(database, async (transaction) => {
    const found = await deleteVariableRow(transaction, key);
    if (found) await audit(transaction, actor, 'variable.delete', key);
    return found;
  });
}
