/**
 * What tasks wrote about themselves outside of the system, compared with what the system recorded. Used by
 * harness.ts after every scenario.
 */
import { readFileSync } from 'node:fs';
import type { Queryable } from '../../runtime/database/pool.ts';
import { CAUSES } from '../../src/model/causes.ts';

export interface Ledger {
  /** Executions by task instance: dag/run/task/index. */
  starts: Map<string, number>;
  ends: Map<string, number>;
  /** An execution began while an earlier one of the same instance was alive. */
  overlaps: string[];
}

export function readLedger(file: string): Ledger {
  const ledger: Ledger = { starts: new Map(), ends: new Map(), overlaps: [] };
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [what, key = ''] = line.split(' ');
    if (what === 'overlap') ledger.overlaps.push(line);
    const counts = what === 'start' ? ledger.starts : what === 'end' ? ledger.ends : undefined;
    counts?.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ledger;
}

interface Instance {
  key: string;
  state: string;
  tries_used: number;
  infra_used: number;
  attempts: number;
  successes: number;
  /** Causes of failed attempts. */
  causes: string[];
}

const INSTANCES = `
SELECT r.dag_id || '/' || r.run_id || '/' || t.task_id || '/' || t.map_index AS key, t.state, t.tries_used, t.infra_used,
       count(a.id)::int AS attempts, count(a.id) FILTER (WHERE a.state = 'success')::int AS successes,
       coalesce(array_agg(a.cause) FILTER (WHERE a.state = 'failed'), '{}') AS causes
  FROM podline.task_instance t
  JOIN podline.run r ON r.id = t.run_id
  LEFT JOIN podline.attempt a ON a.instance_id = t.id
 GROUP BY r.id, t.id`;

/** What the two accounts disagree about, in words. */
export async function compareLedger(database: Queryable, ledger: Ledger): Promise<string[]> {
  const problems: string[] = [];
  const { rows } = await database.query<Instance>(INSTANCES);
  const known = new Set(rows.map(({ key }) => key));
  for (const key of ledger.starts.keys()) {
    if (!known.has(key)) problems.push(`${key} ran, and the database does not know it`);
  }
  for (const row of rows) {
    const starts = ledger.starts.get(row.key) ?? 0;
    const ends = ledger.ends.get(row.key) ?? 0;
    if (starts > row.attempts) {
      problems.push(`${row.key} began ${starts} times in ${row.attempts} attempts`);
    }
    if (row.successes > 1) problems.push(`${row.key} has ${row.successes} successes`);
    if (row.state === 'success' && (ends < 1 || row.successes !== 1)) {
      problems.push(`${row.key} is recorded as a success and ended ${ends} times`);
    }
    const own = row.causes.filter((cause) => !isInfrastructure(cause)).length;
    const tries = own + (row.state === 'success' ? 1 : 0);
    if (row.tries_used !== tries || row.infra_used !== row.causes.length - own) {
      const used = `${row.tries_used} tries, ${row.infra_used} of the infrastructure`;
      problems.push(`${row.key} spent ${used} on ${row.causes.join(', ')}`);
    }
  }
  return problems;
}

function isInfrastructure(cause: string): boolean {
  return (CAUSES as Record<string, { infrastructure: boolean }>)[cause]?.infrastructure ?? false;
}
