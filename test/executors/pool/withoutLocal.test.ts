/** Schedulers that run no tasks themselves, and what people are told when nobody runs them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { explainRun, explainTask } from '../../../runtime/explain/explain.ts';
import type { Capacity } from '../../../runtime/database/queries/readRun.ts';
import { podline, startPodline } from '../../cli/podline.ts';
import { PoolHost } from './poolHost.ts';

describe('a scheduler without a local executor', function () {
  this.timeout(60_000);
  let place: PoolHost;
  before(async () => {
    place = await PoolHost.open();
  });
  after(() => place.close());

  it('decides, leaves local tasks to others, and says so', async () => {
    const { host, db } = place;
    const scheduler = startPodline(['scheduler', '--no-local'], {
      url: db.url,
      home: path.join(host.folder, 'home'),
      env: { PODLINE_TEST_MARK: host.facts.mark },
    });
    await scheduler.sees(/scheduler started/);
    await place.worker('blue');
    const blue = await host.trigger('blue_quick');
    await host.ended(blue);
    const local = await host.trigger('quick');
    const show = async () =>
      (await podline(['runs', 'show', 'quick', local[0]!], { url: db.url })).stdout;
    await host.until('the local task is explained', async () =>
      /every scheduler that runs was started without a local executor/.test(await show()),
    );

    scheduler.child.kill('SIGTERM');
    assert.equal(await scheduler.ended, 0);
    assert.match(await show(), /no scheduler is running/, 'a pool worker is none');
    const again = await podline(['dags', 'trigger', 'quick'], { url: db.url });
    assert.match(again.stderr, /no scheduler is running/);
    await host.start();
    await host.ended(local);
    await place.settle([...blue, ...local]);
  });

  it('refuses slots beside --no-local', async () => {
    const { code, stderr } = await podline(['scheduler', '--no-local', '--slots', '3']);
    assert.equal(code, 2, stderr);
  });
});

describe('explaining executors', () => {
  const run = { state: 'running', paused: false } as Parameters<typeof explainRun>[0]['run'];
  const explain = (executor: string, capacity: Partial<Capacity>) =>
    explainTask({ state: 'queued', executor } as Parameters<typeof explainTask>[0], {
      run,
      counts: [],
      capacity: { pools: {}, executors: {}, schedulers: 1, ...capacity },
    });

  it('names what is missing', () => {
    assert.equal(explain('local', { schedulers: 0 }), 'waits: no scheduler is running');
    assert.equal(explain('kubernetes', { schedulers: 0 }), 'waits: no scheduler is running');
    assert.match(explain('kubernetes', {}), /no scheduler that runs has a cluster/);
    assert.match(explain('local', {}), /started without a local executor/);
    assert.match(explain('pool:gpu', { schedulers: 0 }), /no worker of the pool gpu is running/);
    assert.match(explain('pool:gpu', { executors: { local: 8 } }), /podline worker --pool gpu/);
    const full = { executors: { 'pool:gpu': 2, local: 4 } };
    assert.equal(explain('pool:gpu', full), 'waits for a free worker of the pool gpu');
    assert.equal(explain('local', full), 'waits for a free slot of the executor local');
  });

  it('does not take a pool worker for a scheduler', () => {
    const capacity = { pools: {}, executors: { 'pool:gpu': 2 }, schedulers: 0 };
    assert.match(explainRun({ run, capacity }), /no scheduler is running/);
    assert.equal(explainRun({ run, capacity: { ...capacity, executors: {}, schedulers: 1 } }), '');
  });
});

describe('podline worker', () => {
  it('refuses what it cannot work with, in words', async () => {
    const calls: [string[], Record<string, string>, RegExp][] = [
      [['worker'], {}, /--pool/],
      [['worker', '--pool', 'pool:x'], {}, /NAME/],
      [['worker', '--pool', 'x', '--slots', '0'], {}, /from 1 to 1000/],
      [
        ['worker', '--pool', 'x'],
        { PODLINE_POOL_DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/c' },
        /PODLINE_WORKER_DATABASE_URL/,
      ],
    ];
    for (const [args, env, words] of calls) {
      const { code, stderr } = await podline(args, { env });
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, words);
    }
    const nobody = await podline(['worker', '--pool', 'x'], {
      env: {
        PODLINE_POOL_DATABASE_URL: 'postgresql://a:hidden@127.0.0.1:1/c',
        PODLINE_WORKER_DATABASE_URL: 'postgresql://a:hidden@127.0.0.1:1/c',
      },
    });
    assert.equal(nobody.code, 4);
    assert.match(nobody.stderr, /127\.0\.0\.1:1\/c/);
    assert.doesNotMatch(nobody.stderr, /hidden/);
  });
});
