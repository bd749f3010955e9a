/** What a list may show (src/model/access.ts), as SQL: three parameters from number `at` on. Used by every list over DAGs. */
import type { Visible } from '../../../../src/model/access.ts';

export function seen(dagId: string, at: number): string {
  return `($${at}::boolean OR ${dagId} = ANY($${at + 1}::text[]) OR EXISTS (
          SELECT FROM podline.dag s JOIN podline.dag_version sv ON sv.id = s.version_id
           WHERE s.dag_id = ${dagId} AND sv.plan -> 'tags' ?| $${at + 2}::text[]))`;
}

export function seenValues({ all, dags, tags }: Visible): [boolean, string[], string[]] {
  return [all, dags, tags];
}
