/** The log of an attempt: chunks, backpressure, limit, masking. */
import assert from 'node:assert/strict';
import { AttemptLog, CHUNK_BYTES } from '../../runtime/worker/log.ts';

function collected(options: { capBytes?: number; flushMs?: number } = {}) {
  const chunks: Buffer[] = [];
  const log = new AttemptLog({
    ...options,
    async send(seq, content) {
      assert.equal(seq, chunks.length);
      chunks.push(content);
    },
  });
  const end = async () => {
    const last = await log.end();
    assert.equal(last.seq, chunks.length);
    return Buffer.concat([...chunks, last.content]);
  };
  return { log, chunks, end };
}

describe('log of an attempt', () => {
  it('leaves a short log to the finish', async () => {
    const { log, chunks, end } = collected();
    log.line('one');
    log.system('two');
    assert.equal((await end()).toString(), 'one\n[podline] two\n');
    assert.equal(chunks.length, 0);
  });

  it('sends chunks of at most 64 KB in order and loses no byte', async () => {
    const { log, chunks, end } = collected();
    const parts = Array.from({ length: 50 }, (_, i) => Buffer.alloc(7001, 65 + (i % 26)));
    for (const part of parts) await log.write('stdout', part);
    const all = await end();
    assert.ok(all.equals(Buffer.concat(parts)));
    assert.ok(chunks.length >= 5);
    assert.ok(chunks.every((chunk) => chunk.length <= CHUNK_BYTES));
  });

  it('sends what is there after the flush time', async () => {
    const sent = new Promise<string>((resolve) => {
      const log = new AttemptLog({
        flushMs: 5,
        send: async (_seq, content) => resolve(content.toString()),
      });
      log.line('early');
      // The timer does not hold the process; in a worker the task does.
      setTimeout(() => {}, 1000);
    });
    assert.equal(await sent, 'early\n');
  });

  it('stays small when the task writes faster than the database takes', async () => {
    let release = () => {};
    let started = () => {};
    const blocked = new Promise<void>((resolve) => (started = resolve));
    let gate = new Promise<void>((resolve) => (release = resolve));
    let total = 0;
    const log = new AttemptLog({
      async send(_seq, content) {
        started();
        await gate;
        total += content.length;
      },
    });
    const block = Buffer.alloc(64 * 1024, 120);
    let wrote = 0;
    let waits: Promise<void> | undefined;
    while (!waits) {
      waits = log.write('stdout', block);
      wrote += block.length;
      assert.ok(wrote <= 4 * 1024 * 1024, 'there must be backpressure');
    }
    await blocked;
    release();
    gate = Promise.resolve();
    await waits;
    const last = await log.end();
    assert.equal(total + last.content.length, wrote);
  });

  it('stops at its limit and says so', async () => {
    const { log, end } = collected({ capBytes: 1000 });
    for (let i = 0; i < 100; i += 1) log.line('x'.repeat(99));
    log.system('this is dropped, too');
    const text = (await end()).toString();
    assert.match(
      text,
      /\n\[podline\] the log has reached its limit of 1000 bytes, the rest is dropped\n$/,
    );
    assert.equal(text.indexOf('\n[podline]'), 1000);
  });

  it('keeps bytes that are no UTF-8', async () => {
    const { log, end } = collected();
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3]);
    void log.write('stdout', bytes);
    assert.ok((await end()).equals(bytes));
  });

  it('says how much was lost when chunks cannot be stored', async () => {
    const log = new AttemptLog({
      send: () => Promise.reject(new Error('no')),
    });
    await log.write('stdout', Buffer.alloc(CHUNK_BYTES));
    const last = await log.end();
    assert.equal(last.content.toString(), `[podline] ${CHUNK_BYTES} bytes of log were lost\n`);
  });

  it('masks stdout and stderr each for itself, and its own lines', async () => {
    const { log, end } = collected();
    log.hide([Buffer.from('hunter22')]);
    void log.write('stdout', Buffer.from('a hunt'));
    void log.write('stderr', Buffer.from('b'));
    void log.write('stdout', Buffer.from('er22 c'));
    log.system('hunter22');
    assert.equal((await end()).toString(), 'a b*** c\n[podline] ***\n');
  });
});
