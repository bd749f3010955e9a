/**
 * `podline db roles`: the SQL for an administrator, where the owner of the database may make no roles. It holds
 * passwords: pipe it into psql, do not keep it.
 */
import { roleStatements } from '../../database/roles.ts';
import type { Session } from '../session.ts';

export async function printRoles(session: Session): Promise<void> {
  const { output, config } = session;
  // Derived from the connection string alone: the database need not be there yet.
  const url = config.databaseUrl ?? (await session.open({ anySchema: true })).url;
  const statements = roleStatements(url);
  if (output.json) output.printJson({ statements });
  else for (const statement of statements) output.print(statement);
}
