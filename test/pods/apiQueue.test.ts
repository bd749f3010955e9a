/** The queue of calls to a cluster: what is tried again, what waits, who goes first; and the kinds of errors. */
import assert from 'node:assert/strict';
import type { ApiError } from '../../runtime/pods/apiError.ts';
import { errorOfAnswer } from '../../runtime/pods/apiError.ts';
import { afterPushBack, afterSuccess, firstPace } from '../../runtime/pods/apiPace.ts';
import { ApiQueue, type ApiCall } from '../../runtime/pods/apiQueue.ts';
import { CallLine } from '../../runtime/pods/callLine.ts';
import { QuotaPause } from '../../runtime/pods/quotaPause.ts';

const log = { info() {}, warn() {}, error() {} };
const failing = (status: number, message: string, retryAfter?: string) =>
  errorOfAnswer(status, JSON.stringify({ kind: 'Status', message }), retryAfter);

describe('ApiQueue', () => {
  let queue: ApiQueue;
  afterEach(() => queue.close());

  function call(key: string, run: () => Promise<void>, more: Partial<ApiCall> = {}) {
    return new Promise<string>((resolve) => {
      const done = async () => {
        await run();
        resolve('done');
      };
      const onFailed = (error: unknown) => resolve(`failed: ${(error as Error).message}`);
      const kind = 'create' as const;
      assert.ok(queue.add({ key, kind, namespace: 'a', run: done, onFailed, ...more }));
    });
  }

  it('tries again what may succeed later, once what is final', async () => {
    queue = new ApiQueue({ log });
    let tries = 0;
    const delays: number[] = [];
    const flaky = () => (++tries < 3 ? Promise.reject(failing(500, 'etcd')) : Promise.resolve());
    const onDelayed = (_error: unknown, inMs: number) => delays.push(inMs);
    assert.equal(await call('x', flaky, { onDelayed }), 'done');
    assert.equal(tries, 3);
    assert.equal(delays.length, 2);
    assert.equal(await call('y', () => Promise.reject(failing(422, 'bad'))), 'failed: bad');
    assert.deepEqual(queue.stats.calls, { kill: 0, create: 4, cleanup: 0 });
    assert.equal(queue.stats.failed, 1);
    assert.equal(queue.stats.throttled, 2);
  });

  it('waits as long as Retry-After says, with everything', async () => {
    queue = new ApiQueue({ log });
    let tries = 0;
    const begun = performance.now();
    const busy = () =>
      ++tries === 1 ? Promise.reject(failing(429, 'busy', '1')) : Promise.resolve();
    const other: Promise<string>[] = [];
    // Asked for when the first answer has come: it, too, begins after the pause only.
    const onDelayed = () => other.push(call('other', () => Promise.resolve()));
    await call('x', busy, { onDelayed });
    assert.deepEqual(await Promise.all(other), ['done']);
    assert.ok(performance.now() - begun >= 1000);
    assert.equal(tries, 2);
  });

  it('asks a namespace without quota about once a second, and its neighbour at once', async () => {
    queue = new ApiQueue({ log });
    let tries = 0;
    let room = 0;
    const create = () => {
      tries++;
      if (room === 0)
        return Promise.reject(failing(403, 'pods "x" is forbidden: exceeded quota: q'));
      room--;
      return Promise.resolve();
    };
    const all = Array.from({ length: 30 }, (_, index) => call(`x${index}`, create));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const burst = tries;
    assert.ok(burst <= 8, `${burst} tries at first`);
    assert.deepEqual(queue.stats.pausedNamespaces, ['a']);
    const begun = performance.now();
    assert.equal(await call('n', () => Promise.resolve(), { namespace: 'b' }), 'done');
    assert.ok(performance.now() - begun < 500);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.ok(tries - burst >= 1 && tries - burst <= 3, `${tries - burst} tries in 2.5 s`);
    room = 100;
    assert.deepEqual(new Set(await Promise.all(all)), new Set(['done']));
  });

  it('takes a key once, drops what is not wanted any more, and ends when it is closed', async () => {
    queue = new ApiQueue({ log, maxConcurrent: 1 });
    let open = () => {};
    const first = call('x', () => new Promise<void>((resolve) => (open = resolve)));
    await Promise.resolve();
    const noop = { namespace: 'a', kind: 'create' as const, onFailed() {} };
    assert.equal(queue.add({ ...noop, key: 'x', run: () => Promise.resolve() }), false);
    let ran = false;
    const run = () => Promise.resolve(void (ran = true));
    assert.ok(queue.add({ ...noop, key: 'y', run, wanted: () => false }));
    open();
    await first;
    await queue.close();
    assert.equal(ran, false);
    assert.equal(queue.add({ ...noop, key: 'z', run }), false);
  });
});

