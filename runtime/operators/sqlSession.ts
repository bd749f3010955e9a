/**
 * A PostgreSQL session on one of the task's connections: runs scripts in a transaction, tells the log
 * of each statement, and stops the running statement when the task is to stop. Used by sql and sensor.sql.
 */
import pg from 'pg';
import { PodlineError } from '../../src/errors.ts';
import type { Json, JsonObject } from '../../src/plan/plan.ts';
import type { Connection } from '../../src/connections/connection.ts';
import { badConfig, isObject, list, text } from './config.ts';
import { TaskFailure, type OperatorContext } from './operator.ts';
import { jsonRow, sqlTypes } from './sqlValues.ts';
import { type Statement, splitStatements } from './sqlStatements.ts';

export interface SqlSession {
  /** Rows of the last statement that gave some, at most `keep` of them; `count` is how many there were. */
  runScript(script: SqlScript, keep: number): Promise<SqlRows>;
  close(): Promise<void>;
}

export interface SqlScript {
  text: string;
  file?: string;
}

export interface SqlRows {
  rows: JsonObject[];
  count: number;
}

export function scriptText(context: OperatorContext): SqlScript {
  const { script } = context.config;
  if (!isObject(script) || typeof script.text !== 'string') {
    throw badConfig(context, 'it has no script');
  }
  return { text: script.text, file: typeof script.file === 'string' ? script.file : undefined };
}

/** What node-postgres takes for a connection of ours. */
export function postgresConfig(connection: Connection): pg.ClientConfig {
  if (!/^postgres(ql)?$/.test(connection.type)) {
    throw new PodlineError('connection.bad', {
      connection: connection.id,
      reason: `its type is "${connection.type}", and only postgresql is possible here`,
    });
  }
  return {
    connectionString: connection.uri,
    application_name: 'podline task',
    keepAlive: true,
    types: sqlTypes,
  };
}

export async function openSession(context: OperatorContext): Promise<SqlSession> {
  const connection = context.connection(text(context, 'connection'));
  const client = new pg.Client({ ...postgresConfig(connection), connectionTimeoutMillis: 30_000 });
  client.on('error', () => {});
  client.on('notice', (notice) => context.log(`${notice.severity}: ${notice.message}`));
  const cancel = (): void => void cancelQuery(client, connection);
  context.signal.addEventListener('abort', cancel, { once: true });
  try {
    context.signal.throwIfAborted();
    await client.connect();
  } catch (error) {
    context.signal.removeEventListener('abort', cancel);
    await client.end().catch(() => {});
    throw error;
  }
  return {
    runScript: (script, keep) => runScript(client, context, script, keep),
    async close() {
      context.signal.removeEventListener('abort', cancel);
      await client.end().catch(() => {});
    },
  };
}

async function runScript(
  client: pg.Client,
  context: OperatorContext,
  script: SqlScript,
  keep: number,
): Promise<SqlRows> {
  const parameters = list(context, 'parameters').map(parameterValue);
  const statements = splitStatements(script.text);
  const most = Math.max(0, ...statements.map((statement) => statement.parameters));
  if (most > parameters.length) {
    throw badConfig(context, `the script names $${most} and has ${parameters.length} parameters`);
  }
  let found: SqlRows = { rows: [], count: 0 };
  await client.query('BEGIN');
  for (const [index, statement] of statements.entries()) {
    const began = performance.now();
    const end = await runStatement(client, statement, parameters, keep).catch((error: unknown) => {
      throw error instanceof pg.DatabaseError
        ? sqlError(error, statement, script.file ?? 'the script')
        : error;
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(3);
    context.log(
      `statement ${index + 1} of ${statements.length} (line ${statement.line}): ${end.says}, ${seconds} s`,
    );
    if (end.found) found = end.found;
  }
  // A script that ends the transaction itself only gets a warning of the server here.
  await client.query('COMMIT');
  return found;
}

/** Rows beyond `keep` are counted and let go, so that a huge result does not fill the memory. */
function runStatement(
  client: pg.Client,
  statement: Statement,
  parameters: unknown[],
  keep: number,
): Promise<{ says: string; found: SqlRows | undefined }> {
  return new Promise((resolve, reject) => {
    const found: SqlRows = { rows: [], count: 0 };
    const query = new pg.Query<Record<string, unknown>>(
      statement.text,
      parameters.slice(0, statement.parameters),
    );
    query.on('row', (row) => {
      found.count += 1;
      if (found.rows.length < keep) found.rows.push(jsonRow(row));
    });
    query.on('error', reject);
    query.on('end', (result) => {
      const rows = result.rowCount === null ? '' : `, ${result.rowCount} rows`;
      const says = `${result.command || 'done'}${rows}`;
      resolve({ says, found: result.fields.length > 0 ? found : undefined });
    });
    client.query(query);
  });
}

/** File and line in front, the server's detail and hint behind. */
function sqlError(error: pg.DatabaseError, statement: Statement, name: string): Error {
  const position = Number(error.position ?? 0);
  const inside = position > 0 ? statement.text.slice(0, position - 1).split('\n').length - 1 : 0;
  const more = [error.detail, error.hint && `Hint: ${error.hint}`].filter(Boolean).join(' ');
  const message = `${name}:${statement.line + inside}: ${error.message} (${error.code})${more && `. ${more}`}`;
  return new TaskFailure('error', message, { cause: error });
}

function parameterValue(value: Json): unknown {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** Asks the server to stop the statement; the session itself ends with its error. */
async function cancelQuery(client: pg.Client, connection: Connection): Promise<void> {
  const { processID } = client as pg.Client & { processID: number | null };
  if (processID === null) return void client.end().catch(() => {});
  const other = new pg.Client({ ...postgresConfig(connection), connectionTimeoutMillis: 5000 });
  other.on('error', () => {});
  try {
    await other.connect();
    await other.query('SELECT pg_cancel_backend($1)', [processID]);
  } catch {
    await client.end().catch(() => {});
  } finally {
    await other.end().catch(() => {});
  }
}
