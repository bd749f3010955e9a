/** `podline db migrate`, with `--wait` beside a database that is being started. */
import { migrate } from '../../database/migrate.ts';
import { describeUrl } from '../../database/pool.ts';
import { withPatience } from '../patience.ts';
import type { Session } from '../session.ts';

export async function migrateDatabase(
  session: Session,
  _args: readonly [],
  { wait = 0 }: { wait?: number },
): Promise<void> {
  const { output } = session;
  const { url } = await session.open({ anySchema: true });
  const { applied, version } = await withPatience(session, wait, () => migrate(url));
  if (output.json) {
    output.printJson({ database: describeUrl(url), applied, version });
    return;
  }
  for (const name of applied) output.print(`applied ${name}`);
  output.print(`The database ${describeUrl(url)} is at ${version}.`);
}
