/** Volumes for claims of a storage class: the test cluster has nobody who makes them. They are folders of this machine. */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Fixture } from './fixture.ts';

/** For `before` hooks. */
export function needsOwnCluster(test: Mocha.Context): void {
  if (process.env.PODLINE_TEST_KUBECONFIG === undefined) return;
  console.warn('    SKIPPED: volumes are folders of this machine, which another cluster has not');
  test.skip();
}

/** One volume of 1Gi, gone with the fixture; its folder. */
export async function provideVolume(fixture: Fixture, storageClass: string): Promise<string> {
  const folder = path.join(fixture.folder, storageClass);
  await fs.mkdir(folder);
  // A volume of this kind is not handed over to the group of the pod.
  await fs.chmod(folder, 0o777);
  const volumes = '/api/v1/persistentvolumes';
  await fixture.cluster.api.call('POST', volumes, {
    metadata: { name: storageClass },
    spec: {
      storageClassName: storageClass,
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: folder, type: 'Directory' },
    },
  });
  fixture.atEnd(() => fixture.cluster.api.ask('DELETE', `${volumes}/${storageClass}`));
  return folder;
}
