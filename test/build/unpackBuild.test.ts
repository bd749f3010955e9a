/** Archives of builds come from elsewhere: what leads outside, links, or is too much is not unpacked. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { unpackBuild } from '../../runtime/build/unpackBuild.ts';

interface Entry {
  path: string;
  type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'FIFO' | 'CharacterDevice';
  linkpath?: string;
  content?: string;
  mode?: number;
}

/** A tar as anybody may write one, with no library in the way. */
function archive(entries: Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { content = '', ...entry } of entries) {
    const body = Buffer.from(content);
    const header = new Header({ type: 'File', mode: 0o644, ...entry, size: body.length });
    const block = Buffer.alloc(512);
    header.encode(block);
    const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512);
    body.copy(padded);
    blocks.push(block, padded);
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

describe('unpacking a build', () => {
  let root: string;
  let temporary: string | undefined;
  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-unpack-'));
    temporary = process.env.TMPDIR;
    await fs.mkdir(path.join(root, 'tmp'));
    process.env.TMPDIR = path.join(root, 'tmp');
  });
  afterEach(async () => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    await fs.rm(root, { recursive: true, force: true });
  });

  async function written(content: Buffer): Promise<string> {
    const file = path.join(root, 'build.tar.gz');
    await fs.writeFile(file, content);
    return file;
  }

  it('gives the files and takes them away again', async () => {
    const file = await written(
      archive([
        { path: './', type: 'Directory', mode: 0o755 },
        { path: './a.plan.json', content: '{}' },
        { path: 'bundles/x/code.mjs', content: 'code' },
      ]),
    );
    const { folder, dispose } = await unpackBuild(file);
    assert.equal(await fs.readFile(path.join(folder, 'a.plan.json'), 'utf8'), '{}');
    assert.equal(await fs.readFile(path.join(folder, 'bundles/x/code.mjs'), 'utf8'), 'code');
    await dispose();
    assert.deepEqual(await fs.readdir(path.join(root, 'tmp')), []);
  });

  const hostile: [name: string, entries: Entry[], words: RegExp][] = [
    [
      'a link to a file',
      [{ path: 'a', type: 'SymbolicLink', linkpath: '/etc/passwd' }],
      /SymbolicLink/,
    ],
    ['a hard link', [{ path: 'a', type: 'Link', linkpath: 'b' }], /a Link/],
    ['a pipe', [{ path: 'a', type: 'FIFO' }], /FIFO/],
    ['a device', [{ path: 'a', type: 'CharacterDevice' }], /CharacterDevice/],
    ['a path from the root', [{ path: '/tmp/evil', content: 'x' }], /leads outside/],
    ['a path upwards', [{ path: '../evil', content: 'x' }], /leads outside/],
    ['a path down and upwards', [{ path: 'a/../../evil', content: 'x' }], /leads outside/],
    ['a path of Windows', [{ path: 'a\\..\\evil', content: 'x' }], /leads outside/],
    [
      'a file below a link',
      [
        { path: 'out', type: 'SymbolicLink', linkpath: '..' },
        { path: 'out/evil', content: 'x' },
      ],
      /SymbolicLink/,
    ],
  ];
  for (const [name, entries, words] of hostile) {
    it(`refuses ${name}, and leaves nothing behind`, async () => {
      const good = { path: 'good.plan.json', content: '{}' };
      const file = await written(archive([good, ...entries]));
      await assert.rejects(unpackBuild(file), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'build.unreadable');
        assert.match(error.message, words);
        return true;
      });
      assert.deepEqual((await fs.readdir(root)).sort(), ['build.tar.gz', 'tmp']);
      assert.deepEqual(await fs.readdir(path.join(root, 'tmp')), []);
    });
  }

  it('refuses what is too large, packed or unpacked, and too many files', async () => {
    const bomb = await written(archive([{ path: 'zeros', content: '\0'.repeat(3 * 2 ** 20) }]));
    assert.ok((await fs.stat(bomb)).size < 10_000);
    await assert.rejects(unpackBuild(bomb, { unpackedBytes: 2 ** 20 }), /more than 1 MiB/);
    await assert.rejects(unpackBuild(bomb, { packedBytes: 1000 }), /more than 0 MiB/);
    const many = Array.from({ length: 11 }, (_, index) => ({ path: `f${index}` }));
    await assert.rejects(
      unpackBuild(await written(archive(many)), { entries: 10 }),
      /than 10 files/,
    );
    assert.deepEqual(await fs.readdir(path.join(root, 'tmp')), []);
  });

  it('refuses a tar whose headers are damaged', async () => {
    const broken = gzipSync(Buffer.alloc(2048, 'x'));
    await assert.rejects(unpackBuild(await written(broken)), /does not unpack|has no|no whole/);
  });
});
