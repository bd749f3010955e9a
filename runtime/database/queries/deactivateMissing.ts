/** Sets DAGs aside that are no longer in their folder. Reads all DAGs of one owner: hundreds, not millions. */
import type { Transaction } from '../pool.ts';

const SQL = `
UPDATE podline.dag
   SET active = false, next_logical_date = NULL, next_run_at = NULL, updated_at = podline.now()
 WHERE active AND managed_by = $1 AND starts_with(source, $2)
   AND dag_id <> ALL ($3::text[]) AND source <> ALL ($4::text[])
   AND ($5::text[] IS NULL OR dag_id = ANY ($5))
RETURNING dag_id`;

export async function deactivateMissing(
  transaction: Transaction,
  given: {
    managedBy: string;
    /** Only DAGs whose file lies in this folder. */
    folder: string;
    present: readonly string[];
    /** Undefined: any. */
    among?: readonly string[] | undefined;
    /** Files that did not build: what they hold is not known. */
    brokenSources: readonly string[];
  },
): Promise<string[]> {
  const { rows } = await transaction.query<{ dag_id: string }>(SQL, [
    given.managedBy,
    `${given.folder}/`,
    given.present,
    given.brokenSources,
    given.among ?? null,
  ]);
  return rows.map(({ dag_id }) => dag_id).sort();
}
