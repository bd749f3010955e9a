/** The part of `podline doctor` about the database: reachable, migrated, worker role, invariants, workers. */
import { workerDatabaseUrl } from '../config.ts';
import { checkInvariants, INVARIANTS } from '../database/invariants.ts';
import { checkVersion, latestVersion } from '../database/migrate.ts';
import { type Database, describeUrl, openClient } from '../database/pool.ts';
import { readHealth } from '../database/queries/readHealth.ts';
import type { Finding } from './doctor.ts';
import { asPodlineErrors } from './exit.ts';
import { count } from '../explain/human.ts';
import type { Session } from './session.ts';

/** PostgreSQL 14 is the oldest that its makers still care for. */
const OLDEST_SERVER = 140_000;

export async function databaseFindings(session: Session): Promise<Finding[]> {
  let database: Database;
  let url: string;
  try {
    ({ pool: database, url } = await session.open({ anySchema: true }));
    await database.query('SELECT');
  } catch (error) {
    return [failure('database', error)];
  }
  const findings = [await server(database, url)];
  try {
    await checkVersion(database);
    findings.push({ what: 'schema', level: 'ok', says: await latestVersion() });
  } catch (error) {
    findings.push(failure('schema', error));
    return findings;
  }
  findings.push(await workerRole(workerDatabaseUrl(session.config, url)));
  findings.push(await invariants(database));
  findings.push(...(await health(database)));
  return findings;
}

function failure(what: string, error: unknown): Finding {
  const [first] = asPodlineErrors(error);
  const remedy = first?.remedy ?? '';
  return { what, level: 'fail', says: first?.problem ?? String(error), remedy };
}

async function server(database: Database, url: string): Promise<Finding> {
  const { rows } = await database.query<{ number: number; version: string; milliseconds: number }>(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version`,
  );
  const { number = 0, version = '' } = rows[0] ?? {};
  const says = `PostgreSQL ${version} at ${describeUrl(url)}`;
  if (number >= OLDEST_SERVER) return { what: 'database', level: 'ok', says };
  return { what: 'database', level: 'warn', says, remedy: 'Move to PostgreSQL 14 or newer.' };
}

/** Workers log in with a role of their own, which may do nothing but report. */
async function workerRole(url: string): Promise<Finding> {
  const what = 'worker role';
  try {
    const client = await openClient(url, 'podline-doctor');
    try {
      const { rows } = await client.query<{ role: string; canReport: boolean; canRead: boolean }>(
        `SELECT current_user AS role,
                has_function_privilege('report.heartbeat(bigint, bytea, int)', 'EXECUTE') AS "canReport",
                has_schema_privilege('podline', 'USAGE') AS "canRead"`,
      );
      const { role = '', canReport, canRead } = rows[0] ?? {};
      if (!canReport) {
        const says = `${role} may not call the report functions`;
        return { what, level: 'fail', says, remedy: 'Run `podline db migrate`.' };
      }
      if (canRead) {
        const says = `${role} may do more than report`;
        return { what, level: 'warn', says, remedy: 'Give workers a role of their own.' };
      }
      return { what, level: 'ok', says: role };
    } finally {
      await client.end();
    }
  } catch (error) {
    const says = `it cannot log in (${(error as Error).message})`;
    return { what, level: 'fail', says, remedy: 'Run `podline db migrate`.' };
  }
}

async function invariants(database: Database): Promise<Finding> {
  const broken = await checkInvariants(database);
  if (broken.length === 0) {
    return {
      what: 'invariants',
      level: 'ok',
      says: `${INVARIANTS.length} of ${INVARIANTS.length} hold`,
    };
  }
  const names = broken.map(({ invariant }) => invariant).join(', ');
  const remedy = '`podline db check` shows the rows; please report it.';
  return { what: 'invariants', level: 'fail', says: `broken: ${names}`, remedy };
}

async function health(database: Database): Promise<Finding[]> {
  const { workers, buildErrors, deadCallbacks, scheduleErrors } = await readHealth(database);
  const findings: Finding[] = [];
  const names = workers.map(({ host, pid, slots }) => `${host}/${pid} (${slots} slots)`).join(', ');
  findings.push(
    workers.length > 0
      ? { what: 'workers', level: 'ok', says: `${count(workers.length, 'live worker')}: ${names}` }
      : {
          what: 'workers',
          level: 'warn',
          says: 'none is running: nothing will be scheduled',
          remedy: 'Start `podline scheduler` or `podline dev FOLDER`.',
        },
  );
  const troubles = [
    [buildErrors, 'DAG file', 'do not build', '`podline build FOLDER` shows the errors.'],
    [scheduleErrors, 'DAG', 'have a schedule that cannot be computed', '`podline dags list`'],
    [deadCallbacks, 'callback', 'were given up', 'Look at podline.outbox for the reasons.'],
  ] as const;
  for (const [n, noun, words, remedy] of troubles) {
    if (n > 0) findings.push({ what: `${noun}s`, level: 'warn', says: `${n} ${words}`, remedy });
  }
  return findings;
}
