/** Secrets are planted wherever Podline has some. None shows up in what readers of pods, events, facts and logs see. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { launchKey } from '../../../runtime/database/roles.ts';
import { PodHistory } from '../faults/podHistory.ts';
import { openCluster, type TestCluster } from '../harness.ts';
import { Rig } from '../rig.ts';

const canary = (name: string) => `canary-${name}-${randomBytes(9).toString('hex')}`;
const CONNECTION = canary('connection');
const VARIABLE = canary('variable');
const OUTPUT = canary('output');

const DAG = `
import { bash, dag, pod, typescript } from 'podline/dag';

const image = 'docker.io/local/busybox:1';
const imagePullPolicy = 'IfNotPresent' as const;
const securityContext = { runAsUser: 10001, runAsGroup: 10001 };

export const canaries = dag('canaries', { defaults: { retries: { max: 0, infrastructure: 0 } } }, (d) => {
  const told = d.task('told', typescript({
    run: (_, context) => {
      console.log('the password is ' + context.connection('shop').password);
      return '${OUTPUT}';
    },
  }), { connections: ['shop'] });
  d.task('script', bash({ script: 'echo length $(echo -n "{{ var.region }}" | wc -c)' }), { after: told });
  d.task('fails', bash({ script: 'echo "{{ var.region }}" >&2; exit 3' }), { after: told });
  d.task('image', pod({
    image, imagePullPolicy, securityContext, command: ['sh', '-c', 'echo 1 > "$PODLINE_OUTPUT"'], output: 'file',
  }), { connections: ['shop'], after: told });
});
`;

describe('secrets', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let rig: Rig;
  let history: PodHistory;
  before(async () => {
    cluster = await openCluster();
    rig = await Rig.open({ cluster });
    history = await PodHistory.open(cluster, rig.namespace);
    await cluster.api.call('POST', `/api/v1/namespaces/${rig.namespace}/secrets`, {
      metadata: { name: 'podline-connection-shop' },
      stringData: { value: `postgresql://loader:${CONNECTION}@db.example.org/shop` },
    });
    await rig.database.pool.query('INSERT INTO podline.variable (key, value) VALUES ($1, $2)', [
      'region',
      JSON.stringify(VARIABLE),
    ]);
    await rig.register({ 'canaries.ts': DAG });
    await rig.start({ PODLINE_LOG_LEVEL: 'debug' });
  });
  after(async () => {
    await history.close();
    await rig.close();
  });

  /** What it says, by where it was found. */
  async function surfaces(): Promise<Map<string, string>> {
    const events = `/api/v1/namespaces/${rig.namespace}/events`;
    const { rows } = await rig.database.pool.query<{ text: string }>(
      `SELECT coalesce(string_agg(row(facts, message, outcome, host)::text, ' '), '') AS text FROM podline.attempt`,
    );
    const logs = await rig.database.pool.query<{ content: Buffer }>(
      'SELECT content FROM podline.log_chunk',
    );
    return new Map([
      ...[...history.pods.values()].map(({ name, json }) => [`pod ${name}`, json] as const),
      ['events', JSON.stringify(await cluster.api.call('GET', events))],
      ['attempts', rows[0]?.text ?? ''],
      ['log of the scheduler', await fs.readFile(path.join(rig.folder, 'schedulers.log'), 'utf8')],
      ['logs of tasks', logs.rows.map(({ content }) => content.toString()).join('')],
    ]);
  }

  it('are in no pod, event, fact or log, but for the launch token in its own place', async () => {
    const run = await rig.trigger('canaries');
    assert.equal(await rig.ended(run), 'failed', rig.said());
    await rig.noPods();
    const attempts = await rig.attempts(run);
    assert.deepEqual(
      attempts.map(({ task, state }) => [task, state]).sort(),
      [
        ['fails', 'failed'],
        ['image', 'success'],
        ['script', 'success'],
        ['told', 'success'],
      ],
      JSON.stringify(attempts),
    );
    assert.equal(await rig.output(run, 'told'), OUTPUT, 'the canaries were really used');
    assert.equal(history.pods.size, 4);

    const found = await surfaces();
    const secrets = {
      connection: CONNECTION,
      output: OUTPUT,
      'password of the owner': new URL(rig.database.url).password,
      'password of the workers': new URL(rig.workerUrl).password,
      'launch key': launchKey(rig.database.url).toString('hex'),
      variable: VARIABLE,
    };
    for (const [where, text] of found) {
      for (const [what, secret] of Object.entries(secrets)) {
        // Variables are no secrets: a script may print them.
        if (what === 'variable' && where === 'logs of tasks') continue;
        assert.ok(!text.includes(secret), `${what} in ${where}`);
        const hidden = Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2);
        assert.ok(!text.includes(hidden), `${what} as base64 in ${where}`);
      }
    }
    assert.match(found.get('logs of tasks') ?? '', /the password is \*+/);

    for (const { name, json } of history.pods.values()) {
      const tokens = [...json.matchAll(/"PODLINE_TOKEN","value":"([0-9a-f]{64})"/g)];
      assert.equal(tokens.length, 1, name);
      const token = tokens[0]?.[1] ?? '';
      assert.equal(json.split(token).length, 2, `${name} has its token more than once`);
      for (const [where, text] of found) {
        if (where !== `pod ${name}`)
          assert.ok(!text.includes(token), `token of ${name} in ${where}`);
      }
    }
  });
});
