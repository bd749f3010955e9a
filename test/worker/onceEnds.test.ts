/** How the process of one attempt ends when the database is away, when it is told to stop, when its task misbehaves. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { EXIT } from '../../runtime/worker/once.ts';
import { outcomeOfTermination, readTermination } from '../../runtime/worker/terminationMessage.ts';
import { launch, planTask, recorded, type Launch, type Launched } from './fixture.ts';

const MAIN = path.join(import.meta.dirname, '../../runtime/worker/podMain.ts');

describe('the end of a process for one attempt', () => {
  let db: TestDatabase;
  let folder: string;
  before(async () => {
    db = await testDatabase();
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-ends-'));
  });
  after(async () => {
    await db.drop();
    await rm(folder, { recursive: true });
  });

  const bash = (text: string, part: Launch = {}) =>
    launch(db, planTask({ operator: 'bash', config: { script: { text } } }), part);
  const digestFile = (launched: Launched) => path.join(folder, `digest-${launched.attemptId}`);
  const digest = async (launched: Launched) =>
    readTermination(await readFile(digestFile(launched), 'utf8'));

  function start(launched: Launched, env: Record<string, string> = {}) {
    return spawn(process.execPath, ['--conditions=podline-source', MAIN], {
      env: {
        PATH: process.env.PATH,
        PODLINE_ATTEMPT: String(launched.attemptId),
        PODLINE_TOKEN: launched.token.toString('hex'),
        PODLINE_WORKER_DATABASE_URL: db.workerUrl,
        PODLINE_TERMINATION_FILE: digestFile(launched),
        ...env,
      },
      stdio: 'inherit',
    });
  }

  /** The database behind a door that the test closes: open connections are cut, new ones refused. */
  async function door(): Promise<{ url: string; shut(): void; open(): Promise<void> }> {
    const target = new URL(db.workerUrl);
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      const behind = net.connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [socket, behind],
        [behind, socket],
      ] as const) {
        sockets.add(one);
        one.pipe(other);
        one.on('error', () => {});
        one.on('close', () => other.destroy());
      }
    });
    const listen = (port: number) =>
      new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await listen(0);
    const { port } = server.address() as net.AddressInfo;
    const url = new URL(db.workerUrl);
    url.port = String(port);
    return {
      url: url.href,
      shut() {
        server.close();
        for (const socket of sockets) socket.destroy();
      },
      open: () => listen(port),
    };
  }

  const exists = (file: string) =>
    access(file).then(
      () => true,
      () => false,
    );
  async function waitFor(what: () => Promise<boolean>): Promise<void> {
    while (!(await what())) await sleep(10);
  }

  it('leaves a digest of what was recorded, without the output', async () => {
    const launched = await bash('echo 42 > "$PODLINE_OUTPUT"');
    assert.deepEqual(await once(start(launched), 'exit'), [EXIT.recorded, null]);
    assert.deepEqual(await digest(launched), {
      v: 1,
      attempt: launched.attemptId,
      report: 'recorded',
      state: 'success',
      exitCode: 0,
    });
    assert.equal((await recorded(db, launched)).xcom, 42);
  });

  it('keeps offering the outcome until the database is back', async () => {
    const through = await door();
    const go = path.join(folder, 'go-1');
    const launched = await bash(
      `touch ${go}.up; while [ ! -e ${go} ]; do sleep 0.02; done; echo '"kept"' > "$PODLINE_OUTPUT"`,
    );
    const child = start(launched, { PODLINE_WORKER_DATABASE_URL: through.url });
    await waitFor(() => exists(`${go}.up`));
    through.shut();
    await writeFile(go, '');
    await waitFor(() => exists(digestFile(launched)));
    const kept = await digest(launched);
    assert.equal(kept?.report, 'unrecorded');
    assert.equal(outcomeOfTermination(kept)?.xcom, 'kept');
    await through.open();
    assert.deepEqual(await once(child, 'exit'), [EXIT.recorded, null]);
    assert.equal((await recorded(db, launched)).xcom, 'kept');
    assert.equal((await digest(launched))?.report, 'recorded');
    through.shut();
  });

  it('gives up after its time, and the digest has the outcome as it was', async () => {
    const through = await door();
    const go = path.join(folder, 'go-3');
    const launched = await bash(
      `touch ${go}.up; while [ ! -e ${go} ]; do sleep 0.02; done; echo '"kept"' > "$PODLINE_OUTPUT"`,
    );
    const env = { PODLINE_WORKER_DATABASE_URL: through.url, PODLINE_REPORT_SECONDS: '1' };
    const child = start(launched, env);
    await waitFor(() => exists(`${go}.up`));
    through.shut();
    await writeFile(go, '');
    assert.deepEqual(await once(child, 'exit'), [EXIT.failed, null]);
    const left = await digest(launched);
    assert.ok(left);
    assert.equal(left.report, 'unrecorded');
    assert.deepEqual(outcomeOfTermination(left), { state: 'success', xcom: 'kept', exitCode: 0 });
  });

  it('gives up on SIGTERM within the grace of the pod, and the digest has the outcome', async () => {
    const through = await door();
    const go = path.join(folder, 'go-2');
    const launched = await bash(
      `touch ${go}.up; while [ ! -e ${go} ]; do sleep 0.02; done; exit 7`,
    );
    const child = start(launched, {
      PODLINE_WORKER_DATABASE_URL: through.url,
      PODLINE_GRACE_SECONDS: '2',
    });
    await waitFor(() => exists(`${go}.up`));
    through.shut();
    await writeFile(go, '');
    await waitFor(() => exists(digestFile(launched)));
    const asked = performance.now();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [EXIT.failed, null]);
    assert.ok(performance.now() - asked < 2000);
    const left = await digest(launched);
    assert.ok(left);
    assert.equal(left.report, 'unrecorded');
    const outcome = outcomeOfTermination(left);
    assert.equal(outcome?.cause, 'exit_code');
    assert.equal(outcome.exitCode, 7);
    assert.equal((await recorded(db, launched)).state, 'running');
  });

  it('reports interrupted within the grace, also when the task ignores SIGTERM', async () => {
    const launched = await bash(`trap '' TERM; echo up; while :; do sleep 0.1; done`);
    const child = start(launched, { PODLINE_GRACE_SECONDS: '4' });
    await waitFor(async () => (await recorded(db, launched)).log.includes('up\n'));
    const asked = performance.now();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [EXIT.recorded, null]);
    assert.ok(performance.now() - asked < 4000);
    assert.equal((await recorded(db, launched)).cause, 'interrupted');
    assert.equal((await digest(launched))?.cause, 'interrupted');
  });

  it('records what a function prints, its stray errors and its process.exit', async () => {
    const cases = [
      [`console.log('printed'); return 1;`, 'success', null],
      [
        `setTimeout(() => { throw new Error('stray'); }); await new Promise(() => {});`,
        'failed',
        'error',
      ],
      [`process.exit(3);`, 'failed', 'error'],
    ] as const;
    for (const [index, [body, state, cause]] of cases.entries()) {
      const dagId = `bodies_${index}`;
      const code = `globalThis[Symbol.for('podline.taskFunctions')]
        .set('${dagId}', new Map([['work', async () => { ${body} }]]));`;
      const task = planTask({ operator: 'typescript' });
      const launched = await launch(db, task, { dagId, bundle: { 'code.mjs': code } });
      const env = { PODLINE_BUNDLES: path.join(folder, 'bundles') };
      assert.deepEqual(await once(start(launched, env), 'exit'), [EXIT.recorded, null]);
      const row = await recorded(db, launched);
      assert.deepEqual([row.state, row.cause], [state, cause]);
      if (index === 0) assert.match(row.log, /printed/);
    }
  });

  it('says that nothing ran when the claim never came through', async () => {
    const launched = await bash('true');
    const child = start(launched, {
      PODLINE_WORKER_DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/x',
      PODLINE_REPORT_SECONDS: '1',
    });
    assert.deepEqual(await once(child, 'exit'), [EXIT.failed, null]);
    const left = await digest(launched);
    assert.equal(left?.report, 'unclaimed');
    assert.equal(left.state, undefined);
  });
});
