/** The archive of a build: the same bytes for the same build, and pieces that the runtime puts together again. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { bundleArchive, pieceName, tarOf } from '../../components/spec/bundleArchive.ts';
import { buildDags } from '../../components/spec/buildDags.ts';
import { readPlans } from '../../components/spec/readPlans.ts';
import { readBuild } from '../../runtime/build/readBuild.ts';
import { unpackBuild } from '../../runtime/build/unpackBuild.ts';

const FLIGHTS = path.resolve('examples/flights');
const LONG = 120;

describe('archive of a build', () => {
  const folders: string[] = [];
  const temporary = async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-archive-'));
    folders.push(folder);
    return folder;
  };
  after(() => Promise.all(folders.map((folder) => fs.rm(folder, { recursive: true }))));

  it('is the same, byte by byte, when the folder is built again', () => {
    const [first, second] = [1, 2].map(() => buildDags({ folder: FLIGHTS, timeout: 60 }));
    assert.ok(first && second);
    assert.deepEqual([first.problems, second.problems], [[], []]);
    assert.ok(first.files.size >= 3, 'plan, code and source map');
    assert.ok(tarOf(first.files).equals(tarOf(second.files)));
    assert.deepEqual(bundleArchive(second.files), bundleArchive(first.files));
  }).timeout(LONG * 1000);

  it('has the same address in another folder, on another day, with other comments', async () => {
    const copy = path.join(await temporary(), 'elsewhere');
    await fs.cp(FLIGHTS, copy, { recursive: true });
    const source = path.join(copy, 'flights.ts');
    await fs.writeFile(source, `// A comment.\n\n${await fs.readFile(source, 'utf8')}`);
    await fs.utimes(source, 1, 1);
    const [here, there] = [FLIGHTS, copy].map((folder) => buildDags({ folder, timeout: 60 }));
    assert.ok(here && there);
    assert.deepEqual(there.plans, here.plans);
    const different = [...here.files].filter(
      ([name, content]) => !Buffer.from(content).equals(there.files.get(name) ?? Buffer.alloc(0)),
    );
    // Sources hold comments; source maps hold lines, and the way from the folder to the package.
    assert.deepEqual(
      different.map(([name]) => path.basename(name)),
      ['code.mjs.map', 'sources.json'],
    );
    assert.equal(bundleArchive(there.files).address, bundleArchive(here.files).address);
  }).timeout(LONG * 1000);

  it('is what the runtime registers from, in one piece or in many', async () => {
    const { files, plans } = buildDags({ folder: FLIGHTS, timeout: 60 });
    for (const size of [700 * 1024, 1000]) {
      const { pieces, bytes } = bundleArchive(files, size);
      assert.equal(pieces.length, Math.ceil(bytes / size));
      const folder = await temporary();
      for (const [index, piece] of pieces.entries()) {
        await fs.writeFile(path.join(folder, pieceName(index)), piece);
      }
      const unpacked = await unpackBuild(folder);
      try {
        const { dags } = await readBuild(unpacked.folder, 'etl');
        assert.deepEqual(
          dags.map(({ plan, bundle }) => ({ plan, bundle: bundle?.id ?? null })),
          plans.map(({ plan, bundle }) => ({ plan, bundle })),
        );
      } finally {
        await unpacked.dispose();
      }
    }
  }).timeout(LONG * 1000);

  it('has an address that follows the content, and not the lines of the source', () => {
    const base = new Map<string, Uint8Array>([
      ['a.plan.json', Buffer.from('{}')],
      ['bundles/1/code.mjs', Buffer.from('1')],
      ['bundles/1/code.mjs.map', Buffer.from('{"mappings":"A"}')],
    ]);
    const { address } = bundleArchive(base);
    const withFile = (name: string, text: string) =>
      bundleArchive(new Map(base).set(name, Buffer.from(text))).address;
    assert.match(address, /^[0-9a-f]{10}$/);
    assert.equal(bundleArchive(new Map([...base].reverse())).address, address);
    assert.equal(withFile('bundles/1/code.mjs.map', '{"mappings":"B"}'), address);
    assert.notEqual(withFile('bundles/1/code.mjs', '2'), address);
    assert.notEqual(withFile('a.plan.json', '{ }'), address);
    assert.notEqual(withFile('b.plan.json', '{}'), address);
    assert.notEqual(bundleArchive(base, 20).address, address, 'other pieces, other names');
  });

  it('keeps every file as it is, whatever its name and size', async () => {
    const name = fc
      .array(fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,40}$/), {
        minLength: 1,
        maxLength: 6,
      })
      .map((parts) => ['f', ...parts].map((part) => part.replace(/\.+$/, '_')).join('/d'));
    const files = fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 1500 })), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const given = new Map(entries);
        const names = [...given.keys()];
        fc.pre(!names.some((one) => names.some((other) => other.startsWith(`${one}/`))));
        const folder = await temporary();
        for (const [index, piece] of bundleArchive(given, 512).pieces.entries()) {
          await fs.writeFile(path.join(folder, pieceName(index)), piece);
        }
        const unpacked = await unpackBuild(folder);
        try {
          for (const [file, content] of given) {
            // A single folder at the top is taken for the folder of the build itself.
            const place = path.join(unpacked.folder, path.relative(topOf(names), file));
            assert.deepEqual(new Uint8Array(await fs.readFile(place)), content, file);
          }
        } finally {
          await unpacked.dispose();
        }
      }),
      { numRuns: 30 },
    );
  }).timeout(LONG * 1000);

  describe('of a build made elsewhere', () => {
    it('is read when it is whole, and every mistake is told', async () => {
      const { files } = buildDags({ folder: FLIGHTS, timeout: 60 });
      const folder = await temporary();
      for (const [name, content] of files) {
        await fs.mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await fs.writeFile(path.join(folder, name), content);
      }
      await fs.writeFile(path.join(folder, 'README.md'), 'not part of a build');
      const read = readPlans(folder);
      assert.deepEqual(read.problems, []);
      assert.deepEqual([...read.files.keys()].sort(), [...files.keys()].sort());

      const plan = JSON.parse(Buffer.from(files.get('flights.plan.json')!).toString()) as {
        plan: { format: number; maxActiveRuns: number; dagId: string };
      };
      const write = (name: string, value: unknown) =>
        fs.writeFile(path.join(folder, name), JSON.stringify(value));
      await write('flights.plan.json', { ...plan, plan: { ...plan.plan, maxActiveRuns: 99 } });
      await write('future.plan.json', { ...plan, plan: { ...plan.plan, format: 9 } });
      await write('other.plan.json', plan);
      await write('none.plan.json', { a: 1 });
      await fs.writeFile(path.join(folder, 'text.plan.json'), '{');
      const { problems, plans } = readPlans(folder);
      assert.deepEqual(plans, []);
      assert.deepEqual(
        problems.map((problem) => problem.replace(/;.*/, '')),
        [
          'flights.plan.json: it was changed after the build',
          'future.plan.json: its plan has the format 9, this version of podline knows 1',
          'none.plan.json: it is no plan',
          'other.plan.json: it holds the DAG "flights"',
          'text.plan.json: it is no JSON',
        ],
      );
    }).timeout(LONG * 1000);

    it('is refused when there is none', async () => {
      const folder = await temporary();
      assert.match(readPlans(folder).problems.join(), /holds no plans/);
      assert.match(readPlans(path.join(folder, 'no')).problems.join(), /holds no plans/);
    });
  });
});

function topOf(names: readonly string[]): string {
  const tops = new Set(names.map((name) => name.split('/')[0]));
  return tops.size === 1 && names.every((name) => name.includes('/')) ? ([...tops][0] ?? '') : '';
}
