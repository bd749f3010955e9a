/** Two DAGs in a test database: `sales` with the tag `finance`, `hidden` without any. */
import { bash, dag } from 'podline/dag';
import type { Database } from '../../../runtime/database/pool.ts';
import { registerDags } from '../../../runtime/register/registerDags.ts';
import { versionHash } from '../../../src/plan/canonical.ts';
import { compile } from '../../../src/plan/compile.ts';

export async function registerSamples(database: Database): Promise<void> {
  const dags = [
    dag('sales', { tags: ['finance'] }, (d) => void d.task('load', bash({ script: 'true' }))),
    dag('hidden', {}, (d) => void d.task('load', bash({ script: 'true' }))),
  ].map((value) => {
    const plan = compile(value);
    const source = `/dags/${value.id}.ts`;
    return { plan, source, bundle: null, hash: versionHash(plan, null) };
  });
  await registerDags(database, { folder: '/dags', dags, errors: [] });
}
