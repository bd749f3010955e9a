/** All examples build together; those that need no server run to their end here. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { planProblem } from '../../runtime/build/planShape.ts';
import { greatExpectations, needs, versitygw } from '../tools/tools.ts';
import { SSHD, type Server, startS3, startSftp } from '../operators/servers.ts';
import { builtExamples, DATA, ExampleEngine } from './exampleEngine.ts';

// The test that an author would write, as it stands in the example.
import '../../examples/testing/nightly.test.ts';

describe('examples', function () {
  this.timeout(60_000);

  it('build together without an error', async () => {
    const { dags, errors } = await builtExamples();
    assert.deepEqual(errors, []);
    for (const { plan } of dags) assert.equal(planProblem(plan), undefined, plan.dagId);
    assert.deepEqual(
      dags.map(({ plan }) => plan.dagId),
      [
        'batch',
        'burst',
        'containers',
        'custom_operator',
        'data_quality',
        'etl_limits',
        'etl_retries',
        'etl_scratch',
        'etl_source',
        'etl_waiting',
        'flights',
        'hello',
        'nightly',
        'sftp_to_s3',
      ],
    );
  });

  describe('quickstart', () => {
    let engine: ExampleEngine;
    before(async () => {
      engine = await ExampleEngine.start();
    });
    after(() => engine.stop());

    it('hands a value from one task to the other', async () => {
      const run = await engine.run('hello');
      assert.equal(run.state, 'success', run.explain());
      assert.equal(await run.output('report'), '4 rows');
    });
  });

  describe('custom-operator', () => {
    let engine: ExampleEngine;
    before(async () => {
      engine = await ExampleEngine.start();
    });
    after(() => engine.stop());

    it('runs a function that Podline does not bring', async () => {
      const run = await engine.run('custom_operator');
      assert.equal(run.state, 'success', run.explain());
      const { bytes } = (await run.output('check')) as { bytes: number };
      assert.equal(bytes, 4);
    });

    it('reports its own cause and words', async () => {
      const run = await engine.run('custom_operator', { params: { expect: '00' } });
      assert.equal(run.state, 'failed');
      assert.match(run.reason('check') ?? '', /^the digest is edeaaff3f177.* and not 00$/);
      assert.equal(run.states.remove, 'success');
    });
  });

  describe('sftp-to-s3', () => {
    let engine: ExampleEngine;
    let sftp: Server;
    let s3: Server;
    before(async function () {
      if (!existsSync(SSHD)) {
        console.warn('    SKIPPED: sshd is not installed; .ci/run installs openssh-server');
        this.skip();
      }
      await needs(this, versitygw);
      sftp = await startSftp();
      s3 = await startS3();
      engine = await ExampleEngine.start({ connections: { partner_sftp: sftp.uri, lake: s3.uri } });
    });
    after(async () => {
      await (engine as ExampleEngine | undefined)?.stop();
      await (sftp as Server | undefined)?.stop();
      await (s3 as Server | undefined)?.stop();
    });

    it('moves every file of the list', async () => {
      const bucket = path.join(s3.folder, 'data', 'lake');
      await fs.mkdir(bucket);
      await fs.writeFile(path.join(sftp.folder, 'a.csv'), 'a,b\n1,2\n');
      await fs.writeFile(path.join(sftp.folder, 'b.csv'), 'empty\n');
      const run = await engine.run('sftp_to_s3', {
        logicalDate: '2026-01-31T00:00:00Z',
        params: { folder: sftp.folder, files: ['a.csv', 'b.csv'] },
      });
      assert.equal(run.state, 'success', run.explain());
      assert.deepEqual(await run.output('total'), { files: 2, bytes: 14 });
      assert.equal(run.states.tell, 'skipped');
      const stored = path.join(bucket, 'partner', '2026-01-31', 'a.csv');
      assert.equal(await fs.readFile(stored, 'utf8'), 'a,b\n1,2\n');
    });
  });

  describe('data-quality', () => {
    let engine: ExampleEngine;
    before(async function () {
      await needs(this, greatExpectations);
      const searchPath = [path.dirname(greatExpectations.program), process.env.PATH].join(':');
      engine = await ExampleEngine.start({ searchPath });
    });
    after(() => (engine as ExampleEngine | undefined)?.stop());

    it('publishes good data and quarantines bad data', async () => {
      const trigger = (file: string) =>
        engine.trigger('data_quality', {
          runId: file,
          logicalDate: '2026-01-01T00:00:00Z',
          params: { csv: path.join(DATA, file) },
        });
      const ids = [await trigger('seattle-weather.csv'), await trigger('stocks.csv')] as const;
      const [good, bad] = [await engine.ended(ids[0]), await engine.ended(ids[1])];
      assert.equal(good.state, 'success', good.explain());
      assert.equal(good.states.quarantine, 'skipped');
      assert.equal(bad.states.check, 'failed');
      assert.equal(bad.states.quarantine, 'success');
      assert.equal(bad.states.publish, 'upstream_failed');
    });
  });
});
