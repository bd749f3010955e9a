/** Two DAGs in a test database: `sales` with the tag `finance`, `hidden` without any. */
import { bash, dag } from 'podline/dag';
import type { Database } from '../../../runtime/database/pool.ts';
import { registerValues } from '../registerValues.ts';

export async function registerSamples(database: Database): Promise<void> {
  await registerValues(database, '/dags', [
    dag('sales', { tags: ['finance'] }, (d) => void d.task('load', bash({ script: 'true' }))),
    dag('hidden', {}, (d) => void d.task('load', bash({ script: 'true' }))),
  ]);
}
