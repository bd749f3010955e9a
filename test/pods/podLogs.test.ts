/**
 * Logs of pods in a real database, read from a log server whose streams break at any byte. That a real
 * kubelet answers like that is shown in test/cluster/direct.test.ts.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { ApiError } from '../../runtime/pods/apiError.ts';
import type { LogOptions, PodClient } from '../../runtime/pods/podClient.ts';
import type { ContainerFacts, PodFacts } from '../../runtime/pods/podFacts.ts';
import { PodLogs, type PodLogsOptions } from '../../runtime/pods/podLogs.ts';
import { testDatabase, type TestDatabase } from '../../runtime/testing/database.ts';

const QUIET = { info() {}, warn() {}, error() {} };
const START = Date.parse('2026-01-01T00:00:00Z');

/** The log of one container as a kubelet serves it. */
class ContainerLog extends EventEmitter {
  readonly #lines: { at: number; text: string }[] = [];
  readonly asked: LogOptions[] = [];
  isOver = false;
  /** Bytes after which the next stream breaks. */
  breakAfter: number | undefined;
  /** Answers the next requests with an error. */
  refusals: ApiError[] = [];

  /** Some lines share a nanosecond. */
  write(text: string): void {
    this.#lines.push({ at: START + Math.floor(this.#lines.length / 3) * 400, text });
    this.emit('more');
  }

  end(): void {
    this.isOver = true;
    this.emit('more');
  }

  open(options: LogOptions): Readable {
    const refused = this.refusals.shift();
    this.asked.push(options);
    this.emit('asked');
    if (refused) throw refused;
    const stream = new PassThrough();
    stream.on('error', () => {});
    let sent = 0;
    let left = this.breakAfter ?? Infinity;
    this.breakAfter = undefined;
    const since = options.sinceTime === undefined ? 0 : Date.parse(options.sinceTime);
    const pump = (): void => {
      for (; sent < this.#lines.length; sent += 1) {
        const { at, text } = this.#lines[sent] as { at: number; text: string };
        if (at < since) continue;
        const bytes = Buffer.from(`${new Date(at).toISOString().slice(0, -1)}000000Z ${text}\n`);
        stream.write(bytes.subarray(0, left));
        left -= bytes.length;
        if (left <= 0) {
          setImmediate(() => stream.destroy(new Error('connection reset')));
          return void this.off('more', pump);
        }
      }
      if (this.isOver || !options.follow) {
        stream.end();
        this.off('more', pump);
      }
    };
    options.signal?.addEventListener('abort', () => {
      this.off('more', pump);
      stream.destroy(new Error('aborted'));
    });
    this.on('more', pump);
    pump();
    return stream;
  }
}

