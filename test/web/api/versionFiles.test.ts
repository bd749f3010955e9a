/** Files of a version over the API: what people wrote, scripts of tasks, and the bundle; hostile names find nothing. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildFolder } from '../../../runtime/build/buildFolder.ts';
import { registerDags } from '../../../runtime/register/registerDags.ts';
import { Diff, Version, VersionFile } from '../../../runtime/web/api/schema/history.ts';
import { openSite, problemOf, type Site } from './site.ts';

const DAG_FILE = `// What we earn.
import { dag, sql, typescript } from 'podline/dag';
import { limit } from './limit.ts';
export const earnings = dag('earnings', {}, (d) => {
  const load = d.task('load', sql({ connection: 'w', file: 'sql/load.sql' }));
  d.task('check', typescript({ run: () => limit }), { after: load });
});
`;

describe('files of a version', function () {
  this.timeout(60_000);
  let site: Site;
  let folder: string;
  const at = '/dags/earnings/versions';
  const write = (name: string, text: string) => fs.writeFile(path.join(folder, name), text);
  const register = async () => {
    const build = await buildFolder(folder);
    assert.deepEqual(build.errors, []);
    return (await registerDags(site.engine.database, build)).dags[0]?.change;
  };
  const newest = async () => {
    const answer = await site.get(at);
    const { items } = (await answer.json()) as { items: { version: number }[] };
    return items.map(({ version }) => version);
  };
  const text = async (version: number, origin: string, file: string) =>
    (
      await site.read(
        VersionFile,
        `${at}/${version}/file?${new URLSearchParams({ origin, path: file }).toString()}`,
      )
    ).text;

  before(async () => {
    site = await openSite();
    folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'podline-files-')));
    await fs.mkdir(path.join(folder, 'team/sql'), { recursive: true });
    await write('team/earnings.ts', DAG_FILE);
    await write('team/limit.ts', 'export const limit = 3;\n');
    await write('team/sql/load.sql', 'SELECT 1;\n');
    assert.equal(await register(), 'new');
  });
  after(async () => {
    await site.close();
    await fs.rm(folder, { recursive: true });
  });

  it('are what people wrote, the DAG file first, scripts of tasks, and the bundle of workers', async () => {
    const [version = 0] = await newest();
    const { files } = await site.read(Version, `${at}/${version}`);
    assert.deepEqual(
      files.map(({ origin, path: file }) => `${origin} ${file}`),
      [
        'source team/earnings.ts',
        'source team/limit.ts',
        'script team/sql/load.sql',
        'bundle code.mjs',
        'bundle code.mjs.map',
      ],
    );
    assert.equal(files[0]?.bytes, DAG_FILE.length);
    assert.equal(await text(version, 'source', 'team/earnings.ts'), DAG_FILE);
    assert.equal(await text(version, 'script', 'team/sql/load.sql'), 'SELECT 1;\n');
    assert.match((await text(version, 'bundle', 'code.mjs')) ?? '', /earnings/);
  });

  it('follow a comment without a new version, and a change with one', async () => {
    const before = await newest();
    await write('team/earnings.ts', DAG_FILE.replace('we earn', 'they earn'));
    assert.equal(await register(), 'unchanged');
    assert.deepEqual(await newest(), before);
    assert.match(
      (await text(before[0] ?? 0, 'source', 'team/earnings.ts')) ?? '',
      /^\/\/ What they/,
    );
    await write('team/limit.ts', 'export const limit = 4;\n');
    await write('team/sql/load.sql', 'SELECT 2;\n');
    assert.equal(await register(), 'changed');
    const [to, from] = await newest();
    const { files } = await site.read(Diff, `${at}/${from}/diff/${to}`);
    // The source map may be the same: lines are where they were.
    assert.deepEqual(
      files
        .filter(({ path: file }) => file !== 'code.mjs.map')
        .map(({ origin, path: file, kind }) => `${origin} ${file} ${kind}`),
      [
        'source team/limit.ts changed',
        'script team/sql/load.sql changed',
        'bundle code.mjs changed',
      ],
    );
  });

  it('are found by their names alone', async () => {
    const [version] = await newest();
    for (const query of [
      'origin=source&path=../limit.ts',
      'origin=script&path=/etc/passwd',
      'origin=source&path=code.mjs',
      'path=team/limit.ts',
    ]) {
      const problem = await problemOf(await site.get(`${at}/${version}/file?${query}`));
      assert.equal(problem.code, 'not_found.file', query);
    }
    const odd = await site.get(`${at}/${version}/file?origin=disk&path=a`);
    assert.equal(odd.status, 400);
  });
});
