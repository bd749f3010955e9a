/** The row of one DAG while it is registered: made, locked and read, written. By primary key. */
import type { Plan } from '../../../src/plan/plan.ts';
import type { Tick } from '../../../src/plan/schedule.ts';
import type { Transaction } from '../pool.ts';

const INSERT = `
WITH made AS (
  INSERT INTO podline.dag (dag_id, managed_by) VALUES ($1, $2) ON CONFLICT (dag_id) DO NOTHING RETURNING dag_id
), load AS (
  INSERT INTO podline.dag_load (dag_id) SELECT dag_id FROM made
)
SELECT dag_id FROM made`;

// The last tick is found through the index run_tick, backwards.
const LOCK = `
SELECT d.managed_by, d.version_id, v.number AS version, d.active, d.source, v.hash, v.sources_hash, v.plan AS facts, podline.now() AS now,
       (SELECT r.logical_date FROM podline.run r
         WHERE r.dag_id = d.dag_id AND r.kind = 'scheduled' AND r.logical_date IS NOT NULL
         ORDER BY r.logical_date DESC LIMIT 1) AS last_logical_date
  FROM podline.dag d LEFT JOIN podline.dag_version v ON v.id = d.version_id
 WHERE d.dag_id = $1 FOR NO KEY UPDATE OF d`;

const UPDATE = `
UPDATE podline.dag
   SET version_id = $2, source = $3, max_active_runs = $4, max_active_tasks = $5, active = true,
       next_logical_date = CASE WHEN $6 THEN $7::timestamptz ELSE next_logical_date END,
       next_run_at = CASE WHEN $6 THEN $8::timestamptz ELSE next_run_at END,
       schedule_error = CASE WHEN $6 THEN NULL ELSE schedule_error END,
       managed_by = $9, updated_at = podline.now()
 WHERE dag_id = $1`;

export interface DagRow {
  managed_by: string;
  version_id: number | null;
  version: number | null;
  active: boolean;
  source: string | null;
  hash: string | null;
  sources_hash: string | null;
  facts: Partial<Plan> | null;
  now: Date;
  last_logical_date: Date | null;
}

/** True when the DAG is new. */
export async function insertDag(
  transaction: Transaction,
  dagId: string,
  managedBy: string,
): Promise<boolean> {
  const { rows } = await transaction.query(INSERT, [dagId, managedBy]);
  return rows.length > 0;
}

export async function lockDag(transaction: Transaction, dagId: string): Promise<DagRow> {
  const { rows } = await transaction.query<DagRow>(LOCK, [dagId]);
  const [row] = rows;
  if (!row) throw new Error(`DAG ${dagId} vanished while it was registered`);
  return row;
}

export async function updateDag(
  transaction: Transaction,
  change: {
    dagId: string;
    versionId: number;
    source: string;
    managedBy: string;
    maxActiveRuns: number;
    maxActiveTasks: number;
    /** Undefined keeps the next tick. */
    schedule: { tick: Tick | null } | undefined;
  },
): Promise<void> {
  await transaction.query(UPDATE, [
    change.dagId,
    change.versionId,
    change.source,
    change.maxActiveRuns,
    change.maxActiveTasks,
    change.schedule !== undefined,
    change.schedule?.tick?.logicalDate ?? null,
    change.schedule?.tick?.runAt ?? null,
    change.managedBy,
  ]);
}
