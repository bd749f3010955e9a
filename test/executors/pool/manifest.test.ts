/** The Deployment of a pool: names, secrets by reference only, and time enough to drain. */
import assert from 'node:assert/strict';
import { podline } from '../../cli/podline.ts';

interface Item {
  kind: string;
  metadata: { name: string };
  stringData?: { pool: string; worker: string };
  spec?: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        containers: { args: string[]; env: { name: string; value?: string }[] }[];
      };
    };
  };
}

const env = {
  PODLINE_POOL_DATABASE_URL: 'postgresql://podline_pool_x:one@127.0.0.1:5432/x',
  PODLINE_WORKER_DATABASE_URL: 'postgresql://podline_worker_x:two@127.0.0.1:5432/x',
  PODLINE_DRAIN_SECONDS: '120',
};

describe('podline worker --manifest', () => {
  it('prints a Secret and a Deployment at the address of the pods', async () => {
    const args = ['worker', '--pool', 'Big_GPU.', '--manifest', 'img:1', '--slots', '7'];
    const { code, stdout, stderr } = await podline(
      [...args, '--database-address', '[fd00::1]:5433'],
      { env },
    );
    assert.equal(code, 0, stderr);
    const { items } = JSON.parse(stdout) as { items: Item[] };
    const [secret, deployment] = items;
    assert.deepEqual(
      items.map(({ kind, metadata }) => [kind, metadata.name]),
      [
        ['Secret', 'podline-pool-big-gpu-database'],
        ['Deployment', 'podline-pool-big-gpu'],
      ],
    );
    assert.deepEqual(secret?.stringData, {
      pool: 'postgresql://podline_pool_x:one@[fd00::1]:5433/x',
      worker: 'postgresql://podline_worker_x:two@[fd00::1]:5433/x',
    });
    assert.ok(!JSON.stringify(deployment).includes('postgresql:'));
    assert.match(JSON.stringify(deployment), /"podline.dev\/pool":"Big_GPU"/);
    const spec = deployment?.spec?.template.spec;
    assert.ok(spec && spec.terminationGracePeriodSeconds > 120);
    assert.deepEqual(spec.containers[0]?.args, ['worker', '--pool', 'Big_GPU.', '--slots', '7']);
  });

  it('refuses an address that is none', async () => {
    for (const address of ['db:5432/other', 'user@db:5432', '']) {
      const args = ['worker', '--pool', 'x', '--manifest', 'img:1', '--database-address', address];
      const { code, stdout } = await podline(args, { env });
      assert.deepEqual([code, stdout], [2, ''], address);
    }
  });
});
