/** Every command that reads says the same over the database and through a webserver, word for word, and so do its errors. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import type { Ended } from './podline.ts';
import { openRemoteSite, type RemoteSite } from './remoteSite.ts';
import { crowded, idle, sales } from './sampleDags.ts';

const mapped = dag('mapped', {}, (d) => {
  const each = d.map('each', { item: ['a', 'b', 'c'] }, () => bash({ script: 'true' }));
  d.task('sum', bash({ script: 'true' }), { after: each });
});

const READING = [
  'dags list',
  'dags list --tag daily',
  'dags list --paused',
  'dags list --inactive',
  'dags list --limit 2',
  'dags list --after idle',
  'dags show sales',
  'dags show idle',
  'dags next sales --count 3',
  'dags next idle',
  'dags backfill sales --from 2026-03-01T00:00:00Z --to 2026-03-04T00:00:00Z --dry-run',
  'runs list',
  'runs list sales --state failed',
  'runs list --limit 2',
  'runs list --before 3',
  'runs show sales broken',
  'runs show sales retrying',
  'runs show crowded latest',
  'runs show mapped latest --limit 2',
  'runs watch idle good',
  'runs clear sales broken --only-failed --dry-run',
  'tasks list sales',
  'tasks show sales broken load',
  'tasks show idle good only',
  'tasks show mapped latest each',
  'tasks show mapped latest each --limit 2',
  'tasks output idle good only',
  'tasks output mapped latest each --map-index 0 --key long',
  'tasks logs idle good only',
  'tasks logs idle good only --container proxy',
  'tasks logs mapped latest each --map-index 1',
  'pools list',
  'variables list',
  'variables list --limit 1',
  'variables get plain',
];

/** With exit codes other than 0. */
const FAILING = [
  'runs watch sales broken',
  'dags show sale',
  'dags trigger sale',
  'dags trigger sales --param top=many',
  'dags trigger idle --run-id good',
  'dags pause idle nobody',
  'dags backfill idle --from 2026-03-01T00:00:00Z --to 2026-03-04T00:00:00Z',
  'runs list sale',
  'runs show sales brken',
  'runs cancel idle good',
  'runs clear sales broken --task laod',
  'tasks show sales latest laod',
  'tasks output mapped latest each',
  'tasks output mapped latest each --map-index 1',
  'tasks output idle good only --key other',
  'tasks logs mapped latest each',
  'tasks logs mapped latest each --map-index 9',
  'tasks logs idle good only --attempt 4',
  'pools delete narow',
  'pools delete default_pool',
  'variables get plan',
  'variables delete plan',
];

describe('reading commands over the database and through a webserver', function () {
  this.timeout(300_000);
  let site: RemoteSite;
  before(async () => {
    site = await openRemoteSite('2026-03-28T00:00:00Z');
    const { engine } = site;
    await engine.database.query(`INSERT INTO podline.pool (name, slots) VALUES ('narrow', 1)`);
    await engine.database.query(
      `INSERT INTO podline.variable (key, value) VALUES ('api_token', '"abcdefgh"'), ('plain', '{"password": "x", "n": 1}')`,
    );
    const gone = dag('gone', {}, (d) => void d.task('a', bash({ script: 'true' })));
    await engine.register(sales, idle, crowded, mapped, gone);
    await engine.database.query(`UPDATE podline.dag SET active = false WHERE dag_id = 'gone'`);
    engine.script('load', { fails: 'exit_code', exitCode: 7 });
    engine.script('only', { output: { rows: 3 } });
    engine.script('crowded.first', 'hang');
    engine.script('crowded.second', 'hang');
    await engine.run('sales', { runId: 'broken', note: 'by hand' });
    await engine.advance('20m');
    await engine.run('sales', { runId: 'retrying' });
    await engine.run('crowded', { runId: 'full' });
    await engine.run('mapped', { runId: 'wide' });
    await engine.run('idle', { runId: 'good' });
    await writeLog('idle', 'only', -1, 'task', 'line one\n', Buffer.from('zwei: \xc3', 'latin1'));
    await writeLog('idle', 'only', -1, 'proxy', 'ready\n');
    await writeLog('mapped', 'each', 1, 'task', 'ü\n'.repeat(200_000));
    await engine.database.query(
      `INSERT INTO podline.xcom (run_id, task_id, map_index, key, value)
       SELECT run_id, task_id, map_index, 'long', to_jsonb(repeat('ü', 100000)) FROM podline.task_instance
        WHERE dag_id = 'mapped' AND task_id = 'each' AND map_index = 0`,
    );
    // Half a character at the end of a log is told when nothing can follow.
    await engine.advance('1m');
    await engine.database.query(`UPDATE podline.dag SET paused = true WHERE dag_id = 'idle'`);
  });
  after(() => site.close());

  async function writeLog(
    ...[dagId, task, mapIndex, source, ...parts]: [string, string, number, string, ...unknown[]]
  ): Promise<void> {
    for (const [seq, content] of parts.entries()) {
      await site.engine.database.query(
        `INSERT INTO podline.log_chunk (attempt_id, source, seq, content)
         SELECT a.id, $4, $5, $6 FROM podline.attempt a JOIN podline.task_instance t ON t.id = a.instance_id
           JOIN podline.run r ON r.id = t.run_id
          WHERE r.dag_id = $1 AND t.task_id = $2 AND t.map_index = $3`,
        [dagId, task, mapIndex, source, seq, Buffer.from(content as string)],
      );
    }
  }

  async function compareOnce(args: string[], isGood = true): Promise<void> {
    const [here, there] = await Promise.all([site.local(args), site.remote(args)]);
    assert.deepEqual(there, here, args.join(' '));
    assert.equal(here.code === 0, isGood, here.stderr);
    assert.ok(here.stdout !== '' || here.stderr !== '', args.join(' '));
  }

  async function compare(words: string, isGood: boolean): Promise<void> {
    await compareOnce(words.split(' '), isGood);
    await compareOnce([...words.split(' '), '--json'], isGood);
  }

  it('tasks logs --follow, whose JSON lines end where the text came in pieces', async () => {
    const args = 'tasks logs idle good only --follow'.split(' ');
    await compareOnce(args);
    const [here, there] = await Promise.all([
      site.local([...args, '--json']),
      site.remote([...args, '--json']),
    ]);
    const texts = ({ stdout }: Ended) => {
      const joined: Record<string, string> = {};
      for (const line of stdout.trim().split('\n')) {
        const { container = '', text } = JSON.parse(line) as { container?: string; text: string };
        joined[container] = (joined[container] ?? '') + text;
      }
      return joined;
    };
    assert.deepEqual(texts(there), texts(here));
    assert.deepEqual(texts(here), { '': 'line one\nzwei: \ufffd', proxy: 'ready\n' });
  });

  it('tasks output has all of an output, and tasks show --json, too', async () => {
    const long = 'ü'.repeat(100_000);
    const { stdout } = await site.remote(
      'tasks output mapped latest each --map-index 0 --key long'.split(' '),
    );
    assert.equal(stdout, `"${long}"\n`);
    const shown = await site.remote('tasks show mapped latest each --json'.split(' '));
    const { outputs } = JSON.parse(shown.stdout) as { outputs: { key: string; value: unknown }[] };
    assert.equal(outputs.find(({ key }) => key === 'long')?.value, long);
  });

  for (const words of READING) it(words, () => compare(words, true));
  for (const words of FAILING) it(`${words} (fails)`, () => compare(words, false));
});
