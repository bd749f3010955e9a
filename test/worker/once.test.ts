/** The process of one attempt, as in a pod: its exit codes and what it reports. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { EXIT } from '../../runtime/worker/once.ts';
import { launch, planTask, recorded, type Launched } from './fixture.ts';

const MAIN = path.join(import.meta.dirname, '../../runtime/worker/once.ts');

describe('a process for one attempt', () => {
  let db: TestDatabase;
  let folder: string;
  before(async () => {
    db = await testDatabase();
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-once-'));
    await writeFile(path.join(folder, 'url'), `${db.workerUrl}\n`);
  });
  after(async () => {
    await db.drop();
    await rm(folder, { recursive: true });
  });

  async function start(launched: Launched, url?: string) {
    const token = path.join(folder, `token-${launched.attemptId}`);
    await writeFile(token, launched.token.toString('hex'));
    return spawn(
      process.execPath,
      [
        '--conditions=podline-source',
        '--input-type=module',
        '-e',
        `import { runOnce } from ${JSON.stringify(MAIN)};
         process.exit(await runOnce(process.env, { graceSeconds: 4, reportMs: 1000 }));`,
      ],
      {
        env: {
          PATH: process.env.PATH,
          PODLINE_ATTEMPT: String(launched.attemptId),
          PODLINE_TOKEN_FILE: token,
          ...(url === undefined
            ? { PODLINE_WORKER_DATABASE_URL_FILE: path.join(folder, 'url') }
            : { PODLINE_WORKER_DATABASE_URL: url }),
        },
        stdio: 'inherit',
      },
    );
  }
  const bash = (text: string) => planTask({ operator: 'bash', config: { script: { text } } });

  it('claims, runs, reports and exits with 0, whatever the outcome', async () => {
    for (const [text, state] of [
      ['env; exit 0', 'success'],
      ['exit 3', 'failed'],
    ] as const) {
      const launched = await launch(db, bash(text));
      assert.deepEqual(await once(await start(launched), 'exit'), [EXIT.recorded, null]);
      const row = await recorded(db, launched);
      assert.equal(row.state, state);
      assert.ok(!row.log.includes(launched.token.toString('hex')));
    }
  });

  it('notes what the templates have become, secrets hidden; where there is none, nothing', async () => {
    await db.pool.query(
      `INSERT INTO podline.variable (key, value) VALUES ('api_password', '"hunter2hunter2"')`,
    );
    const text = 'echo {{ dag.dag_id }} {{ var.api_password }}';
    const references = { xcoms: [], variables: ['api_password'], connections: [] };
    const task = { ...bash(text), env: { WHO: '{{ task.task_id }}' }, references };
    const launched = await launch(db, task, { dagId: 'dag_1' });
    assert.deepEqual(await once(await start(launched), 'exit'), [EXIT.recorded, null]);
    assert.equal((await recorded(db, launched)).state, 'success');
    const plain = await launch(db, bash('true'));
    await once(await start(plain), 'exit');
    const { rows } = await db.pool.query<{ id: number; rendered: unknown }>(
      'SELECT attempt_id AS id, rendered FROM podline.attempt_detail WHERE attempt_id = ANY($1::bigint[])',
      [[launched.attemptId, plain.attemptId]],
    );
    const rendered = { config: { script: { text: 'echo dag_1 ***' } }, env: { WHO: 'work' } };
    assert.deepEqual(rows, [{ id: launched.attemptId, rendered }]);
  });

  it('exits with 5 when its token was used, and with 4 when nobody can be told', async () => {
    const launched = await launch(db, bash('true'));
    await once(await start(launched), 'exit');
    assert.deepEqual(await once(await start(launched), 'exit'), [EXIT.refused, null]);
    const other = await launch(db, bash('true'));
    const nowhere = await start(other, 'postgresql://u:p@127.0.0.1:1/x');
    assert.deepEqual(await once(nowhere, 'exit'), [EXIT.failed, null]);
  });

  it('reports interrupted on SIGTERM', async () => {
    const launched = await launch(db, bash('echo up; sleep 300'));
    const child = await start(launched);
    while (!(await recorded(db, launched)).log.includes('up\n'));
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [EXIT.recorded, null]);
    assert.equal((await recorded(db, launched)).cause, 'interrupted');
  });
});
