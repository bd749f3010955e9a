/** Output by file of a direct pod: the sidecar's process, and the database function that takes the value once. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type OutputMessage, readOutputMessage } from '../../runtime/pods/outputMessage.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';
import { type Launched, launch, planTask } from '../worker/fixture.ts';

const MAIN = path.join(import.meta.dirname, '../../runtime/pods/outputMain.ts');

describe('output of direct pods by file', () => {
  let db: TestDatabase;
  let folder: string;
  before(async () => {
    db = await testDatabase();
    folder = await mkdtemp(path.join(os.tmpdir(), 'podline-output-'));
  });
  after(async () => {
    await db.drop();
    await rm(folder, { recursive: true });
  });

  const direct = () => launch(db, planTask({ operator: 'pod', config: { output: 'file' } }));

  async function push(launched: Launched, value: unknown, token = launched.token) {
    const worker = new pg.Client({ connectionString: db.workerUrl });
    await worker.connect();
    try {
      const { rows } = await worker.query<{ reply: string }>(
        'SELECT report.push_output($1, $2, $3) AS reply',
        [launched.attemptId, token, JSON.stringify(value)],
      );
      return rows[0]?.reply;
    } finally {
      await worker.end();
    }
  }

  async function stored(launched: Launched) {
    const xcoms = await db.pool.query<{ key: string; value: unknown }>(
      'SELECT key, value FROM podline.xcom WHERE run_id = $1',
      [launched.runId],
    );
    const attempts = await db.pool.query<{ outcome: Record<string, unknown> | null }>(
      'SELECT outcome FROM podline.attempt WHERE id = $1',
      [launched.attemptId],
    );
    return { xcoms: xcoms.rows, outcome: attempts.rows[0]?.outcome };
  }

  it('takes a value once for a token, and says so again when asked again', async () => {
    const launched = await direct();
    assert.equal(await push(launched, [1, 2], Buffer.alloc(32)), 'refused');
    assert.equal(await push(launched, [1, 2]), 'stored');
    assert.equal(await push(launched, ['another']), 'stored');
    const { xcoms, outcome } = await stored(launched);
    assert.deepEqual(xcoms, [{ key: 'return_value', value: [1, 2] }]);
    assert.equal(outcome?.hasXcom, true);
    assert.equal(outcome.mapLength, 2);
  });

  it('gives the token no other right once it is used', async () => {
    const launched = await direct();
    await push(launched, 1);
    const hash = createHash('sha256').update('secret').digest();
    const { rows } = await db.pool.query<{ claim: unknown }>(
      `SELECT report.claim($1, $2, $3, 'h', '{}', 60) AS claim`,
      [launched.attemptId, launched.token, hash],
    );
    assert.equal(rows[0]?.claim, null);
  });

  it('refuses the output of an attempt that is over, and of a task that is no pod', async () => {
    const over = await direct();
    await db.pool.query(
      `UPDATE podline.attempt SET state = 'failed', ended_at = now() WHERE id = $1`,
      [over.attemptId],
    );
    assert.equal(await push(over, 1), 'refused');
    const other = await launch(db, planTask({ operator: 'bash' }));
    assert.equal(await push(other, 1), 'refused');
    assert.deepEqual((await stored(other)).xcoms, []);
  });

  interface Sidecar {
    child: ChildProcess;
    /** Sends TERM, waits for the end and reads what it said. */
    end(): Promise<{ code: number | null; said: OutputMessage | null }>;
  }

  async function sidecar(
    launched: Launched,
    file: string,
    more: Record<string, string> = {},
  ): Promise<Sidecar> {
    const log = path.join(folder, `said-${launched.attemptId}`);
    // The handler stands before the first byte of this line is written.
    const code = `import { mainHasEnded, runOutput } from ${JSON.stringify(MAIN.replace('outputMain', 'outputSidecar'))};
      const ended = mainHasEnded();
      console.log('ready');
      process.exit(await runOutput(${JSON.stringify(file)}, process.env, ended));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      env: {
        PODLINE_ATTEMPT: String(launched.attemptId),
        PODLINE_TOKEN: launched.token.toString('hex'),
        PODLINE_WORKER_DATABASE_URL: db.workerUrl,
        PODLINE_TERMINATION_LOG: log,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    return {
      child,
      async end() {
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        const [status] = (await exit) as [number | null];
        return { code: status, said: readOutputMessage(await readFile(log, 'utf8')) };
      },
    };
  }

  async function endWith(content: string | Buffer | undefined, more: Record<string, string> = {}) {
    const launched = await direct();
    const file = path.join(folder, `output-${launched.attemptId}.json`);
    const { end } = await sidecar(launched, file, more);
    if (content !== undefined) await writeFile(file, content);
    return { launched, ...(await end()) };
  }

  it('stores what the file has when TERM comes', async () => {
    const { launched, code, said } = await endWith('{ "rows": 3 }\n');
    assert.equal(code, 0);
    assert.deepEqual(said, { v: 1, output: 'stored' });
    assert.deepEqual((await stored(launched)).xcoms[0]?.value, { rows: 3 });
  });

  it('counts no file, and an empty one, as no output', async () => {
    for (const content of [undefined, ' \n']) {
      const { launched, code, said } = await endWith(content);
      assert.deepEqual([code, said?.output], [0, 'none']);
      assert.deepEqual((await stored(launched)).xcoms, []);
    }
  });

  it('says what is wrong with a file', async () => {
    const cases: [string | Buffer, RegExp][] = [
      ['{ rows: 3 }', /cannot be parsed/],
      [Buffer.from([0xff, 0xfe]), /no UTF-8/],
      [JSON.stringify('x'.repeat(300_000)), /300002 bytes, more than the limit of 262144/],
      [Buffer.alloc(2_000_000, 32), /more than the limit/],
    ];
    for (const [content, words] of cases) {
      const { code, said } = await endWith(content);
      assert.deepEqual([code, said?.output, said?.cause], [1, 'failed', 'xcom']);
      assert.match(said?.message ?? '', words);
    }
  });

  it('follows no link out of its folder', async () => {
    const launched = await direct();
    const file = path.join(folder, 'link.json');
    const target = path.join(folder, 'other.json');
    await writeFile(target, '{"secret":1}');
    await symlink(target, file);
    const { end } = await sidecar(launched, file);
    const { said } = await end();
    assert.equal(said?.cause, 'xcom');
    assert.match(said.message ?? '', /is a link/);
  });

  it('says that the database was away, which is no fault of the task', async () => {
    const { said } = await endWith('1', {
      PODLINE_WORKER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      PODLINE_OUTPUT_GRACE_MS: '300',
    });
    assert.deepEqual([said?.output, said?.cause], ['failed', 'worker_lost']);
    assert.match(said?.message ?? '', /database is away/);
  });
});
