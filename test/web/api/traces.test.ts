/** The link from a run to its trace: where there is one, to the trace that schedulers send. */
import assert from 'node:assert/strict';
import { bash, dag } from 'podline/dag';
import { readConfig } from '../../../runtime/config.ts';
import { Run } from '../../../runtime/web/api/schema/runs.ts';
import { openSite, type Site } from './site.ts';

describe('a run and its trace', () => {
  let site: Site;
  beforeEach(async () => {
    site = await openSite({ traceUrl: 'https://jaeger.example.org/trace/{traceId}?x={traceId}' });
    await site.engine.register(dag('d', {}, (d) => d.task('a', bash({ script: 'true' }))));
  });
  afterEach(() => site.close());

  async function traceOf(runId: string) {
    return (await site.read(Run, `/dags/d/runs/${runId}`)).trace;
  }

  /** What the last attempt was told. */
  async function told(): Promise<string> {
    const { rows } = await site.engine.database.query<{ traceparent: string }>(
      `SELECT podline.assignment_of(max(id)) ->> 'traceparent' AS traceparent FROM podline.attempt`,
    );
    return rows[0]?.traceparent.split('-')[1] ?? '';
  }

  it('has none where nobody sends traces', async () => {
    assert.equal(await traceOf(await site.engine.run('d')), null);
  });

  it('is the one that its tasks are told, while it runs and when it has ended, cleared or not', async () => {
    const { engine } = site;
    await engine.database.query('UPDATE podline.installation SET tracing = true');
    engine.script('a', 'hang');
    const runId = await engine.run('d');
    const first = await told();
    assert.match(first, /^[0-9a-f]{32}$/);
    const url = `https://jaeger.example.org/trace/${first}?x=${first}`;
    assert.deepEqual(await traceOf(runId), { id: first, url });
    await engine.command('d', runId, { kind: 'cancel' });
    assert.equal((await traceOf(runId))?.id, first);

    await engine.clear('d', runId);
    const second = await told();
    assert.notEqual(second, first);
    assert.equal((await traceOf(runId))?.id, second);
    await engine.command('d', runId, { kind: 'mark', state: 'success', tasks: ['a'] });
    assert.equal((await traceOf(runId))?.id, second);
  });

  it('has an address that is a web address with the trace in it', () => {
    for (const value of ['javascript:{traceId}', 'https://jaeger.example.org', '{traceId}']) {
      assert.throws(() => readConfig({ PODLINE_TRACE_URL: value }), /PODLINE_TRACE_URL/);
    }
  });
});
