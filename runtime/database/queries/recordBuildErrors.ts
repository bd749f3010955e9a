/** Writes the errors of one build of a folder, and clears those of files that are good again or gone. */
import type { BuildError } from '../../build/types.ts';
import type { Transaction } from '../pool.ts';

const CLEAR = `
DELETE FROM podline.build_error WHERE starts_with(source, $1) AND source <> ALL ($2::text[])`;

// An error that stays keeps the time at which it was first seen.
const UPSERT = `
INSERT INTO podline.build_error (source, errors)
SELECT * FROM unnest($1::text[], $2::jsonb[])
ON CONFLICT (source) DO UPDATE SET errors = excluded.errors, at = podline.now()
 WHERE build_error.errors IS DISTINCT FROM excluded.errors`;

export async function recordBuildErrors(
  transaction: Transaction,
  folder: string,
  errors: readonly BuildError[],
): Promise<void> {
  const bySource = new Map<string, BuildError[]>();
  for (const error of errors)
    bySource.set(error.source, [...(bySource.get(error.source) ?? []), error]);
  const sources = [...bySource.keys()];
  await transaction.query(CLEAR, [`${folder}/`, sources]);
  // Messages quote the author's text, and jsonb takes neither of these.
  const clean = (_key: string, value: unknown) =>
    typeof value === 'string' ? value.replace(/\0|\p{Surrogate}/gu, '\uFFFD') : value;
  const texts = [...bySource.values()].map((list) => JSON.stringify(list, clean));
  if (sources.length > 0) await transaction.query(UPSERT, [sources, texts]);
}
