/** The statements of the executor of pods, on a real database: what they write, and what they leave alone. */
import assert from 'node:assert/strict';
import type { Client } from 'pg';
import { openClient } from '../../../runtime/database/pool.ts';
import { adoptAttempts } from '../../../runtime/database/queries/pods/adoptAttempts.ts';
import {
  endPodAttempts,
  type PodEnd,
} from '../../../runtime/database/queries/pods/endPodAttempts.ts';
import { markPodsRunning } from '../../../runtime/database/queries/pods/markPodsRunning.ts';
import { notePods } from '../../../runtime/database/queries/pods/notePods.ts';
import { readPodLaunches } from '../../../runtime/database/queries/pods/readPodLaunches.ts';
import { readPodOwners } from '../../../runtime/database/queries/pods/readPodOwners.ts';
import {
  markGone,
  reapWorkers,
  registerWorker,
  WORKER_LOCK,
} from '../../../runtime/database/queries/workers.ts';
import { PodIndex } from '../../../runtime/executors/kubernetes/podIndex.ts';
import { PodMaker } from '../../../runtime/executors/kubernetes/podMaker.ts';
import { type TestDatabase, testDatabase } from '../../../runtime/testing/database.ts';
import { lockWait } from '../../lockWait.ts';
import { pod, task } from './samples.ts';

