/** The example with containers, as it stands in the folder, in a namespace that refuses all that is not restricted. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openCluster } from './harness.ts';
import { Rig } from './rig.ts';

const EXAMPLE = path.resolve(import.meta.dirname, '../../examples/containers/containers.ts');

describe('examples/containers', () => {
  it('runs: an image of its own, then two tasks in pods of the default image', async () => {
    const cluster = await openCluster();
    const rig = await Rig.open({ cluster });
    try {
      await rig.register({ 'containers.ts': readFileSync(EXAMPLE, 'utf8') });
      await rig.start();
      const params = { image: cluster.images.busybox, words: 'six words in one small pod' };
      const run = await rig.trigger('containers', params);
      assert.equal(await rig.ended(run), 'success', rig.said());
      assert.deepEqual(await rig.output(run, 'count'), { words: 6 });
      assert.deepEqual(await rig.output(run, 'check'), { words: 6, even: true });
      await rig.noPods();
      await rig.sound();
    } finally {
      await rig.close();
    }
  });
});
