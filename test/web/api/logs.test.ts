/** Logs: pages by byte offset, follow as it is written, download. Characters and lines stay whole. */
import assert from 'node:assert/strict';
import { LogPage } from '../../../runtime/web/api/schema/logs.ts';
import { openSite, problemOf, registerSales, type Site } from './site.ts';
import { readEvents } from './readEvents.ts';

describe('logs by the API', function () {
  this.timeout(60_000);
  let site: Site;
  let attempt: number;
  let base: string;
  before(async () => {
    site = await openSite();
    await registerSales(site.engine);
  });
  after(() => site.close());
  beforeEach(async () => {
    await site.engine.advance('1m');
    site.engine.script('load', 'hang');
    const runId = await site.engine.run('hidden');
    const { rows } = await site.engine.database.query<{ id: number }>(
      'SELECT max(id) AS id FROM podline.attempt',
    );
    attempt = rows[0]?.id ?? 0;
    base = `/dags/hidden/runs/${encodeURIComponent(runId)}/tasks/load/-1/attempts/1/log`;
  });
  afterEach(() => end());

  async function write(seq: number, content: string | Buffer, source = 'task'): Promise<void> {
    await site.engine.database.query(
      'INSERT INTO podline.log_chunk (attempt_id, source, seq, content) VALUES ($1, $2, $3, $4)',
      [attempt, source, seq, Buffer.from(content as string)],
    );
  }
  /** The attempt is over, and long enough that nothing comes late. */
  async function end(): Promise<void> {
    await site.engine.database.query(
      `UPDATE podline.attempt SET state = 'success', ended_at = podline.now() - interval '1 minute', gone_at = podline.now(),
              token_hash = NULL WHERE id = $1`,
      [attempt],
    );
  }

  it('are read by pages that put together are the whole, whatever the offsets', async () => {
    const text = Array.from(
      { length: 300 },
      (_, i) => `line ${i}: naïve 😀 ${'x'.repeat(i)}\n`,
    ).join('');
    const bytes = Buffer.from(text);
    // Chunks end in the middle of characters.
    for (let seq = 0; seq * 997 < bytes.length; seq++) {
      await write(seq, bytes.subarray(seq * 997, (seq + 1) * 997));
    }
    await end();
    let found = '';
    for (let after = 0; after < bytes.length;) {
      const page = await site.read(LogPage, `${base}?after=${after}&limit=1024`);
      assert.equal(page.from, after);
      assert.equal(page.to, after + Buffer.byteLength(page.text));
      assert.ok(page.to > after && page.size === bytes.length && page.isComplete);
      assert.ok(page.text.endsWith('\n'), 'whole lines');
      found += page.text;
      after = page.to;
    }
    assert.equal(found, text);
    const tail = await site.read(LogPage, `${base}?after=-1024`);
    assert.equal(tail.to, bytes.length);
    assert.ok(text.endsWith(tail.text) && Buffer.byteLength(tail.text) > 1020);
    for (let after = 0; after < 60; after++) {
      const page = await site.read(LogPage, `${base}?after=${after}&limit=1024`);
      assert.doesNotMatch(page.text, /\ufffd/, `from ${after}`);
    }
    assert.deepEqual((await site.read(LogPage, `${base}?after=${10 ** 9}`)).text, '');
    const download = await site.get(`${base}/download`);
    assert.equal(await download.text(), text);
    assert.match(download.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(
      download.headers.get('content-disposition') ?? '',
      /^attachment; filename="[\w.-]+\.log"$/,
    );
    assert.equal(download.headers.get('x-content-type-options'), 'nosniff');
  });

  it('keep the sources of a pod apart', async () => {
    await write(0, 'of the task\n');
    await write(0, 'of the sidecar\n', 'proxy');
    const page = await site.read(LogPage, base);
    assert.deepEqual([page.text, page.sources], ['of the task\n', ['proxy', 'task']]);
    assert.equal(page.isComplete, false);
    assert.equal((await site.read(LogPage, `${base}?source=proxy`)).text, 'of the sidecar\n');
    assert.equal((await site.read(LogPage, `${base}?source=none`)).text, '');
  });

  it('are followed until the attempt is over, and again from where somebody was', async () => {
    await write(0, Buffer.from('first 😀').subarray(0, 8));
    const stream = await site.get(`${base}/stream`);
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = readEvents(stream);
    const first = await events.next();
    assert.deepEqual(first.value?.data, { from: 0, to: 6, text: 'first ' });
    await write(1, Buffer.from('first 😀').subarray(8));
    assert.deepEqual((await events.next()).value?.data, { from: 6, to: 10, text: '😀' });
    await write(2, 'last');
    const { value } = await events.next();
    assert.deepEqual([value?.event, value?.id, value?.data.text], ['log', '14', 'last']);
    await end();
    assert.equal((await events.next()).value?.event, 'end');
    assert.equal((await events.next()).done, true);
    const again = await fetch(`${site.base}/api/v1${base}/stream`, {
      headers: { 'x-grants': '[{"role":"viewer"}]', 'last-event-id': '10' },
    });
    const rest = readEvents(again);
    assert.deepEqual((await rest.next()).value?.data, { from: 10, to: 14, text: 'last' });
    assert.equal((await rest.next()).value?.event, 'end');
  });

  it('are nothing of an attempt that was not made', async () => {
    for (const path of ['', '/stream', '/download']) {
      const answer = await site.get(base.replace('attempts/1', 'attempts/2') + path);
      assert.equal(answer.status, 404);
      assert.equal((await problemOf(answer)).code, 'not_found.attempt');
    }
  });
});