describe('queries about pods', () => {
  let db: TestDatabase;
  const clients: Client[] = [];
  before(async () => {
    db = await testDatabase();
    await db.pool.query(`INSERT INTO podline.dag (dag_id) VALUES ('etl')`);
    await db.pool.query(
      `INSERT INTO podline.dag_version (dag_id, hash, plan) VALUES ('etl', 'h', '{"timezone": "UTC"}')`,
    );
    const specs = [
      task({ id: 'load' }),
      task({ id: 'any', operator: 'pod', config: { keepPod: 'always' } }),
    ];
    for (const [position, spec] of specs.entries()) {
      await db.pool.query(
        'INSERT INTO podline.plan_task (version_id, task_id, position, spec) VALUES (1, $1, $2, $3)',
        [spec.id, position, JSON.stringify(spec)],
      );
    }
    await db.pool.query(
      `INSERT INTO podline.run (dag_id, run_id, version_id, kind, state) VALUES ('etl', 'r1', 1, 'manual', 'running')`,
    );
  });
  after(async () => {
    for (const client of clients) await client.end();
    await db.drop();
  });

  let instances = 0;
  /** An attempt as the tick has launched it, or later. */
  async function attempt(
    given: { state?: string; executor?: string; worker?: string; task?: string } = {},
  ) {
    const {
      state = 'launching',
      executor = 'kubernetes',
      worker = 'w1',
      task: taskId = 'load',
    } = given;
    const { rows } = await db.pool.query<{ id: number }>(
      `WITH t AS (
         INSERT INTO podline.task_instance (run_id, dag_id, task_id, map_index, state, pool, executor, attempts)
         VALUES (1, 'etl', $1, $2, $3, 'default_pool', $4, 1) RETURNING id
       ), a AS (
         INSERT INTO podline.attempt (instance_id, run_id, number, state, executor, worker_id, token_hash, nonce)
         SELECT id, 1, 1, $3, $4, $5, 'hash', 'nonce' FROM t RETURNING id, instance_id
       )
       SELECT id FROM a`,
      [taskId, instances++, state, executor, worker],
    );
    const id = rows[0]?.id ?? 0;
    await db.pool.query(
      'UPDATE podline.task_instance SET attempt_id = $1 WHERE id = (SELECT instance_id FROM podline.attempt WHERE id = $1)',
      [id],
    );
    return id;
  }

  async function read(id: number) {
    const { rows } = await db.pool.query<Record<string, unknown>>(
      `SELECT a.state, a.cause, a.exit_code, a.message, a.outcome, a.facts, a.worker_id, a.gone_at IS NOT NULL AS gone,
              a.token_hash IS NOT NULL AS token, t.state AS instance, t.started_at IS NOT NULL AS started,
              (SELECT count(*)::int FROM podline.event e WHERE e.attempt_id = a.id) AS events,
              (SELECT x.value FROM podline.xcom x WHERE x.run_id = t.run_id AND x.task_id = t.task_id AND x.map_index = t.map_index) AS xcom
         FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id WHERE a.id = $1`,
      [id],
    );
    return rows[0] ?? {};
  }

  const end = (attemptId: number, more: Partial<PodEnd> = {}): PodEnd => ({
    attemptId,
    look: 1,
    outcome: { state: 'failed', cause: 'evicted', message: 'it was\0 evicted' },
    reported: false,
    gone: true,
    ...more,
  });

  it('ends many attempts at once, each on record with its cause and one event', async () => {
    const ids = [await attempt(), await attempt({ state: 'running' })];
    const replies = await endPodAttempts(
      db.pool,
      ids.map((id) => end(id)),
    );
    assert.deepEqual(replies, [
      { recorded: true, gone: false },
      { recorded: true, gone: false },
    ]);
    for (const id of ids) {
      const { state, cause, message, gone, token, events } = await read(id);
      assert.deepEqual(
        { state, cause, message, gone, token, events },
        {
          state: 'failed',
          cause: 'evicted',
          message: 'it was evicted',
          gone: true,
          token: false,
          events: 1,
        },
      );
    }
  });

  /** While another session has written the row and not committed yet; it commits when the call waits for it. */
  async function meanwhile<T>(id: number, call: () => Promise<T>): Promise<T> {
    const other = await openClient(db.url, 'other');
    try {
      await other.query('BEGIN');
      await other.query(`UPDATE podline.attempt SET facts = '{"other": true}' WHERE id = $1`, [id]);
      const called = call();
      await lockWait(db.pool);
      await other.query('COMMIT');
      return await called;
    } finally {
      await other.end();
    }
  }

  it('write to the row as others have left it a moment ago: nothing is lost between two writers', async () => {
    const [ended, begun, noted] = [
      await attempt(),
      await attempt({ task: 'any' }),
      await attempt(),
    ];
    const [reply] = await meanwhile(ended, () => endPodAttempts(db.pool, [end(ended)]));
    assert.equal(reply?.recorded, true);
    const moved = await meanwhile(begun, () =>
      markPodsRunning(db.pool, [{ attemptId: begun, look: 1, host: 'n' }]),
    );
    assert.deepEqual([...moved], [begun]);
    await meanwhile(noted, () =>
      notePods(db.pool, [{ attemptId: noted, look: 1, facts: { pod: 'p' } }]),
    );
    assert.deepEqual((await read(noted)).facts, { other: true, pod: 'p' });
  });

  it('changes nothing where a report came first, or for another look', async () => {
    const reported = await attempt({ state: 'success' });
    await db.pool.query(
      'UPDATE podline.attempt SET gone_at = now(), ended_at = now() WHERE id = $1',
      [reported],
    );
    const later = await attempt();
    await db.pool.query('UPDATE podline.attempt SET looks = 2 WHERE id = $1', [later]);
    const replies = await endPodAttempts(db.pool, [end(reported), end(later), end(10 ** 9)]);
    assert.deepEqual(replies, [
      { recorded: false, gone: true },
      { recorded: false, gone: true },
      { recorded: false, gone: true },
    ]);
    assert.equal((await read(reported)).state, 'success');
    const { state, token, events } = await read(later);
    assert.deepEqual({ state, token, events }, { state: 'launching', token: true, events: 0 });
  });

  it('keeps one that was cancelled waiting for its pod', async () => {
    const id = await attempt({ state: 'failed' });
    await db.pool.query('UPDATE podline.attempt SET ended_at = now() WHERE id = $1', [id]);
    assert.deepEqual(await endPodAttempts(db.pool, [end(id)]), [{ recorded: false, gone: false }]);
  });

  it('stores the output of a direct pod that ended before anybody saw it run', async () => {
    const id = await attempt({ task: 'any' });
    await endPodAttempts(db.pool, [
      end(id, {
        outcome: { state: 'success', xcom: { rows: 3 }, mapLength: 1 },
        reported: true,
        ranSeconds: 2,
      }),
    ]);
    const { state, outcome, xcom, started } = await read(id);
    assert.deepEqual(
      { state, outcome, xcom, started },
      {
        state: 'success',
        outcome: { state: 'success', mapLength: 1, reported: true, hasXcom: true },
        xcom: { rows: 3 },
        started: true,
      },
    );
  });

  it('leaves the gone time open while the pod is there', async () => {
    const id = await attempt();
    await endPodAttempts(db.pool, [end(id, { gone: false })]);
    assert.equal((await read(id)).gone, false);
  });

  it('leaves an attempt that lives again with its process', async () => {
    const [live, over] = [await attempt(), await attempt({ state: 'failed' })];
    await markGone(db.pool, [live, over]);
    assert.deepEqual([(await read(live)).gone, (await read(over)).gone], [false, true]);
  });

  it('marks direct pods as running, once, with their instances', async () => {
    const id = await attempt({ task: 'any' });
    const over = await attempt({ state: 'failed' });
    const pods = [id, over].map((attemptId) => ({ attemptId, look: 1, host: 'node1' }));
    assert.deepEqual(await markPodsRunning(db.pool, pods), new Set([id]));
    assert.deepEqual(await markPodsRunning(db.pool, pods), new Set());
    const { state, instance, started, token } = await read(id);
    assert.deepEqual(
      { state, instance, started, token },
      { state: 'running', instance: 'running', started: true, token: true },
    );
  });

  it('notes what a pod waits for, and forgets it when it is over', async () => {
    const [id, over] = [await attempt(), await attempt({ state: 'failed' })];
    await db.pool.query('UPDATE podline.attempt SET ended_at = now() WHERE id = $1', [over]);
    const note = (waiting: object | undefined) =>
      [id, over].map((attemptId) => ({
        attemptId,
        look: 1,
        facts: { pod: 'p', ...(waiting && { waiting }) } as never,
      }));
    await notePods(db.pool, note({ reason: 'quota' }));
    assert.deepEqual((await read(id)).facts, { pod: 'p', waiting: { reason: 'quota' } });
    assert.deepEqual((await read(over)).facts, { pod: 'p' });
    await notePods(db.pool, note(undefined));
    assert.deepEqual((await read(id)).facts, { pod: 'p' });
  });

  it('reads the assignment of direct pods only', async () => {
    const [worker, direct] = [await attempt(), await attempt({ task: 'any' })];
    const rows = new Map(
      (await readPodLaunches(db.pool, [worker, direct])).map((row) => [row.attemptId, row]),
    );
    assert.equal(rows.get(worker)?.launch?.assignment, null);
    assert.equal(rows.get(worker)?.launch?.nonce.toString(), 'nonce');
    assert.equal(rows.get(direct)?.launch?.assignment?.task.id, 'any');
    assert.equal((await readPodOwners(db.pool, [direct])).get(direct)?.keepPod, 'always');
  });

  it('ends an attempt whose task left the plan, and knows its pod', async () => {
    const id = await attempt({ task: 'left', state: 'running' });
    const facts = { cluster: 'here', namespace: 'tasks', pod: pod({}).name, uid: 'u1' };
    await notePods(db.pool, [{ attemptId: id, look: 1, facts }]);
    const [row] = await readPodLaunches(db.pool, [id]);
    assert.ok(row);
    assert.equal(row.launch, null);
    const clusters = { default: 'here', clusters: {} };
    const maker = new PodMaker({ installation: 'i1', clusters, launchKey: Buffer.alloc(32) });
    const charge = maker.charge(row, 0);
    assert.ok(new PodIndex().isOf(charge, pod({ attemptId: id })));
    const { look } = charge;
    assert.deepEqual(await endPodAttempts(db.pool, [{ ...end(id), look }]), [
      { recorded: true, gone: false },
    ]);
  });

  async function worker(id: string, lockKey: number, held: boolean): Promise<void> {
    await registerWorker(db.pool, {
      id,
      kind: 'scheduler',
      host: 'h',
      pid: 1,
      lockKey,
      executors: ['kubernetes'],
      slots: 1,
      version: '1',
    });
    if (!held) return;
    const client = await openClient(db.url, 'lock');
    clients.push(client);
    await client.query('SELECT pg_advisory_lock($1, $2)', [WORKER_LOCK, lockKey]);
  }

  it('takes over pods of processes that are gone, and of no others', async () => {
    await worker('alive', 1, true);
    await worker('stopped', 2, false);
    await worker('silent', 3, false);
    await worker('fresh', 4, false);
    await db.pool.query(`UPDATE podline.worker SET stopped_at = now() WHERE id = 'stopped'`);
    await db.pool.query(
      `UPDATE podline.worker SET heartbeat_at = clock_timestamp() - interval '5 seconds' WHERE id IN ('alive', 'silent')`,
    );
    const ids = new Map<string, number>();
    for (const name of ['alive', 'stopped', 'silent', 'fresh'])
      ids.set(name, await attempt({ worker: name }));
    const local = await attempt({ worker: 'stopped', executor: 'local' });
    const over = await attempt({ worker: 'stopped', state: 'failed' });
    const adopted = await adoptAttempts(db.pool, 'me', false);
    assert.deepEqual(adopted.sort(), [ids.get('stopped'), ids.get('silent'), over].sort());
    assert.equal((await read(local)).worker_id, 'stopped');
    assert.equal((await read(ids.get('silent') ?? 0)).worker_id, 'me');
  });

  it('takes over what was left behind long ago only at the start', async () => {
    await worker('old', 5, false);
    await db.pool.query(
      `UPDATE podline.worker SET stopped_at = now() - interval '3 days' WHERE id = 'old'`,
    );
    const id = await attempt({ worker: 'old' });
    assert.deepEqual(await adoptAttempts(db.pool, 'me', false), []);
    assert.deepEqual(await adoptAttempts(db.pool, 'me', true), [id]);
  });

  it('does not end pods with their process', async () => {
    await worker('dead', 6, false);
    await db.pool.query(
      `UPDATE podline.worker SET heartbeat_at = clock_timestamp() - interval '1 hour' WHERE id = 'dead'`,
    );
    const [pod, local] = [
      await attempt({ worker: 'dead', state: 'running' }),
      await attempt({ worker: 'dead', executor: 'local', state: 'running' }),
    ];
    await reapWorkers(db.pool);
    assert.equal((await read(pod)).state, 'running');
    assert.equal((await read(local)).cause, 'worker_lost');
  });
});
