/** The watch of pods against a server that cuts, lies, falls silent and forgets. */
import assert from 'node:assert/strict';
import type http from 'node:http';
import { PodWatch } from '../../runtime/pods/podWatch.ts';
import { openFakeApi, podJson, podList, send, type FakeApi } from './fakeApi.ts';

const log = { info() {}, warn() {}, error() {} };

describe('PodWatch', () => {
  let api: FakeApi;
  let watch: PodWatch;
  const told: string[] = [];
  let wake = () => {};

  afterEach(async () => {
    await watch.stop();
    await api.close();
  });

  function begin(more: { idleMs?: number; relistMs?: number } = {}): void {
    told.length = 0;
    const tell = (words: string) => {
      told.push(words);
      wake();
    };
    watch = new PodWatch({
      client: api.client,
      namespace: 'tasks',
      selector: 'a=b',
      log,
      onChange: (pod) => tell(`change ${pod.name} ${pod.resourceVersion}`),
      onGone: (pod) => tell(`gone ${pod.name}`),
      onSynced: (pods) => tell(`synced ${pods.size}`),
      ...more,
    });
    watch.start();
  }

  async function until(words: string): Promise<void> {
    while (!told.includes(words)) await new Promise<void>((resolve) => (wake = resolve));
  }

  const isWatch = (url: URL) => url.searchParams.get('watch') === 'true';
  const event = (response: http.ServerResponse, type: string, object: object) =>
    response.write(`${JSON.stringify({ type, object })}\n`);

  it('hands on list, changes and deletions, whatever way the lines are cut', async () => {
    api = await openFakeApi(({ url }, response) => {
      if (!isWatch(url)) {
        send(response, 200, podList(5, [podJson('a', 3)]));
        return;
      }
      const added = JSON.stringify({ type: 'ADDED', object: podJson('ü', 6) });
      const bytes = Buffer.from(`${added}\n`);
      const cut = bytes.indexOf(0xc3) + 1;
      response.write(bytes.subarray(0, cut));
      setImmediate(() => {
        response.write(bytes.subarray(cut));
        event(response, 'DELETED', podJson('a', 7));
      });
    });
    begin();
    await until('gone a');
    assert.deepEqual(told, ['change a 3', 'synced 1', 'change ü 6', 'gone a']);
    const asked = Object.fromEntries(api.requests[1]?.url.searchParams ?? []);
    assert.deepEqual([asked.resourceVersion, asked.labelSelector], ['5', 'a=b']);
    assert.deepEqual(
      [...watch.pods.values()].map((pod) => pod.name),
      ['ü'],
    );
  });

  for (const how of ['an ERROR event', 'an HTTP status'] as const) {
    it(`lists again and tells what it missed after 410 as ${how}`, async () => {
      let lists = 0;
      let watches = 0;
      const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
      api = await openFakeApi(({ url }, response) => {
        if (!isWatch(url)) {
          const first = [podJson('a', 3), podJson('b', 4)];
          const second = [podJson('b', 4), podJson('c', 20)];
          send(response, 200, lists++ === 0 ? podList(5, first) : podList(30, second));
          return;
        }
        if (watches++ > 0) {
          response.flushHeaders();
          return;
        }
        if (how === 'an HTTP status') {
          send(response, 410, gone);
          return;
        }
        event(response, 'ERROR', gone);
      });
      begin();
      await until('synced 2');
      told.length = 0;
      await until('synced 2');
      // b is as it was: nothing is told about it.
      assert.deepEqual(told, ['gone a', 'change c 20', 'synced 2']);
    });
  }

  it('goes on from the last bookmark when the connection breaks', async () => {
    const versions: (string | null)[] = [];
    api = await openFakeApi(({ url }, response) => {
      if (!isWatch(url)) {
        send(response, 200, podList(5, []));
        return;
      }
      versions.push(url.searchParams.get('resourceVersion'));
      if (versions.length === 1) {
        event(response, 'BOOKMARK', { metadata: { resourceVersion: '17' } });
        setImmediate(() => response.destroy());
      } else event(response, 'ADDED', podJson('a', 18));
    });
    begin();
    await until('change a 18');
    assert.deepEqual(versions, ['5', '17']);
    assert.deepEqual(told, ['synced 0', 'change a 18']);
  });

  it('finds a connection that is open and silent', async () => {
    let watches = 0;
    api = await openFakeApi(({ url }, response) => {
      if (!isWatch(url)) {
        send(response, 200, podList(5, []));
        return;
      }
      response.flushHeaders();
      if (++watches === 2) event(response, 'ADDED', podJson('a', 6));
    });
    const begun = performance.now();
    begin({ idleMs: 200 });
    await until('change a 6');
    assert.ok(performance.now() - begun >= 200);
    assert.equal(watches, 2);
  });

  it('says nothing about pods while the API fails, and answers a proxy page as a failure', async () => {
    let requests = 0;
    api = await openFakeApi(({ url }, response) => {
      if (isWatch(url)) {
        response.flushHeaders();
        return;
      }
      const turn = requests++;
      if (turn === 0) {
        send(response, 500, { kind: 'Status', message: 'etcd leader changed' });
        return;
      }
      if (turn === 1) {
        send(response, 200, { hello: 'I am a proxy' });
        return;
      }
      if (turn === 2) return response.destroy();
      send(response, 200, podList(9, [podJson('a', 3)]));
    });
    begin();
    await until('synced 1');
    assert.deepEqual(told, ['change a 3', 'synced 1']);
    assert.equal(requests, 4);
  });

  it('keeps what it knows when a later list fails', async () => {
    let lists = 0;
    let watches = 0;
    api = await openFakeApi(({ url }, response) => {
      if (!isWatch(url)) {
        lists++;
        if (lists === 2) {
          send(response, 503, { message: 'away' });
          return;
        }
        send(response, 200, podList(5, lists === 1 ? [podJson('a', 3)] : []));
        return;
      }
      watches++;
      if (watches === 1) {
        send(response, 410, { kind: 'Status', message: 'old' });
        return;
      }
      response.flushHeaders();
    });
    begin();
    await until('synced 0');
    assert.equal(lists, 3);
    assert.deepEqual(told, ['change a 3', 'synced 1', 'gone a', 'synced 0']);
  });

  it('lists page by page, and from the start when a page has become too old', async () => {
    let expired = false;
    api = await openFakeApi(({ url }, response) => {
      if (isWatch(url)) {
        response.flushHeaders();
        return;
      }
      if (url.searchParams.get('continue') === null) {
        send(response, 200, podList(5, [podJson('a', 1)], 'next'));
        return;
      }
      if (!expired) {
        expired = true;
        send(response, 410, { kind: 'Status', message: 'the continue token is too old' });
        return;
      }
      send(response, 200, podList(5, [podJson('b', 2)]));
    });
    begin();
    await until('synced 2');
    assert.deepEqual(told, ['change a 1', 'change b 2', 'synced 2']);
    assert.equal(api.requests.filter(({ url }) => !isWatch(url)).length, 4);
  });
});
