/** Assets that the tasks of a run name, and how far these tasks are. By the primary key of the plan and the index of the run. */
import type { TaskState } from '../../../../src/model/states.ts';
import type { Queryable } from '../../pool.ts';

const SQL = `
SELECT p.task_id AS "taskId", p.spec ? 'map' AS "isMapped", a.kind, a.asset, s.states, s.ended_at AS "endedAt"
  FROM podline.plan_task p
 CROSS JOIN LATERAL (SELECT 'outlet' AS kind, jsonb_array_elements_text(p.spec -> 'outlets') AS asset
                      UNION ALL
                     SELECT 'inlet', jsonb_array_elements_text(p.spec -> 'inlets')) a
  LEFT JOIN LATERAL (SELECT array_agg(DISTINCT t.state) AS states, max(t.ended_at) AS ended_at
                       FROM podline.task_instance t WHERE t.run_id = $2 AND t.task_id = p.task_id) s ON true
 WHERE p.version_id = $1 AND (p.spec ? 'outlets' OR p.spec ? 'inlets')
 ORDER BY p.position, a.kind DESC, a.asset
 LIMIT 5000`;

export interface AssetRow {
  taskId: string;
  isMapped: boolean;
  kind: 'inlet' | 'outlet';
  asset: string;
  states: TaskState[] | null;
  endedAt: Date | null;
}

export async function readAssets(
  database: Queryable,
  run: { id: number; versionId: number },
): Promise<AssetRow[]> {
  const { rows } = await database.query<AssetRow>({
    name: 'web_assets',
    text: SQL,
    values: [run.versionId, run.id],
  });
  return rows;
}
