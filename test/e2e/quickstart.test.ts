/** The stack of the root Pulumi.yaml on the real engine and a real cluster: made, previewed, changed, and taken down. */
import assert from 'node:assert/strict';
import { Deployed, until } from './deployed.ts';
import { measured } from './figures.ts';
import { Fixture, writeDags } from './fixture.ts';
import { Gate } from './gate.ts';
import { portForward } from './portForward.ts';
import type { Change, PulumiStack } from './pulumiStack.ts';

const TASKS = Number(process.env.PODLINE_E2E_TASKS ?? 50);

describe('the stack of the quickstart', () => {
  const fixture = new Fixture();
  let stack: PulumiStack;
  let gate: Gate;
  let folder: string;
  let deployed: Deployed;

  const helloFile = (schedule = '0 6 * * *') => `
    import { bash, dag, json, typescript } from 'podline/dag';
    export const hello = dag('hello', { schedule: '${schedule}' }, (d) => {
      const count = d.task('count', bash({ script: 'echo 4 > "$PODLINE_OUTPUT"', output: json<number>() }));
      d.task('report', typescript({ inputs: { rows: count.output }, run: ({ rows }) => rows + ' rows' }));
    });`;
  /** As many tasks as a run asks for; each is held until the gate opens. */
  const waitFile = () => `
    import { bash, dag, typescript } from 'podline/dag';
    export const wait = dag('wait', { params: { tasks: 1 }, maxActiveTasks: 200 }, (d) => {
      const plan = d.task('plan', typescript({
        inputs: { tasks: d.param('tasks') }, run: ({ tasks }) => Array.from({ length: tasks }, (_, index) => index),
      }));
      const options = { pod: { resources: { requests: { cpu: '10m', memory: '16Mi' } } } };
      d.map('hold', { index: plan.output }, () => bash({ script: ${JSON.stringify(gate.script)} }), options);
    });`;

  before(async () => {
    await fixture.open();
    gate = await Gate.open(fixture.cluster.hostAddress);
    fixture.atEnd(async () => gate.close());
    folder = await fixture.dags({ 'hello.ts': helloFile(), 'wait.ts': waitFile() });
    stack = await fixture.stack({
      config: {
        image: fixture.images.podline,
        databaseImage: fixture.images.postgres,
        databaseVolume: 'false',
        dags: folder,
      },
    });
  });
  after(() => fixture.close());

  it('runs its first task in a pod within a minute', async () => {
    const started = performance.now();
    const { seconds, counts } = await stack.up();
    deployed = await Deployed.of(fixture.cluster, await stack.outputs());
    const runId = await deployed.trigger('hello');
    const run = await deployed.ended('hello', runId);
    const all = (performance.now() - started) / 1000;
    measured('quickstart: pulumi up', seconds, 's');
    measured('quickstart: resources', counts.create ?? 0, 'resources');
    measured('quickstart: start of up to the end of a first run', all, 's', { most: 60 });
    assert.equal(run.state, 'success', JSON.stringify(run));
    assert.ok(all < 60, `it took ${all.toFixed(1)} s`);
  });

  it('is unchanged in a preview of the same program, each time', async () => {
    for (const time of [1, 2]) {
      const { changes, seconds } = await stack.preview('--expect-no-changes');
      assert.deepEqual(changes, []);
      if (time === 2) measured('quickstart: preview without a change', seconds, 's');
    }
  });

  it('is unchanged after a refresh', async () => {
    await stack.refresh('--expect-no-changes');
    const { changes } = await stack.preview('--expect-no-changes');
    assert.deepEqual(changes, []);
  });

  it('runs a DAG to success, each task in a pod of its own', async () => {
    const run = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.deepEqual(
      run.tasks.map(({ taskId, state }) => [taskId, state]),
      [
        ['count', 'success'],
        ['report', 'success'],
      ],
    );
  });

  it('lets the first administrator in by the link in the log of its webserver', async () => {
    const { web } = (await stack.outputs()).commands as { web: string };
    const { namespace } = deployed.place;
    const which = ['-n', namespace, '-l', 'app.kubernetes.io/component=webserver', '--tail=-1'];
    const secret = await until('the link', 60, async () => {
      const said = await deployed.kubectl('logs', ...which);
      return /"link":"http:\/\/[^"#]+\/welcome#([\w-]+)"/.exec(said)?.[1];
    });
    const { url, close } = await portForward(fixture.cluster, web);
    try {
      const ask = (path: string, init: RequestInit = {}, cookie = '') =>
        fetch(`${url}/api/v1${path}`, {
          ...init,
          headers: {
            'content-type': 'application/json',
            'x-podline-request': 'e2e',
            cookie,
          },
        });
      assert.match(await (await fetch(url)).text(), /<title>Podline<\/title>/);
      assert.equal((await ask('/dags')).status, 401);
      const body = JSON.stringify({ secret, name: 'ada', password: 'four words of a test' });
      const entered = await ask('/auth/link', { method: 'POST', body });
      assert.equal(entered.status, 204);
      const [cookie = ''] = (entered.headers.get('set-cookie') ?? '').split(';');
      const runId = await deployed.trigger('hello');
      await deployed.ended('hello', runId);
      const run = `/dags/hello/runs/${encodeURIComponent(runId)}`;
      const answer = await ask(`${run}/tasks/count/-1/attempts/1`, {}, cookie);
      const { pod } = (await answer.json()) as { pod: { metadata: { namespace: string } } };
      assert.equal(pod.metadata.namespace, deployed.place.tasks);
      const again = await ask('/auth/link', { method: 'POST', body });
      assert.equal(again.status, 404);
    } finally {
      await close();
    }
  });

  it('previews another schedule as that, in the words of the DAG', async () => {
    await writeDags(folder, { 'hello.ts': helloFile('0 7 * * *') });
    const { changes, said } = await stack.preview('--diff');
    await writeDags(folder, { 'hello.ts': helloFile() });
    const dag = changes.filter(({ type }) => type.endsWith(':Dag'));
    assert.deepEqual(
      dag.map(({ name, op, diff }) => [name.endsWith('-hello'), op, diff]),
      [[true, 'update', ['code', 'schedule']]],
    );
    assert.match(said, /~ schedule: "0 6 \* \* \*" => "0 7 \* \* \*"/);
    onlyTouches(changes, ['Dag', 'ConfigMap', 'Job']);
  });

  it('previews another image as a migration, a registration and a rolling update', async () => {
    const { changes } = await stack.preview('--config', `image=${fixture.images.next}`);
    onlyTouches(changes, ['Job', 'Deployment', 'ConfigMap', 'Orchestrator', ...PARTS]);
    const rolled = changes.filter(({ type }) => type.endsWith(':Deployment'));
    assert.deepEqual(new Set(rolled.map(({ op }) => op)), new Set(['update']));
    await stack.configure({ image: fixture.images.podline });
  });

  it('previews another setting as an update of what reads it', async () => {
    const { changes } = await stack.preview('--config', 'logLevel=debug');
    onlyTouches(changes, ['Job', 'Deployment', 'Orchestrator', ...PARTS]);
    await stack.configure({ logLevel: 'info' });
  });

  it('is updated without failing a task that runs', async () => {
    const runId = await deployed.trigger('wait', { tasks: TASKS });
    await gate.full(TASKS, 300);
    await stack.configure({ image: fixture.images.next });
    const { seconds } = await stack.up();
    measured(`quickstart: up to another image, ${TASKS} tasks running`, seconds, 's');
    assert.equal(gate.waiting, TASKS, 'tasks went on through the update');
    gate.release();
    const run = await deployed.ended('wait', runId, 300);
    assert.equal(run.state, 'success', JSON.stringify(run));
    assert.equal(gate.arrived, TASKS, 'no task ran twice');
  });

  it('keeps the old version serving when a migration fails, and goes on with the next update', async () => {
    const database = (sql: string) =>
      deployed.kubectl(
        ...['exec', '-n', deployed.place.namespace, 'statefulset/podline-database', '--'],
        ...[
          'sh',
          '-c',
          'PGPASSWORD=$(cat /etc/podline-database/password) psql -h 127.0.0.1 -U podline -v ON_ERROR_STOP=1 -c "$0"',
        ],
        sql,
      );
    // The grant that this migration finds missing is one that it cannot give.
    await database(BLOCK);
    await stack.configure({ image: fixture.images.podline });
    await assert.rejects(stack.up(), /migration/);
    const run = await deployed.ended('hello', await deployed.trigger('hello'));
    assert.equal(run.state, 'success', 'the version before goes on');
    const image = await deployed.schedulerImage();
    assert.equal(image, fixture.images.next);

    await database('DROP EVENT TRIGGER e2e_block');
    const { changes } = await stack.up();
    assert.ok(changes.some(({ type, op }) => type.endsWith(':Job') && op.includes('replace')));
    assert.equal(await deployed.schedulerImage(), fixture.images.podline);
  });

  it('has no secret in its state or its logs that can be read', async () => {
    const { namespace } = deployed.place;
    const said = await deployed.kubectl('get', 'secrets', '-n', namespace, '-o', 'json');
    const { items } = JSON.parse(said) as { items: { data: Record<string, string> }[] };
    const secrets = items.flatMap(({ data }) => Object.values(data));
    assert.ok(secrets.length >= 2);
    const state = await stack.state();
    for (const encoded of secrets) {
      const plain = Buffer.from(encoded, 'base64').toString();
      assert.ok(!state.includes(encoded) && !state.includes(plain));
    }
    assert.match(state, /"ciphertext"/);
  });

  it('goes away in the middle of a run and leaves nothing', async () => {
    const before = gate.arrived;
    await deployed.trigger('wait', { tasks: 2 });
    await until('two tasks at the gate', 120, async () => gate.arrived === before + 2);
    const { seconds } = await stack.destroy();
    measured('quickstart: destroy in the middle of a run', seconds, 's');
    const { namespace, tasks } = deployed.place;
    await until('the namespaces are gone', 60, async () => {
      const left = await deployed.kubectl('get', 'namespaces', '-o', 'name');
      return !left.includes(`/${namespace}\n`) && !left.includes(`/${tasks}\n`);
    });
    const clusterWide = await deployed.kubectl(
      ...['get', 'clusterroles,clusterrolebindings,persistentvolumes', '-o', 'name'],
      ...['-l', 'app.kubernetes.io/part-of=podline'],
    );
    assert.equal(clusterWide, '');
  });
});

/** Components, whose inputs say the same as their children. */
const PARTS = ['SchemaMigration', 'Scheduler', 'Webserver', 'DagBundle', 'TaskNamespace'];

function onlyTouches(changes: Change[], kinds: string[]): void {
  assert.ok(changes.length > 0);
  const others = changes.filter(({ type }) => !kinds.some((kind) => type.endsWith(`:${kind}`)));
  assert.deepEqual(others, []);
}

const BLOCK = `
  CREATE FUNCTION e2e_block() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'blocked by a test'; END $$;
  REVOKE USAGE ON SCHEMA pool FROM podline_pool_podline;
  CREATE EVENT TRIGGER e2e_block ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION e2e_block();`;
