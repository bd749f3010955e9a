/** Where the worker of a pod writes, whatever the container runtime made of its image. */
import assert from 'node:assert/strict';
import { chooseScratch } from '../../runtime/worker/scratch.ts';

describe('folder for temporary files in a pod', () => {
  const cases: [what: string, env: object, writable: string[], chosen: object][] = [
    ['is /tmp', {}, ['/tmp', '/dev/shm'], { TMPDIR: '/tmp', HOME: '/tmp' }],
    ['is what the author says', { TMPDIR: '/x' }, ['/x', '/tmp'], { TMPDIR: '/x', HOME: '/x' }],
    ['is /dev/shm on a read-only root', {}, ['/dev/shm'], { TMPDIR: '/dev/shm', HOME: '/dev/shm' }],
    ['leaves a home that works', { HOME: '/h' }, ['/tmp', '/h'], { TMPDIR: '/tmp', HOME: '/h' }],
    ['is said even where nothing works', { HOME: '/h' }, [], { TMPDIR: '/tmp', HOME: '/tmp' }],
  ];
  for (const [what, given, writable, chosen] of cases) {
    it(what, () => {
      const env = { ...given };
      chooseScratch(env, (folder) => writable.includes(folder));
      assert.deepEqual(env, chosen);
    });
  }
});
