/** DAG values in a test database, as if files of a folder held them. */
import type { Dag } from 'podline/dag';
import type { Database } from '../../runtime/database/pool.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';

/** What the folder held before and these are not is set aside. */
export async function registerValues(
  database: Database,
  folder: string,
  values: readonly Dag[],
): Promise<void> {
  const dags = values.map((value) => {
    const plan = compile(value);
    return {
      plan,
      source: `${folder}/${value.id}.ts`,
      bundle: null,
      hash: versionHash(plan, null),
    };
  });
  await registerDags(database, { folder, dags, errors: [] });
}