describe('Pace, line and quota pauses', () => {
  it('grows by one a round, halves once a push back, pauses when everything fails', () => {
    const bounds = { most: 32 };
    let pace = firstPace(bounds);
    for (let i = 0; i < 8; i++)
      pace = afterSuccess(pace, { begunAt: 0, now: 10, busy: true }, bounds);
    assert.equal(Math.floor(pace.limit + 1e-9), 9);
    const slow = afterSuccess(pace, { begunAt: 0, now: 5000, busy: true }, bounds);
    assert.equal(slow.limit, pace.limit);
    const once = afterPushBack(pace, { begunAt: 100, now: 110, chance: 0.5 });
    const twice = afterPushBack(once, { begunAt: 100, now: 120, chance: 0.5 });
    assert.equal(twice.limit, pace.limit / 2);
    // In the past: no pause.
    assert.equal(twice.pausedUntil, 120);
    let dead = twice;
    for (let now = 200; now < 40_200; now += 1000) {
      dead = afterPushBack(dead, { begunAt: now, now, chance: 1 });
    }
    assert.equal(dead.limit, 1);
    assert.equal(dead.pausedUntil, 39_200 + 5000);
    const asked = afterPushBack(pace, { begunAt: 0, now: 0, retryAfterMs: 3000, chance: 0 });
    assert.equal(asked.pausedUntil, 3000);
  });

  it('takes kills first, cleanups now and then, namespaces in turns', () => {
    const line = new CallLine<{ kind: 'kill' | 'create' | 'cleanup'; namespace: string }>();
    for (let i = 0; i < 20; i++) line.push({ kind: 'create', namespace: i < 18 ? 'a' : 'b' });
    line.push({ kind: 'cleanup', namespace: 'a' });
    line.push({ kind: 'kill', namespace: 'a' });
    const taken = Array.from({ length: 8 }, () => line.take(() => true));
    const words = taken.map((call) => `${call?.kind} ${call?.namespace}`);
    assert.deepEqual(words.slice(0, 4), ['kill a', 'create a', 'create b', 'create a']);
    assert.equal(words[7], 'cleanup a');
    assert.equal(
      line.take((_kind, namespace) => namespace === 'c'),
      undefined,
    );
  });

  it('lets a namespace go on in full when it was not refused for a while', () => {
    const pause = new QuotaPause();
    pause.refused('a', 0, 0);
    assert.equal(pause.allows('a', 500, 0), false);
    assert.equal(pause.allows('a', 1000, 0), true);
    assert.equal(pause.allows('a', 1000, 1), false);
    assert.equal(pause.allows('b', 0, 9), true);
    assert.equal(pause.allows('a', 30_000, 9), true);
  });
});

describe('ApiError', () => {
  const cases: [number, string, string, ApiError['kind']][] = [
    [
      403,
      'Forbidden',
      'pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5',
      'quota',
    ],
    [
      403,
      'Forbidden',
      'pods "x" is forbidden: failed quota: q: must specify limits.cpu',
      'admission',
    ],
    [
      403,
      'Forbidden',
      'pods is forbidden: User "u" cannot create resource "pods" in API group "" in the namespace "a"',
      'forbidden',
    ],
    [
      403,
      'Forbidden',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
      'admission',
    ],
    [
      403,
      'Forbidden',
      'pods "x" is forbidden: ValidatingAdmissionPolicy "p" with binding "b" denied request: no',
      'admission',
    ],
    [400, '', 'admission webhook "w.example.org" denied the request: no', 'admission'],
    [422, 'Invalid', 'Pod "x" is invalid: spec.containers: Required value', 'invalid'],
    [409, 'AlreadyExists', 'pods "x" already exists', 'exists'],
    [409, 'Conflict', 'the UID in the precondition does not match', 'conflict'],
    [
      409,
      'Conflict',
      'Operation cannot be fulfilled on resourcequotas "q": the object has been modified',
      'throttled',
    ],
    [404, 'NotFound', 'pods "x" not found', 'not_found'],
    [410, 'Expired', 'too old resource version', 'gone'],
    [429, 'TooManyRequests', 'too many requests', 'throttled'],
    [500, 'InternalError', 'failed calling webhook "w": connection refused', 'server'],
  ];
  for (const [status, reason, message, kind] of cases) {
    it(`${status} ${message.slice(0, 60)} is ${kind}`, () => {
      assert.equal(
        errorOfAnswer(status, JSON.stringify({ kind: 'Status', reason, message })).kind,
        kind,
      );
    });
  }

  it('takes no word about pods from what is no API server', () => {
    for (const status of [400, 403, 404, 409, 410]) {
      for (const body of ['default backend - 404', '{"message":"no Route matched"}', '']) {
        assert.equal(errorOfAnswer(status, body).kind, 'server', `${status} ${body}`);
      }
    }
  });

  it('reads Retry-After, and words that are no JSON', () => {
    const error = errorOfAnswer(503, '<html>away</html>', '7');
    assert.equal(error.retryAfterSeconds, 7);
    assert.equal(error.message, '<html>away</html>');
    assert.equal(error.retryable, true);
    assert.equal(errorOfAnswer(401, '').retryable, true);
  });
});
