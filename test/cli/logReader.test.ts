/** Logs of several containers as one text. */
import assert from 'node:assert/strict';
import { LogReader } from '../../runtime/cli/local/logReader.ts';
import { LogPrinter } from '../../runtime/cli/tasks/logPrinter.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';

describe('log of an attempt with several containers', () => {
  let db: TestDatabase;
  before(async () => (db = await testDatabase()));
  after(() => db.drop());

  const append = (attempt: number, source: string, seq: number, content: string | Buffer) =>
    db.pool.query(
      'INSERT INTO podline.log_chunk (attempt_id, source, seq, content) VALUES ($1, $2, $3, $4)',
      [attempt, source, seq, Buffer.from(content)],
    );

  function open(attempt: number, container?: string, plain?: string) {
    const out: string[] = [];
    const printer = new LogPrinter((text) => void out.push(text), plain);
    const reader = new LogReader(db.pool, attempt, container, (text, source) =>
      printer.write(text, source),
    );
    return {
      read: () => reader.read(),
      async end() {
        await reader.finish();
        printer.end();
        return out.join('');
      },
    };
  }

  it('names the others, and never cuts a line of the task', async () => {
    await append(1, 'prepare', 0, 'fetch\n');
    await append(1, 'task', 0, 'one\ntw');
    await append(1, 'proxy', 0, 'ready\nhal');
    await append(1, 'task', 1, 'o\n');
    await append(1, 'proxy', 1, 'f');
    const log = open(1);
    await log.read();
    assert.equal(await log.end(), '[prepare] fetch\none\ntwo\n[proxy] ready\n[proxy] half\n');
  });

  it('follows each source by its own numbers', async () => {
    const log = open(2);
    await append(2, 'task', 0, 'a\n');
    await log.read();
    await append(2, 'proxy', 0, 'b\n');
    await log.read();
    await append(2, 'task', 1, 'c\n');
    await append(2, 'proxy', 1, 'd\n');
    await log.read();
    await log.read();
    assert.equal(await log.end(), 'a\n[proxy] b\nc\n[proxy] d\n');
  });

  it('reads logs of any length, and characters that a chunk cuts', async () => {
    const text = 'ü'.repeat(300);
    const bytes = Buffer.from(text);
    for (let seq = 0; seq < 200; seq += 1) {
      await append(3, 'task', seq, bytes.subarray(seq * 3, seq * 3 + 3));
    }
    const log = open(3);
    await log.read();
    assert.equal(await log.end(), text);
  });

  it('shows one container alone, as it is', async () => {
    const proxy = open(1, 'proxy', 'proxy');
    await proxy.read();
    assert.equal(await proxy.end(), 'ready\nhalf');
    const main = open(1, 'main');
    await main.read();
    assert.equal(await main.end(), 'one\ntwo\n');
  });

  it('keeps the order of a source when the clock of the server was set back', async () => {
    await append(4, 'task', 0, '1 ');
    await append(4, 'task', 1, '2 ');
    await db.pool.query(
      `UPDATE podline.log_chunk SET written_at = now() - interval '1 h' WHERE attempt_id = 4 AND seq = 1`,
    );
    await append(4, 'task', 2, '3');
    const log = open(4);
    await log.read();
    assert.equal(await log.end(), '1 2 3');
  });
});
