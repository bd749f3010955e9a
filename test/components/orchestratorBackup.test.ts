/** Backups of an Orchestrator: by whom, follows from who runs its database. */
import assert from 'node:assert/strict';
import { BackupMode, DatabaseMode, Orchestrator, type OrchestratorArgs } from '../../src/index.ts';
import type { Container } from '../../src/pods/manifest.ts';
import { IMAGE, problemsOf } from './common.ts';
import { componentLaws } from './laws.ts';
import { at, record, TWINS } from './mocks.ts';

type Told = Pick<OrchestratorArgs, 'database' | 'backup'>;

const build = (told: Told) => new Orchestrator('etl', { image: IMAGE, ...told });

for (const twin of TWINS) {
  describe(`Backups of an Orchestrator (${twin})`, () => {
    const make = (told: Told) => record(twin, () => build(told));

    it('are dumps of the embedded database, by its image', async () => {
      const { children, one } = await make({
        database: { mode: DatabaseMode.Embedded, embedded: { image: 'example/postgres:18' } },
        backup: { schedule: '30 1 * * *', dump: { keep: 30, keepData: true } },
      });
      componentLaws(children);
      const job = one('CronJob', 'etl-backup').inputs;
      const container = at(job, 'spec.jobTemplate.spec.template.spec.containers[0]') as Container;
      assert.equal(container.image, 'example/postgres:18');
      const env = Object.fromEntries(container.env!.map(({ name, ...rest }) => [name, rest]));
      assert.equal(env.KEEP!.value, '30');
      const secret = one('Secret', 'etl-database-connection');
      assert.deepEqual(env.DATABASE_URL!.valueFrom, {
        secretKeyRef: { name: `${secret.name}-1a2b3c4d`, key: 'url' },
      });
      assert.equal(at(job, 'spec.schedule'), '30 1 * * *');
      assert.ok(one('CronJob').after.includes('etl-migration'), 'there is a schema');
      assert.equal(one('Namespace', 'etl').retainOnDelete, true, 'dumps are asked to stay');
    });

    it('are left to CloudNativePG where that runs the database', async () => {
      const { one, all } = await make({
        database: { mode: DatabaseMode.CloudNativePg },
        backup: { cloudNativePg: { method: 'volumeSnapshot' } },
      });
      const { inputs } = one('ScheduledBackup', 'etl-backup');
      assert.equal(at(inputs, 'spec.cluster.name'), 'etl-database');
      assert.equal(at(inputs, 'spec.method'), 'volumeSnapshot');
      assert.deepEqual(all('CronJob'), []);
    });

    it('are dumps there, too, when that is asked', async () => {
      const { all } = await make({
        database: { mode: DatabaseMode.CloudNativePg },
        backup: { mode: BackupMode.Dump },
      });
      assert.equal(all('CronJob').length, 1);
      assert.deepEqual(all('ScheduledBackup'), []);
    });
  });
}

describe('Backups of an Orchestrator', () => {
  it('are refused where CloudNativePG does not run the database', () => {
    const database = { mode: DatabaseMode.Embedded };
    assert.deepEqual(
      problemsOf(() => build({ database, backup: { mode: BackupMode.CloudNativePg } })),
      ['backup.mode: CloudNativePG does not run the database'],
    );
    assert.deepEqual(
      problemsOf(() => build({ database, backup: { cloudNativePg: {} } })),
      ['backup.cloudNativePg: it is for mode CloudNativePg'],
    );
  });
});