describe('logs of pods', () => {
  let db: TestDatabase;
  let logs: PodLogs;
  let served: Map<string, ContainerLog>;
  let count = 0;

  before(async () => (db = await testDatabase()));
  after(() => db.drop());
  beforeEach(() => {
    served = new Map();
    logs = openLogs();
  });
  afterEach(() => logs.stop());

  const client = {
    log: async (_namespace: string, name: string, container: string, options: LogOptions = {}) => {
      const log = served.get(`${name}/${container}`);
      if (!log) throw new ApiError({ kind: 'not_found', status: 404, reason: '', message: 'none' });
      return log.open(options);
    },
  } as PodClient;

  function openLogs(more: Partial<PodLogsOptions> = {}): PodLogs {
    return new PodLogs({ database: db.pool, client: () => client, log: QUIET, ...more });
  }

  type State = Partial<ContainerFacts>;

  function pod(main: State, others: State[] = [], more: Partial<PodFacts> = {}): PodFacts {
    const name = `pod${count}`;
    const facts = (part: State): ContainerFacts => ({
      name: 'main',
      kind: 'main',
      state: 'running',
      restarts: 0,
      ...part,
    });
    return {
      cluster: 'one',
      namespace: 'tasks',
      name,
      uid: `uid-${name}`,
      resourceVersion: '1',
      installation: 'i',
      attemptId: 1000 + count,
      look: 1,
      kind: 'direct',
      createdAt: '',
      phase: 'Running',
      node: 'n',
      deleting: false,
      terminal: false,
      main: facts(main),
      others: others.map(facts),
      waiting: null,
      failure: null,
      ...more,
    };
  }

  function serve(container = 'main', name = `pod${count}`): ContainerLog {
    const log = new ContainerLog();
    served.set(`${name}/${container}`, log);
    return log;
  }

  beforeEach(() => (count += 1));

  async function stored(source = 'task', attempt = 1000 + count) {
    const { rows } = await db.pool.query<{ seq: number; content: Buffer }>(
      'SELECT seq, content FROM podline.log_chunk WHERE attempt_id = $1 AND source = $2 ORDER BY seq',
      [attempt, source],
    );
    assert.deepEqual(
      rows.map(({ seq }) => seq),
      rows.map((_, index) => index),
    );
    return Buffer.concat(rows.map(({ content }) => content)).toString();
  }

  async function storedAtLast(expected: string, source = 'task') {
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await stored(source)) === expected) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.equal(await stored(source), expected);
  }

  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

  it('are stored while the container runs, and complete when it has ended', async () => {
    const log = serve();
    logs.follow(pod({}));
    log.write('early');
    await storedAtLast('early\n');
    log.write('late');
    log.end();
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    assert.equal(await stored(), 'early\nlate\n');
    assert.equal(log.asked.length, 1);
  });

  it('lose and double nothing when the stream breaks at any byte', async () => {
    const text = lines(0, 40);
    for (const breaks of [[1], [30, 700], [333, 34, 35, 36, 900], [0, 5]]) {
      count += 1;
      const log = serve();
      log.breakAfter = breaks.shift();
      log.on('asked', () => setImmediate(() => (log.breakAfter = breaks.shift())));
      logs.follow(pod({}));
      for (const line of text) log.write(line);
      await storedAtLast(`${text.join('\n')}\n`);
      log.end();
      await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
      assert.equal(await stored(), `${text.join('\n')}\n`);
    }
  });

  it('go on in the next process where the stored log ends', async () => {
    const log = serve();
    logs.follow(pod({}));
    for (const line of lines(0, 5)) log.write(line);
    await storedAtLast('line 0\nline 1\nline 2\nline 3\nline 4\n');
    await logs.stop();
    logs = openLogs();
    for (const line of lines(5, 8)) log.write(line);
    log.end();
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    assert.equal(await stored(), `${lines(0, 8).join('\n')}\n`);
    assert.notEqual(log.asked.at(-1)?.sinceTime, undefined);
  });

  it('are stored once when two processes read one pod', async () => {
    const log = serve();
    const other = openLogs();
    try {
      for (let turn = 0; turn < 5; turn += 1) {
        logs.follow(pod({}));
        other.follow(pod({}));
        for (const line of lines(turn * 7, turn * 7 + 7)) log.write(line);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      log.end();
      const ended = pod({ state: 'terminated', exitCode: 0 });
      await Promise.all([logs.finish(ended), other.finish(ended)]);
      assert.equal(await stored(), `${lines(0, 35).join('\n')}\n`);
    } finally {
      await other.stop();
    }
  });

  it('have a source for each container, and none for the output sidecar', async () => {
    for (const name of ['main', 'prepare', 'proxy', 'podline-output']) {
      const log = serve(name);
      log.write(`from ${name}`);
      log.end();
    }
    const ended: State = { state: 'terminated', exitCode: 0 };
    const others: State[] = [
      { ...ended, name: 'prepare', kind: 'init' },
      { ...ended, name: 'proxy', kind: 'sidecar' },
      { ...ended, name: 'podline-output', kind: 'sidecar' },
    ];
    await logs.finish(pod(ended, others));
    assert.equal(await stored(), 'from main\n');
    assert.equal(await stored('prepare'), 'from prepare\n');
    assert.equal(await stored('proxy'), 'from proxy\n');
    assert.equal(await stored('podline-output'), '');
  });

  it('of a worker are its own business, but for its last words when it died', async () => {
    const ended: State = { state: 'terminated', exitCode: 134 };
    serve().write('FATAL ERROR: out of memory');
    await logs.finish(pod(ended, [], { kind: 'worker' }));
    assert.equal(await stored('main'), 'FATAL ERROR: out of memory\n');
    count += 1;
    serve().write('noise');
    const message = JSON.stringify({ v: 1, attempt: 1000 + count, report: 'recorded' });
    await logs.finish(pod({ ...ended, message }, [], { kind: 'worker' }));
    assert.equal(await stored('main'), '');
  });

  it('are only those that the task wants', async () => {
    const ended: State = { state: 'terminated', exitCode: 0 };
    for (const name of ['main', 'proxy']) serve(name).write('x');
    logs.follow(pod(ended, [{ ...ended, name: 'proxy', kind: 'sidecar' }]), ['proxy']);
    await logs.finish(pod(ended, [{ ...ended, name: 'proxy', kind: 'sidecar' }]));
    assert.equal(await stored('proxy'), 'x\n');
    assert.equal(await stored(), '');
  });

  it('end at their limit, and say so once', async () => {
    await logs.stop();
    logs = openLogs({ capBytes: 100 });
    const log = serve();
    for (const line of lines(0, 200)) log.write(line);
    logs.follow(pod({}));
    await once(log, 'asked').catch(() => {});
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    assert.equal((await stored()).match(/reached its limit of 100 bytes/g)?.length, 1);
  });

  it('of more containers than streams are read at the end', async () => {
    await logs.stop();
    logs = openLogs({ maxStreams: 2 });
    const numbers = lines(0, 6).map(() => (count += 1));
    const pods: PodFacts[] = [];
    for (const number of numbers) {
      count = number;
      serve().write(`pod ${number}`);
      logs.follow(pod({}));
      pods.push(pod({ state: 'terminated', exitCode: 0 }));
    }
    const open = [...served.values()].filter(({ asked }) => asked.length > 0).length;
    for (const log of served.values()) log.end();
    await Promise.all(pods.map((one) => logs.finish(one)));
    for (const number of numbers) {
      assert.equal(await stored('task', 1000 + number), `pod ${number}\n`);
    }
    assert.ok(open <= 2);
  });

  it('wait for a container that is just being made, and give up on one that is not there', async () => {
    const log = serve();
    const words = 'container "main" in pod is waiting to start: ContainerCreating';
    log.refusals = [
      new ApiError({ kind: 'invalid', status: 400, reason: 'BadRequest', message: words }),
      new ApiError({ kind: 'server', status: 500, reason: '', message: 'again' }),
    ];
    log.write('there');
    logs.follow(pod({}));
    await storedAtLast('there\n');
    count += 1;
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    assert.equal(await stored(), '');
  });

  it('never hold up the end of a pod', async () => {
    await logs.stop();
    logs = openLogs({ finishMs: 300 });
    const log = serve();
    log.write('some');
    logs.follow(pod({}));
    await storedAtLast('some\n');
    // The stream hangs for ever.
    const began = performance.now();
    await logs.finish(pod({ state: 'terminated', exitCode: 0 }));
    assert.ok(performance.now() - began < 2000);
    logs.forget(pod({}));
  });
});
