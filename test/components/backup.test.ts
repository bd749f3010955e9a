/** Backups: a dump that is whole or not there, on a volume that stays, and the backups of an operator. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Backup, type BackupArgs, BackupMode } from '../../components/backup.ts';
import { BACKUP_FOLDER, BACKUP_SCRIPT } from '../../components/spec/backupScript.ts';
import { componentLaws } from './laws.ts';
import { failure, read, record, TWINS } from './mocks.ts';

type CronJob = k8s.types.output.batch.v1.CronJob;

const dump = (more: Partial<BackupArgs['dump']> = {}): Partial<BackupArgs> => ({
  dump: { database: { secretName: 'database', url: 'postgresql://u:canary@h/d' }, ...more },
});
const args = (more: Partial<BackupArgs> = {}): BackupArgs => ({
  namespace: 'podline',
  mode: BackupMode.Dump,
  ...more,
});

describe('Backup', () => {
  for (const twin of TWINS) {
    describe(twin, () => {
      const make = (more: Partial<BackupArgs>) =>
        record(twin, () => new Backup('backup', args(more)));

      it('dumps the database every night onto a volume of its own', async () => {
        const { one, value, children } = await make(dump());
        componentLaws(children, { canaries: ['canary'] });
        const { spec } = one('CronJob').inputs as unknown as CronJob;
        assert.equal(spec.schedule, '0 2 * * *');
        assert.equal(spec.timeZone, 'Etc/UTC');
        assert.equal(spec.concurrencyPolicy, 'Forbid');
        const pod = spec.jobTemplate.spec.template.spec;
        const [container] = pod.containers;
        assert.equal(container!.image, 'docker.io/library/postgres:18');
        assert.equal(pod.securityContext.runAsUser, 999);
        const claim = one('PersistentVolumeClaim');
        const volume = pod.volumes.find(({ name }) => name === 'dumps');
        assert.equal(volume?.persistentVolumeClaim.claimName, `${claim.name}-1a2b3c4d`);
        assert.equal(await read(value.claimName), `${claim.name}-1a2b3c4d`);
        const mount = container!.volumeMounts.find(({ name }) => name === 'dumps');
        assert.deepEqual(mount, { name: 'dumps', mountPath: BACKUP_FOLDER });
        const env = Object.fromEntries(container!.env.map(({ name, ...rest }) => [name, rest]));
        assert.deepEqual(env.KEEP, { value: '7' });
        assert.deepEqual(env.DATABASE_URL, {
          valueFrom: { secretKeyRef: { name: 'database', key: 'url' } },
        });
      });

      it('keeps the volume when the component goes, unless told otherwise', async () => {
        const kept = async (more: object) =>
          (await make(dump(more))).one('PersistentVolumeClaim').retainOnDelete;
        assert.equal(await kept({}), true);
        assert.equal(await kept({ keepData: false }), false);
      });

      it('uses the claim that is there', async () => {
        const { all, one, value } = await make(dump({ existingClaim: 'dumps' }));
        assert.deepEqual(all('PersistentVolumeClaim'), []);
        const { spec } = one('CronJob').inputs as unknown as CronJob;
        const claims = spec.jobTemplate.spec.template.spec.volumes.flatMap(
          ({ persistentVolumeClaim: claim }) =>
            (claim as typeof claim | undefined)?.claimName ?? [],
        );
        assert.deepEqual(claims, ['dumps']);
        assert.equal(await read(value.claimName), 'dumps');
      });

      it('takes schedule, zone, image and number as they are said', async () => {
        const { one } = await make({
          ...dump({
            image: 'example/pg:17',
            keep: 30,
            storage: { size: '50Gi', storageClass: 'slow' },
          }),
          schedule: '30 1 * * 0',
          timeZone: 'Europe/Berlin',
        });
        const { spec } = one('CronJob').inputs as unknown as CronJob;
        assert.deepEqual([spec.schedule, spec.timeZone], ['30 1 * * 0', 'Europe/Berlin']);
        const { env, image } = spec.jobTemplate.spec.template.spec.containers[0]!;
        assert.equal(image, 'example/pg:17');
        assert.equal(env.find(({ name }) => name === 'KEEP')?.value, '30');
        const claim = one('PersistentVolumeClaim')
          .inputs as unknown as k8s.types.output.core.v1.PersistentVolumeClaim;
        assert.deepEqual(claim.spec, {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '50Gi' } },
          storageClassName: 'slow',
        });
      });

      it('is left to CloudNativePG where that runs the server', async () => {
        const { one, all, children } = await make({
          mode: BackupMode.CloudNativePg,
          schedule: '0 3 * * *',
          cloudNativePg: { cluster: 'etl-database' },
        });
        componentLaws(children);
        assert.deepEqual(all('CronJob'), []);
        const { apiVersion, spec } = one('ScheduledBackup').inputs as unknown as {
          apiVersion: string;
          spec: object;
        };
        assert.equal(apiVersion, 'postgresql.cnpg.io/v1');
        assert.deepEqual(spec, {
          schedule: '0 0 3 * * *',
          cluster: { name: 'etl-database' },
          backupOwnerReference: 'self',
          immediate: true,
          method: 'plugin',
          pluginConfiguration: { name: 'barman-cloud.cloudnative-pg.io' },
        });
      });

      it('refuses arguments that do not fit, all at once', async () => {
        const paths = async (given: Partial<BackupArgs>) => {
          const error = await failure(twin, () => new Backup('backup', args(given)));
          assert.ok(error instanceof pulumi.InputPropertiesError, String(error));
          return (error as unknown as { errors: { propertyPath: string }[] }).errors.map(
            ({ propertyPath }) => propertyPath,
          );
        };
        assert.deepEqual(await paths({}), ['dump']);
        assert.deepEqual(
          await paths({
            schedule: 'daily',
            timeZone: 'Mars/Base',
            cloudNativePg: { cluster: 'a' },
            ...dump({ keep: 0, existingClaim: 'a', storage: { size: 'much' } }),
          }),
          [
            'schedule',
            'timeZone',
            'cloudNativePg',
            'dump.keep',
            'dump.storage',
            'dump.storage.size',
          ],
        );
        assert.deepEqual(await paths({ mode: BackupMode.CloudNativePg }), [
          'cloudNativePg.cluster',
        ]);
      });
    });
  }
});

describe('program of a backup', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-backup-'));
    await fs.mkdir(path.join(folder, 'bin'));
    await fs.mkdir(path.join(folder, 'dumps'));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  const program = (name: string, text: string) =>
    fs.writeFile(path.join(folder, 'bin', name), `#!/bin/sh\n${text}`, { mode: 0o755 });

  interface Told {
    /** What pg_dump does. */
    dump: string;
    keep?: number;
    env?: Record<string, string>;
  }

  /** With programs of PostgreSQL that only write what they are told. */
  async function run({ dump: dumps, keep = 2, env = {} }: Told) {
    await program('pg_dump', dumps);
    await program('pg_restore', 'echo "$*"; eval "file=\\${$#}"; grep -q whole "$file"');
    const script = BACKUP_SCRIPT.replace(`cd ${BACKUP_FOLDER}`, `cd ${folder}/dumps`).replace(
      '/usr/lib/postgresql/*/bin',
      '/nowhere/*/bin',
    );
    const { status, stdout } = spawnSync('/bin/sh', ['-c', script], {
      encoding: 'utf8',
      env: {
        PATH: `${folder}/bin:${process.env.PATH ?? ''}`,
        DATABASE_URL: 'postgresql://u:p@h/d?sslmode=no-verify',
        KEEP: String(keep),
        ...env,
      },
    });
    return { status, stdout, files: (await fs.readdir(path.join(folder, 'dumps'))).sort() };
  }

  const WRITE =
    'for arg; do case "$arg" in --file=*) echo "whole $*" > "${arg#--file=}";; esac; done';

  it('writes one dump, with a way to the server that libpq understands', async () => {
    const { status, stdout, files } = await run({ dump: WRITE });
    assert.equal(status, 0, stdout);
    assert.equal(files.length, 1);
    assert.match(files[0]!, /^podline-\d{8}T\d{6}Z\.dump$/);
    const text = await fs.readFile(path.join(folder, 'dumps', files[0]!), 'utf8');
    assert.match(text, /--format=custom/);
    assert.match(text, /--dbname=postgresql:\/\/u:p@h\/d\?sslmode=require$/m);
    const mode = (await fs.stat(path.join(folder, 'dumps', files[0]!))).mode & 0o777;
    assert.equal(mode, 0o600, 'it holds everything');
  });

  it('removes the oldest ones, and nothing else', async () => {
    const old = ['podline-20260101T000000Z.dump', 'podline-20260102T000000Z.dump'];
    const others = ['notes.txt', 'podline-20260101T000000Z.dump.sha256'];
    for (const name of [...old, ...others]) {
      await fs.writeFile(path.join(folder, 'dumps', name), 'whole');
    }
    const { stdout, files } = await run({ dump: WRITE });
    assert.match(stdout, /removed podline-20260101T000000Z\.dump/);
    assert.ok(files.includes('podline-20260102T000000Z.dump') && files.includes('notes.txt'));
    assert.equal(files.filter((name) => name.endsWith('.dump')).length, 2);
  });

  it('fails, keeps all older ones and leaves no half when the dump breaks off or cannot be read', async () => {
    const old = ['podline-20260101T000000Z.dump', 'podline-20260102T000000Z.dump'];
    for (const name of old) await fs.writeFile(path.join(folder, 'dumps', name), 'whole');
    for (const broken of [`${WRITE}\nexit 3`, WRITE.replace('whole', 'half')]) {
      const { status, files } = await run({ dump: broken, keep: 1 });
      assert.notEqual(status, 0);
      assert.deepEqual(
        files.filter((name) => name.endsWith('.dump')),
        old,
      );
    }
    const { files } = await run({ dump: WRITE, keep: 1 });
    assert.ok(
      files.length === 1 && files[0]!.endsWith('.dump'),
      'what was left goes with the next',
    );
  });

  it('lays the dump that it is told of over the database, and makes none', async () => {
    const name = 'podline-20260101T000000Z.dump';
    await fs.writeFile(path.join(folder, 'dumps', name), 'whole');
    const { status, stdout, files } = await run({ dump: 'exit 3', env: { RESTORE: name } });
    assert.equal(status, 0, stdout);
    assert.match(
      stdout,
      /^--clean --if-exists --no-owner --single-transaction --dbname=\S+ podline/,
    );
    assert.match(stdout, /^restored podline-20260101T000000Z\.dump$/m);
    assert.deepEqual(files, [name]);
    const missing = await run({ dump: 'exit 3', env: { RESTORE: 'none.dump' } });
    assert.notEqual(missing.status, 0);
    assert.doesNotMatch(missing.stdout, /^restored/m);
  });

  it('is plain sh', () => {
    execFileSync('/bin/sh', ['-n', '-c', BACKUP_SCRIPT]);
  });
});
