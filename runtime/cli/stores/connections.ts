/** `podline connections ...`: names and where they come from, never values. */
import { PodlineError } from '../../../src/errors.ts';
import { testConnection } from '../../connections/testConnection.ts';
import { EXIT } from '../exit.ts';
import { missing } from '../find.ts';
import type { Session } from '../session.ts';
import { connectionsOf } from '../tasks/trial.ts';

export async function listConnections(session: Session): Promise<void> {
  const { output } = session;
  const connections = connectionsOf(session);
  const entries = await connections.list();
  const rows = await Promise.all(
    entries.map(async ({ id, source }) => {
      const type = await connections.resolve(id).then(
        (connection) => connection.type,
        (error: unknown) => {
          if (error instanceof PodlineError) return 'unreadable';
          throw error;
        },
      );
      return { id, type, source };
    }),
  );
  output.printRows(
    rows,
    [
      { title: 'CONNECTION', value: (row) => row.id, shrink: true },
      { title: 'TYPE', value: (row) => row.type },
      { title: 'FROM', value: (row) => row.source },
    ],
    'No connections: set PODLINE_CONN_NAME to a URI, or write .podline/connections.json.',
  );
}

export async function tryConnection(session: Session, [id]: readonly [string]): Promise<number> {
  const { output } = session;
  const connections = connectionsOf(session);
  const connection = await connections.resolve(id).catch(async (error: unknown) => {
    if (!(error instanceof PodlineError) || error.code !== 'not_found.connection') throw error;
    const ids = (await connections.list()).map((one) => one.id);
    const variable = String(error.details.variable);
    throw await missing('not_found.connection', { connection: id, variable }, id, ids);
  });
  const started = performance.now();
  const { ok, message } = await testConnection(connection);
  const milliseconds = Math.round(performance.now() - started);
  const { green, red } = output.colours;
  if (output.json) output.printJson({ id, type: connection.type, ok, message, milliseconds });
  else output.print(`${id}: ${ok ? green('ok') : red('failed')}, ${message} (${milliseconds} ms)`);
  return ok ? EXIT.ok : EXIT.failed;
}
