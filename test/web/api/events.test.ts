/** GET /events: what changed, as it changes, to who may see it. */
import assert from 'node:assert/strict';
import { setPaused } from '../../../runtime/commands/pause.ts';
import type { Grant } from '../../../src/model/access.ts';
import { Change } from '../../../runtime/web/api/schema/events.ts';
import { readEvents, type SentEvent } from './readEvents.ts';
import { openSite, registerSales, type Site } from './site.ts';

describe('changes by the API', function () {
  this.timeout(60_000);
  let site: Site;
  beforeEach(async () => {
    site = await openSite();
    await registerSales(site.engine);
  });
  afterEach(() => site.close());

  async function follow(grants?: Grant[]) {
    const events = readEvents(await site.get('/events', grants));
    assert.equal((await events.next()).value?.event, 'hello');
    return events;
  }

  /** Until one of them says what is asked for. */
  async function until(
    events: AsyncGenerator<SentEvent, undefined>,
    wanted: (data: Change) => boolean,
  ): Promise<Change> {
    for (;;) {
      const { value } = await events.next();
      if (!value) assert.fail('the stream ended');
      if (value.event !== 'change') continue;
      const change = Change.parse(value.data);
      if (wanted(change)) return change;
    }
  }

  it('tell runs that begin, go on and end', async () => {
    const events = await follow();
    site.engine.script('load', 'hang');
    const runId = await site.engine.run('hidden');
    const has = (state: string) => (data: Change) =>
      data.runs.some((run) => run.runId === runId && run.state === state);
    await until(events, has('running'));
    // Something inside the run alone.
    await site.engine.database.query(
      `UPDATE podline.attempt SET facts = '{"waiting":{"reason":"image_pull"}}' WHERE ended_at IS NULL`,
    );
    await until(events, has('running'));
    await site.engine.command('hidden', runId, { kind: 'cancel' });
    const { runs } = await until(events, has('failed'));
    assert.deepEqual(Object.keys(runs[0] ?? {}).sort(), ['dagId', 'runId', 'state']);
  });

  it('tell who comes of runs that ended a moment ago: a page may have read them as open', async () => {
    // Whether somebody listens already, or nobody did.
    for (const dagId of ['hidden', 'sales']) {
      const runId = await site.engine.run(dagId);
      const events = await follow();
      const ended = await until(events, ({ runs }) =>
        runs.some((run) => run.dagId === dagId && run.runId === runId),
      );
      assert.deepEqual(
        ended.runs.filter((run) => run.dagId === dagId).map(({ state }) => state),
        ['success'],
        dagId,
      );
    }
  });

  it('tell DAGs, pools and workers', async () => {
    const events = await follow();
    await setPaused(site.engine.database, 'sales', true);
    const { dags } = await until(events, (data) => data.dags.length > 0);
    assert.deepEqual(dags, ['sales']);
    await site.engine.database.query('UPDATE podline.pool SET slots = 7');
    await until(events, (data) => data.pools);
    await site.engine.database.query(
      `INSERT INTO podline.worker (id, kind, host, pid, lock_key) VALUES ('w', 'pool', 'h', 1, 1)`,
    );
    await until(events, (data) => data.workers);
  });

  it('tell nobody of what he may not see', async () => {
    const events = await follow([{ role: 'viewer', tag: 'finance' }]);
    await site.engine.run('hidden');
    await site.engine.run('sales');
    const seen: string[] = [];
    await until(events, ({ runs, dags }) => {
      seen.push(...dags, ...runs.map(({ dagId }) => dagId));
      return seen.includes('sales');
    });
    assert.deepEqual([...new Set(seen)], ['sales']);
  });

  it('end with the webserver', async () => {
    const events = await follow();
    await site.stopWeb();
    assert.equal((await events.next()).done, true);
  });
});
