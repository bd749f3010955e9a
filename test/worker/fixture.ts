/** Rows for one claimable attempt, and helpers to read what became of it. Used by the worker's tests. */
import { createHash, randomBytes } from 'node:crypto';
import type { Assignment } from '../../runtime/worker/assignment.ts';
import type { Json, JsonObject, PlanTask } from '../../src/plan/plan.ts';
import type { TestDatabase } from '../../runtime/testing/database.ts';

export function planTask(part: Partial<PlanTask> & { operator: string }): PlanTask {
  return {
    id: 'work',
    config: {},
    inputs: {},
    references: { xcoms: [], variables: [], connections: [] },
    upstream: [],
    triggerRule: 'all_success',
    env: {},
    retries: {
      max: 0,
      delay: 300,
      factor: 1,
      maxDelay: 86400,
      jitter: 0,
      rules: [],
      infrastructure: 3,
    },
    pool: 'default_pool',
    poolSlots: 1,
    priority: 1,
    dependsOnPast: false,
    executor: 'local',
    setup: false,
    callbacks: {},
    ...part,
  };
}

export interface Launch {
  dagId?: string;
  params?: JsonObject;
  mapIndex?: number;
  xcoms?: { task: string; key?: string; mapIndex?: number; value: Json }[];
  bundle?: Record<string, string>;
}

export interface Launched {
  attemptId: number;
  instanceId: number;
  runId: number;
  token: Buffer;
}

let count = 0;

/** A run with one launching attempt of the task; the DAG is new unless `dagId` repeats. */
export async function launch(
  db: TestDatabase,
  task: PlanTask,
  options: Launch = {},
): Promise<Launched> {
  count += 1;
  const dagId = options.dagId ?? `dag_${count}`;
  const token = randomBytes(16);
  const { pool } = db;
  let bundleId: string | null = null;
  if (options.bundle) {
    const files = Object.entries(options.bundle);
    bundleId = createHash('sha256').update(JSON.stringify(files)).digest('hex');
    await pool.query('INSERT INTO podline.bundle (id) VALUES ($1) ON CONFLICT DO NOTHING', [
      bundleId,
    ]);
    for (const [path, content] of files) {
      await pool.query(
        'INSERT INTO podline.bundle_file (bundle_id, path, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
        [bundleId, path, Buffer.from(content)],
      );
    }
  }
  await pool.query('INSERT INTO podline.dag (dag_id) VALUES ($1) ON CONFLICT DO NOTHING', [dagId]);
  const version = await pool.query<{ id: string }>(
    'INSERT INTO podline.dag_version (dag_id, hash, plan, bundle_id) VALUES ($1, $2, $3, $4) RETURNING id',
    [dagId, `hash ${count}`, JSON.stringify({ timezone: 'UTC' }), bundleId],
  );
  const versionId = version.rows[0]?.id;
  await pool.query(
    'INSERT INTO podline.plan_task (version_id, task_id, position, spec) VALUES ($1, $2, 0, $3)',
    [versionId, task.id, JSON.stringify(task)],
  );
  const run = await pool.query<{ id: string }>(
    `INSERT INTO podline.run (dag_id, run_id, version_id, kind, state, logical_date, interval_start, interval_end, params)
     VALUES ($1, $2, $3, 'manual', 'running', '2026-03-01T06:00:00Z', '2026-02-28T06:00:00Z', '2026-03-01T06:00:00Z', $4)
     RETURNING id`,
    [dagId, `manual__${count}`, versionId, JSON.stringify(options.params ?? {})],
  );
  const runId = Number(run.rows[0]?.id);
  for (const xcom of options.xcoms ?? []) {
    await pool.query(
      'INSERT INTO podline.xcom (run_id, task_id, map_index, key, value) VALUES ($1, $2, $3, $4, $5)',
      [
        runId,
        xcom.task,
        xcom.mapIndex ?? -1,
        xcom.key ?? 'return_value',
        JSON.stringify(xcom.value),
      ],
    );
  }
  const instance = await pool.query<{ id: string }>(
    `INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor)
     VALUES ($1, $2, $3, $4, 'launching', 'default_pool', 'local') RETURNING id`,
    [runId, dagId, task.id, options.mapIndex ?? -1],
  );
  const instanceId = Number(instance.rows[0]?.id);
  const attempt = await pool.query<{ id: string }>(
    `INSERT INTO podline.attempt (instance_id, run_id, number, executor, token_hash)
     VALUES ($1, $2, 1, 'local', sha256($3)) RETURNING id`,
    [instanceId, runId, token],
  );
  const attemptId = Number(attempt.rows[0]?.id);
  await pool.query('UPDATE podline.task_instance SET attempt_id = $1 WHERE id = $2', [
    attemptId,
    instanceId,
  ]);
  return { attemptId, instanceId, runId, token };
}

export interface Recorded {
  state: string;
  cause: string | null;
  exitCode: number | null;
  message: string | null;
  outcome: JsonObject | null;
  xcom: Json | undefined;
  log: string;
}

export async function recorded(db: TestDatabase, launched: Launched): Promise<Recorded> {
  const attempt = await db.pool.query<Omit<Recorded, 'xcom' | 'log'>>(
    `SELECT state, cause, exit_code AS "exitCode", message, outcome FROM podline.attempt WHERE id = $1`,
    [launched.attemptId],
  );
  const xcom = await db.pool.query<{ value: Json }>(
    `SELECT value FROM podline.xcom x JOIN podline.task_instance t
       ON t.run_id = x.run_id AND t.task_id = x.task_id AND t.map_index = x.map_index
      WHERE t.id = $1 AND x.key = 'return_value'`,
    [launched.instanceId],
  );
  const log = await db.pool.query<{ content: Buffer }>(
    'SELECT content FROM podline.log_chunk WHERE attempt_id = $1 ORDER BY seq',
    [launched.attemptId],
  );
  const row = attempt.rows[0];
  if (!row) throw new Error('there is no such attempt');
  return {
    ...row,
    xcom: xcom.rows[0]?.value,
    log: Buffer.concat(log.rows.map((chunk) => chunk.content)).toString(),
  };
}

/** An assignment as a claim would hand it over, for tests that need no database. */
export function assignment(task: PlanTask, part: Partial<Assignment> = {}): Assignment {
  return {
    attempt: { id: 1, number: 1, try: 1, maxTries: 1, look: 1 },
    instance: { id: 1, mapIndex: -1, firstLookAt: '2026-03-02T00:00:00Z' },
    run: {
      id: 1,
      dagId: 'sales',
      runId: 'manual__1',
      kind: 'manual',
      logicalDate: '2026-03-01T06:00:00+00:00',
      intervalStart: '2026-02-28T06:00:00+00:00',
      intervalEnd: '2026-03-01T06:00:00+00:00',
      startedAt: '2026-03-02T00:00:00+00:00',
      params: {},
    },
    now: '2026-03-02T00:00:00Z',
    timezone: 'UTC',
    task,
    bundleId: null,
    traceparent: null,
    xcoms: [],
    variables: {},
    ...part,
  };
}
