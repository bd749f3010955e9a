/**
 * Withdraws the right to write from the live attempts of some instances. Their processes are stopped
 * by whoever started them (the worker looks for attempts of its own that are ended but not gone).
 */
import type { Transaction } from '../pool.ts';

const SQL = `
UPDATE podline.attempt a
   SET state = 'failed', cause = k.cause, ended_at = podline.now(), token_hash = NULL, lease_until = NULL,
       gone_at = CASE WHEN a.state = 'waiting' THEN a.gone_at END
  FROM unnest($1::bigint[], $2::text[]) AS k(instance_id, cause)
 WHERE a.instance_id = k.instance_id AND a.state IN ('launching', 'running', 'waiting')
RETURNING a.id, a.run_id AS "runId"`;

export interface KilledAttempt {
  id: number;
  runId: number;
}

export async function killAttempts(
  transaction: Transaction,
  kills: { instanceId: number; cause: string }[],
): Promise<KilledAttempt[]> {
  const { rows } = await transaction.query<KilledAttempt>({
    name: 'kill_attempts',
    text: SQL,
    values: [kills.map(({ instanceId }) => instanceId), kills.map(({ cause }) => cause)],
  });
  if (rows.length > 0) await transaction.query("SELECT pg_notify('podline_kill', '')");
  return rows;
}
