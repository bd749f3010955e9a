/** Launch tokens that were used, or belong to another attempt: nothing is claimed, nothing runs, nothing is stored. */
import assert from 'node:assert/strict';
import pg from 'pg';
import { EXIT } from '../../../runtime/worker/once.ts';
import { dagFile } from '../faults/faultDags.ts';
import { Ledger } from '../faults/ledger.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig, type RigAttempt } from '../rig.ts';

interface Pod {
  spec: {
    containers: { env: { name: string; value?: string }[] }[];
    initContainers?: Pod['spec']['containers'];
  };
  status?: {
    containerStatuses?: { state: { terminated?: { exitCode: number; message?: string } } }[];
  };
}

describe('launch tokens', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let ledger: Ledger;
  let pods: string;
  let worker: pg.Client;
  before(async () => {
    cluster = await openCluster();
    ledger = await Ledger.open(cluster.hostAddress);
    rig = await Rig.open({ cluster });
    pods = `/api/v1/namespaces/${rig.namespace}/pods`;
    await rig.register(
      dagFile(`
export const held = dag('held', { defaults }, (d) => {
  d.task('worker', bash({ script: '${ledger.enter('worker')}; read -r go <&3; echo 7 > "$PODLINE_OUTPUT"' }));
  d.task('direct', pod({ ...sh('${ledger.enter('direct')}; read -r go <&3; echo 8 > "$PODLINE_OUTPUT"'), output: 'file' }));
});`),
    );
    await rig.start();
    worker = new pg.Client({ connectionString: rig.database.workerUrl });
    await worker.connect();
  });
  after(async () => {
    await worker.end();
    await rig.close();
    ledger.close();
  });

  async function podOf(attempt: RigAttempt): Promise<Pod & { token: string }> {
    const { metadata } = await rig.podOf(attempt);
    const pod = await cluster.api.call<Pod>('GET', `${pods}/${metadata.name}`);
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const token = all.flatMap(({ env }) => env).find(({ name }) => name === 'PODLINE_TOKEN');
    assert.ok(token?.value);
    return { ...pod, token: token.value };
  }

  const ask = async (sql: string, values: unknown[]) =>
    Object.values((await worker.query<Record<string, unknown>>(sql, values)).rows[0] ?? {})[0];
  const claim = (attemptId: number, token: string) =>
    ask(`SELECT report.claim($1, $2, sha256('\\x01'), 'thief', '{}', 60)`, [
      attemptId,
      Buffer.from(token, 'hex'),
    ]);
  const push = (attemptId: number, token: string) =>
    ask(`SELECT report.push_output($1, $2, '"stolen"')`, [attemptId, Buffer.from(token, 'hex')]);

  it('open nothing when they were used, or belong to another attempt', async () => {
    const run = await rig.trigger('held');
    await rig.until('both at work', async () => ledger.entries.length === 2);
    await rig.until('both are known to run', async () =>
      (await rig.attempts(run)).every(({ state }) => state === 'running'),
    );
    const [one, two] = (await rig.attempts(run)).sort((a, b) => (a.task < b.task ? 1 : -1));
    assert.ok(one && two);
    assert.deepEqual([one.task, two.task], ['worker', 'direct']);
    const [used, other] = [await podOf(one), await podOf(two)];

    assert.equal(await claim(one.id, used.token), null, 'used');
    assert.equal(await claim(two.id, used.token), null, 'of another');
    assert.equal(await claim(one.id, other.token), null, 'of another');
    assert.equal(await claim(two.id, other.token), null, 'of a task that nobody claims');
    assert.equal(await push(one.id, used.token), 'refused', 'used');
    assert.equal(await push(two.id, used.token), 'refused', 'of another');
    assert.equal(await push(one.id, other.token), 'refused', 'of another');
    // No secret follows from a token.
    for (const [attempt, { token }] of [
      [one, used],
      [two, other],
    ] as const) {
      const secret = Buffer.from(token, 'hex');
      const finish = `SELECT report.finish($1, $2, '{"state": "success"}', 0, '')`;
      assert.equal(await ask(finish, [attempt.id, secret]), 'stale');
      assert.equal(await ask('SELECT report.heartbeat($1, $2, 60)', [attempt.id, secret]), false);
      assert.equal(
        await ask(`SELECT report.push_xcom($1, $2, 'return_value', '"stolen"')`, [
          attempt.id,
          secret,
        ]),
        false,
      );
      for (const reader of [
        `report.pull_xcom($1, $2, 'worker', 'return_value')`,
        'report.bundle($1, $2)',
      ]) {
        const { rowCount } = await worker.query(`SELECT * FROM ${reader}`, [attempt.id, secret]);
        assert.equal(rowCount, 0, reader);
      }
    }

    ledger.release();
    assert.equal(await rig.ended(run), 'success', rig.said());
    assert.equal(await rig.output(run, 'worker'), 7);
    assert.equal(await rig.output(run, 'direct'), 8);
    await rig.noPods();
    await rig.sound();
  });

  it('a worker with the token of another attempt leaves without running anything', async () => {
    const count = ledger.entries.length;
    const run = await rig.trigger('held');
    await rig.until('both at work', async () => ledger.entries.length === count + 2);
    const attempts = await rig.attempts(run);
    const one = attempts.find(({ task }) => task === 'worker');
    const two = attempts.find(({ task }) => task === 'direct');
    assert.ok(one && two);
    const { spec } = await podOf(one);
    const main = spec.containers[0];
    assert.ok(main);
    for (const variable of main.env) {
      if (variable.name === 'PODLINE_ATTEMPT') variable.value = String(two.id);
    }
    const { nodeName: _, ...forged } = spec as Pod['spec'] & { nodeName?: string };
    await cluster.api.call('POST', pods, { metadata: { name: 'forged' }, spec: forged });
    const end = await rig.until('the forged pod has left', async () => {
      const pod = await cluster.api.call<Pod>('GET', `${pods}/forged`);
      return pod.status?.containerStatuses?.[0]?.state.terminated;
    });
    assert.equal(end.exitCode, EXIT.refused, end.message);
    assert.equal(ledger.entries.length, count + 2, 'its program did not begin');
    await cluster.api.ask('DELETE', `${pods}/forged?gracePeriodSeconds=0`);
    ledger.release();
    assert.equal(await rig.ended(run), 'success', rig.said());
    await rig.noPods();
    await rig.sound();
  });
});
