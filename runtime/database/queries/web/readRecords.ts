/** Lists of the audit log, of backfills and of files that do not build. Keyset by number, newest first. */
import type { BuildError } from '../../../build/types.ts';
import type { JsonObject } from '../../../../src/plan/plan.ts';
import type { RunState } from '../../../../src/model/states.ts';
import type { Visible } from '../../../../src/model/access.ts';
import type { Queryable } from '../../pool.ts';
import { seen, seenValues } from './seen.ts';

const AUDIT = `
SELECT id, at, actor, action, subject, details FROM podline.audit
 WHERE ($1::bigint IS NULL OR id < $1) AND ($2::text IS NULL OR actor = $2) AND ($3::text IS NULL OR action = $3)
   AND ($4::text IS NULL OR starts_with(subject, $4)) AND ($5::timestamptz IS NULL OR at >= $5)
 ORDER BY id DESC LIMIT $6`;

export interface AuditRow {
  id: number;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  details: JsonObject;
}

export async function readAudit(
  database: Queryable,
  given: {
    before?: number;
    actor?: string;
    action?: string;
    subject?: string;
    since?: string;
    limit: number;
  },
): Promise<AuditRow[]> {
  const { before, actor, action, subject, since, limit } = given;
  const { rows } = await database.query<AuditRow>({
    name: 'web_audit',
    text: AUDIT,
    values: [before ?? null, actor ?? null, action ?? null, subject ?? null, since ?? null, limit],
  });
  return rows;
}

const SEEN_BACKFILL = seen('b.dag_id', 4);

const BACKFILLS = `
SELECT b.id, b.dag_id AS "dagId", b.from_date AS "from", b.to_date AS "to", b.reverse, b.reprocess,
       b.max_active_runs AS "maxActiveRuns", b.params, b.created_at AS "createdAt", b.ended_at AS "endedAt",
       (SELECT coalesce(jsonb_object_agg(s.state, s.n), '{}')
          FROM (SELECT r.state, count(*) AS n FROM podline.run r WHERE r.backfill_id = b.id GROUP BY r.state) s) AS counts
  FROM podline.backfill b
 WHERE ($1::bigint IS NULL OR b.id < $1) AND ($2::text IS NULL OR b.dag_id = $2) AND ${SEEN_BACKFILL}
 ORDER BY b.id DESC LIMIT $3`;

export interface BackfillRow {
  id: number;
  dagId: string;
  from: Date;
  to: Date;
  reverse: boolean;
  reprocess: 'none' | 'failed' | 'all';
  maxActiveRuns: number;
  params: JsonObject;
  createdAt: Date;
  endedAt: Date | null;
  counts: Partial<Record<RunState, number>>;
}

export async function readBackfills(
  database: Queryable,
  given: { before?: number; dagId?: string; visible: Visible; limit: number },
): Promise<BackfillRow[]> {
  const { rows } = await database.query<BackfillRow>({
    name: 'web_backfills',
    text: BACKFILLS,
    values: [
      ...[given.before ?? null, given.dagId ?? null, given.limit],
      ...seenValues(given.visible),
    ],
  });
  return rows;
}

const SEEN_DAG = seen('x.dag_id', 1);

// Who may not see all DAGs sees the files of those that they may see.
const BUILD_ERRORS = `
SELECT e.source, e.at, e.errors, d.dags
  FROM podline.build_error e
 CROSS JOIN LATERAL (SELECT coalesce(array_agg(x.dag_id ORDER BY x.dag_id), '{}') AS dags FROM podline.dag x
                      WHERE x.source = e.source AND x.active AND ${SEEN_DAG}) d
 WHERE $1 OR cardinality(d.dags) > 0
 ORDER BY e.at DESC, e.source LIMIT 1000`;

export interface BuildErrorRow {
  source: string;
  at: Date;
  errors: BuildError[];
  dags: string[];
}

export async function readBuildErrors(
  database: Queryable,
  visible: Visible,
): Promise<BuildErrorRow[]> {
  const { rows } = await database.query<BuildErrorRow>({
    name: 'web_build_errors',
    text: BUILD_ERRORS,
    values: seenValues(visible),
  });
  return rows;
}
