/** sftpToS3 between a real OpenSSH server and a real S3-compatible server. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseConnection } from '../../src/connections/connection.ts';
import { testConnection } from '../../runtime/connections/testConnection.ts';
import { Stop } from '../../runtime/worker/stop.ts';
import { needs, versitygw } from '../tools/tools.ts';
import { operate } from './operate.ts';
import { SSHD, type Server, startS3, startSftp } from './servers.ts';

describe('sftpToS3, with OpenSSH and an S3-compatible server', function () {
  this.timeout(60_000);
  let sftp: Awaited<ReturnType<typeof startSftp>>;
  let s3: Server;
  before(async function () {
    if (!existsSync(SSHD)) {
      console.warn('    SKIPPED: sshd is not installed; .ci/run installs openssh-server');
      this.skip();
    }
    await needs(this, versitygw);
    sftp = await startSftp();
    s3 = await startS3();
    await mkdir(path.join(s3.folder, 'data', 'lake'));
  });
  after(async () => {
    await (sftp as Server | undefined)?.stop();
    await (s3 as Server | undefined)?.stop();
  });

  const transfer = (from: string, key: string, more: { stop?: Stop; bucket?: string } = {}) =>
    operate({
      task: {
        operator: 'sftpToS3',
        config: { sftp: 'files', s3: 'store', from, bucket: more.bucket ?? 'lake', key },
      },
      connections: { files: sftp.uri, store: s3.uri },
      stop: more.stop,
    });
  const stored = (key: string) => path.join(s3.folder, 'data', 'lake', key);

  for (const size of [0, 1, 5_000_000]) {
    it(`moves a file of ${size} bytes`, async () => {
      const content = randomBytes(size);
      const from = path.join(sftp.folder, `file ${size}`);
      await writeFile(from, content);
      const { outcome } = await transfer(from, `in/day=1/${size}`);
      assert.equal(outcome.state, 'success', outcome.message);
      assert.deepEqual(outcome.xcom, { bucket: 'lake', key: `in/day=1/${size}`, bytes: size });
      assert.ok((await readFile(stored(`in/day=1/${size}`))).equals(content));
    });
  }

  it('streams a file of 300 MB in parts, without holding it', async () => {
    const from = path.join(sftp.folder, 'large');
    const file = await open(from, 'w');
    const sum = createHash('sha256');
    for (let i = 0; i < 300; i += 1) {
      const block = Buffer.alloc(1_000_000, String(i));
      sum.update(block);
      await file.write(block);
    }
    await file.close();
    const before = process.memoryUsage().rss;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
    const { outcome } = await transfer(from, 'large');
    clearInterval(watch);
    assert.equal(outcome.state, 'success', outcome.message);
    const arrived = createHash('sha256').update(await readFile(stored('large')));
    assert.equal(arrived.digest('hex'), sum.digest('hex'));
    assert.ok(most - before < 200e6, `${(most - before) / 1e6} MB`);
  });

  it('stops when the task is stopped, and leaves no object', async () => {
    const from = path.join(sftp.folder, 'endless');
    await writeFile(from, '');
    await truncate(from, 2_000_000_000);
    const stop = new Stop();
    setTimeout(() => stop.request('cancelled'), 300);
    const { outcome } = await transfer(from, 'endless', { stop });
    assert.deepEqual([outcome.state, outcome.cause], ['failed', 'cancelled']);
    assert.ok(!(await readdir(path.join(s3.folder, 'data', 'lake'))).includes('endless'));
  });

  it('says what is missing: the file, the bucket', async () => {
    const one = await transfer('/no/such/file', 'x');
    assert.match(one.outcome.message ?? '', /No such file/i);
    const from = path.join(sftp.folder, 'small');
    await writeFile(from, 'x');
    const two = await transfer(from, 'x', { bucket: 'nobucket' });
    assert.match(two.outcome.message ?? '', /bucket/i);
  });

  it('refuses a server with another key, and connections without one', async () => {
    const other = parseConnection(
      'files',
      sftp.uri.replace(/host_key=[^&]*/, 'host_key=SHA256:abc'),
    );
    const test = await testConnection(other);
    assert.equal(test.ok, false);
    assert.ok(test.message.includes(sftp.hostKey), test.message);
    const none = parseConnection('files', sftp.uri.replace(/&host_key=[^&]*/, ''));
    assert.match((await testConnection(none)).message, /"host_key".*missing/);
  });

  it('has connections that can be tested', async () => {
    assert.match((await testConnection(parseConnection('f', sftp.uri))).message, /logged in/);
    assert.match((await testConnection(parseConnection('s', s3.uri))).message, /1 buckets/);
    assert.match(
      (await testConnection(parseConnection('s', `${s3.uri}/lake`))).message,
      /lake is there/,
    );
    const wrong = await testConnection(
      parseConnection('s', s3.uri.replace('podline-secret', 'wrong-one')),
    );
    assert.equal(wrong.ok, false);
  });
});
