/**
 * `podline dags register` and `--wait`, as a Job runs them: the same build from a folder, an archive or its pieces, again
 * and at the same time, for owners that keep out of each other's way.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import { writeBuild } from '../../runtime/build/writeBuild.ts';
import { startEmbedded } from '../../runtime/database/embedded.ts';
import { migrate } from '../../runtime/database/migrate.ts';
import { openClient } from '../../runtime/database/pool.ts';
import { type TestDatabase, testDatabase, testServer } from '../../runtime/testing/database.ts';
import { podline, startPodline } from './podline.ts';

const dagFile = (name: string, schedule = '@daily') => `
import { bash, dag, typescript } from 'podline/dag';
export const ${name} = dag('${name}', { schedule: '${schedule}' }, (d) => {
  const count = d.task('count', typescript({ inputs: {}, run: () => 1 }));
  d.task('show', bash({ file: 'show.sh' }), { after: count });
});`;

interface Row {
  dag_id: string;
  active: boolean;
  managed_by: string;
  source: string;
  hash: string;
  versions: number;
}

describe('podline dags register', function () {
  this.timeout(60_000);
  let test: TestDatabase;
  let root: string;
  before(async () => {
    test = await testDatabase();
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-register-'));
  });
  after(async () => {
    await test.drop();
    await fs.rm(root, { recursive: true, force: true });
  });
  afterEach(() => test.pool.query('DELETE FROM podline.dag'));

  /** Writes the build of these files, and returns its folder. */
  async function build(name: string, files: Record<string, string>): Promise<string> {
    const sources = path.join(root, `${name}-sources`);
    await fs.rm(sources, { recursive: true, force: true });
    await fs.mkdir(sources);
    await fs.writeFile(path.join(sources, 'show.sh'), 'echo shown\n');
    for (const [file, text] of Object.entries(files)) {
      await fs.writeFile(path.join(sources, file), text);
    }
    const result = await buildFolder(sources);
    assert.deepEqual(result.errors, []);
    const out = path.join(root, name);
    await writeBuild(result, out);
    return out;
  }

  async function packed(folder: string): Promise<string> {
    const file = `${folder}.tar.gz`;
    await create({ gzip: true, file, cwd: folder, portable: true }, ['.']);
    return file;
  }

  /** As ConfigMaps hold it. */
  async function pieces(file: string, bytes: number): Promise<string> {
    const folder = `${file}.pieces`;
    await fs.rm(folder, { recursive: true, force: true });
    await fs.mkdir(folder);
    const content = await fs.readFile(file);
    for (let at = 0, index = 0; at < content.length; at += bytes, index += 1) {
      const name = `bundle.${String(index).padStart(3, '0')}`;
      await fs.writeFile(path.join(folder, name), content.subarray(at, at + bytes));
    }
    return folder;
  }

  const register = (...args: string[]) =>
    podline(['dags', 'register', ...args], { url: test.url, home: root });

  async function rows(): Promise<Row[]> {
    const { rows } = await test.pool.query<Row>(
      `SELECT d.dag_id, d.active, d.managed_by, d.source, v.hash,
              (SELECT count(*)::int FROM podline.dag_version o WHERE o.dag_id = d.dag_id) AS versions
         FROM podline.dag d JOIN podline.dag_version v ON v.id = d.version_id ORDER BY d.dag_id`,
    );
    return rows;
  }

  it('takes a folder, and says that nothing changed when it is done again', async () => {
    const folder = await build('plain', { 'a.ts': dagFile('alpha'), 'b.ts': dagFile('beta') });
    const first = await register(folder, '--managed-by', 'pulumi:etl');
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^alpha +new +1$\n^beta +new +1$/m);
    assert.match(first.stderr, /2 DAGs registered for pulumi:etl, 0 set aside/);
    const before = await rows();
    assert.deepEqual(
      before.map((row) => [row.dag_id, row.managed_by, row.source]),
      [
        ['alpha', 'pulumi:etl', 'managed:pulumi:etl/a.ts'],
        ['beta', 'pulumi:etl', 'managed:pulumi:etl/b.ts'],
      ],
    );
    const again = await register(folder, '--managed-by', 'pulumi:etl', '--json');
    assert.equal(again.code, 0, again.stderr);
    const result = JSON.parse(again.stdout) as {
      dags: { dagId: string; change: string; version: number }[];
      removed: string[];
    };
    assert.deepEqual(
      [result.dags, result.removed],
      [
        [
          { dagId: 'alpha', change: 'unchanged', version: 1 },
          { dagId: 'beta', change: 'unchanged', version: 1 },
        ],
        [],
      ],
    );
    const told = await register(folder, '--managed-by', 'pulumi:etl');
    assert.match(told.stdout, /^alpha +unchanged +1$\n^beta +unchanged +1$/m);
    assert.match(told.stderr, /Nothing changed: pulumi:etl has 2 DAGs/);
    assert.deepEqual(await rows(), before);
  });

  it('takes the same from an archive, from its pieces and from elsewhere: it is the same build', async () => {
    const folder = await build('packed', { 'a.ts': dagFile('alpha') });
    const file = await packed(folder);
    await register(file, '--managed-by', 'x');
    const before = await rows();
    assert.equal(before.length, 1);
    const wrapped = `${folder}.tgz`;
    await create({ gzip: true, file: wrapped, cwd: path.dirname(folder) }, ['packed']);
    const moved = path.join(root, 'moved');
    await fs.cp(folder, moved, { recursive: true });
    for (const place of [await pieces(file, 300), wrapped, moved]) {
      const ended = await register(place, '--managed-by', 'x');
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stdout, /^alpha +unchanged +1$/m);
    }
    assert.deepEqual(await rows(), before);
    const { rows: files } = await test.pool.query<{ path: string }>(
      `SELECT f.path FROM podline.dag_version v JOIN podline.bundle_file f ON f.bundle_id = v.bundle_id ORDER BY 1`,
    );
    assert.deepEqual(
      files.map((each) => each.path),
      ['code.mjs', 'code.mjs.map'],
    );
  });

  it('leaves nothing in the temporary folder', async () => {
    const file = await packed(await build('tidy', { 'a.ts': dagFile('alpha') }));
    const temporary = path.join(root, 'tmp');
    await fs.mkdir(temporary);
    for (const place of [file, path.join(root, 'nothing')]) {
      await podline(['dags', 'register', place], { url: test.url, env: { TMPDIR: temporary } });
    }
    const left = await fs.readdir(temporary);
    assert.deepEqual(
      left.filter((name) => name.startsWith('podline')),
      [],
    );
  });

  it('sets aside what left the build of its owner, and touches no other owner', async () => {
    const both = await build('both', { 'a.ts': dagFile('alpha'), 'b.ts': dagFile('beta') });
    const other = await build('other', { 'c.ts': dagFile('gamma') });
    await register(both, '--managed-by', 'pulumi:etl');
    await register(other, '--managed-by', 'pulumi:etl/more');
    const one = await build('one', { 'a.ts': dagFile('alpha', '@hourly') });
    const ended = await register(one, '--managed-by', 'pulumi:etl');
    assert.match(ended.stdout, /^alpha +changed +2$\n^beta +set aside +-$/m);
    assert.match(ended.stderr, /1 DAG registered for pulumi:etl, 1 set aside/);
    const active = async () => (await rows()).map((row) => `${row.dag_id} ${row.active}`);
    assert.deepEqual(await active(), ['alpha true', 'beta false', 'gamma true']);

    const empty = path.join(root, 'empty');
    await fs.mkdir(empty);
    const refused = await register(empty, '--managed-by', 'pulumi:etl');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /it has no DAGs/);
    assert.deepEqual(await active(), ['alpha true', 'beta false', 'gamma true']);
    const allowed = await register(empty, '--managed-by', 'pulumi:etl', '--allow-empty');
    assert.equal(allowed.code, 0, allowed.stderr);
    assert.deepEqual(await active(), ['alpha false', 'beta false', 'gamma true']);
  });

  it('refuses DAGs of another owner, registers the others, and takes them once they are set aside', async () => {
    const here = await build('here', { 'a.ts': dagFile('alpha'), 'b.ts': dagFile('beta') });
    const there = await build('there', {
      'b.ts': dagFile('beta', '@hourly'),
      'c.ts': dagFile('gamma'),
    });
    await register(here, '--managed-by', 'first');
    const refused = await register(there, '--managed-by', 'second', '--json');
    assert.equal(refused.code, 5);
    const { dags, refused: list } = JSON.parse(refused.stdout) as {
      dags: { dagId: string }[];
      refused: { dagId: string; code: string }[];
    };
    assert.deepEqual(
      [dags.map(({ dagId }) => dagId), list.map(({ dagId, code }) => [dagId, code])],
      [['gamma'], [['beta', 'refused.managed']]],
    );
    const told = await register(there, '--managed-by', 'second');
    assert.equal(told.code, 5);
    assert.match(told.stdout, /^beta +refused +-$\n^gamma +unchanged +1$/m);
    assert.match(told.stderr, /DAG beta is managed by first\.\n.*take it out there first/);

    await register(await build('less', { 'a.ts': dagFile('alpha') }), '--managed-by', 'first');
    const taken = await register(there, '--managed-by', 'second');
    assert.equal(taken.code, 0, taken.stderr);
    assert.deepEqual(
      (await rows()).map((row) => [row.dag_id, row.managed_by, row.active]),
      [
        ['alpha', 'first', true],
        ['beta', 'second', true],
        ['gamma', 'second', true],
      ],
    );
    const back = await register(here, '--managed-by', 'first');
    assert.equal(back.code, 5, 'now it belongs to the second');
  });

  it('by two Jobs at once leaves one of the builds, whole', async () => {
    const old = await build('old', { 'a.ts': dagFile('alpha'), 'b.ts': dagFile('beta') });
    const fresh = await build('fresh', {
      'a.ts': dagFile('alpha', '@hourly'),
      'c.ts': dagFile('gamma', '@hourly'),
    });
    const ended = await Promise.all(
      [old, fresh, old, fresh].map((folder) => register(folder, '--managed-by', 'twice')),
    );
    assert.deepEqual(
      ended.map(({ code }) => code),
      [0, 0, 0, 0],
      ended.map(({ stderr }) => stderr).join('\n'),
    );
    const found = await rows();
    const active = found.filter((row) => row.active).map((row) => row.dag_id);
    const expected = active.includes('beta') ? ['alpha', 'beta'] : ['alpha', 'gamma'];
    assert.deepEqual(active, expected);
    assert.deepEqual(
      found.map((row) => [row.dag_id, row.versions]),
      [
        ['alpha', 2],
        ['beta', 1],
        ['gamma', 1],
      ],
    );
  });

  it('refuses a build that is not whole, in words, before it asks the database', async () => {
    const folder = await build('whole', { 'a.ts': dagFile('alpha') });
    const file = await packed(folder);
    const plan = path.join(folder, 'alpha.plan.json');
    const text = await fs.readFile(plan, 'utf8');
    const cases: [name: string, prepare: () => Promise<string>, words: RegExp][] = [
      ['nothing', () => Promise.resolve(path.join(root, 'no-such')), /it is not there/],
      ['a text', () => Promise.resolve(plan), /it is no whole tar.gz/],
      [
        'half an archive',
        async () => {
          const half = path.join(root, 'half.tar.gz');
          await fs.writeFile(half, (await fs.readFile(file)).subarray(0, 400));
          return half;
        },
        /it is no whole tar.gz/,
      ],
      [
        'a missing piece',
        async () => {
          const torn = await pieces(file, 300);
          await fs.rm(path.join(torn, 'bundle.001'));
          return torn;
        },
        /the piece bundle.001 is missing/,
      ],
      ...(
        [
          [
            'another schedule',
            text.replace('@daily', '@hourly').replace('0 0 * * *', '0 * * * *'),
            /changed after/,
          ],
          ['another format', text.replace('"format": 1', '"format": 99'), /format 99.*knows 1/],
          ['another DAG', text.replaceAll('"alpha"', '"omega"'), /it holds the DAG "omega"/],
          ['a source outside', text.replace('"a.ts"', '"../a.ts"'), /lies outside/],
          ['no JSON', text.slice(0, 100), /it is no JSON/],
          ['a list', '[]', /it is no plan/],
        ] as const
      ).map(([name, changed, words]): [string, () => Promise<string>, RegExp] => [
        name,
        async () => {
          assert.notEqual(changed, text, name);
          const copy = path.join(root, 'changed');
          await fs.rm(copy, { recursive: true, force: true });
          await fs.cp(folder, copy, { recursive: true });
          await fs.writeFile(path.join(copy, 'alpha.plan.json'), changed);
          return copy;
        },
        words,
      ]),
      [
        'other code',
        async () => {
          const copy = path.join(root, 'recoded');
          await fs.cp(folder, copy, { recursive: true });
          const [id = ''] = await fs.readdir(path.join(copy, 'bundles'));
          await fs.appendFile(path.join(copy, 'bundles', id, 'code.mjs'), '// more\n');
          return copy;
        },
        /its files are not those of the build/,
      ],
    ];
    for (const [name, prepare, words] of cases) {
      const ended = await podline(['dags', 'register', await prepare()], {
        url: 'postgresql://a:b@127.0.0.1:1/c',
      });
      assert.equal(ended.code, 2, `${name}: ${ended.stderr}`);
      assert.match(ended.stderr, words, name);
    }
    const owner = await register(folder, '--managed-by', 'two words');
    assert.equal(owner.code, 2);
  });
});

describe('--wait', function () {
  this.timeout(60_000);

  it('of db migrate lasts until the database is there', async () => {
    const { server, folder } = await testServer();
    await server.stop();
    const args = ['db', 'migrate', '--wait'];
    const impatient = await podline([...args, '0'], { url: server.url });
    assert.equal(impatient.code, 4, impatient.stderr);
    const waiting = startPodline([...args, '50'], { url: server.url });
    await waiting.sees(/waiting: The database at 127\.0\.0\.1:\d+\/podline cannot be reached/);
    const again = await startEmbedded({ folder, unsafe: true });
    try {
      assert.equal(again.url, server.url);
      assert.equal(await waiting.ended, 0, waiting.stderr());
      assert.match(waiting.stdout(), /^applied 0001_tables$/m);
      // Another reason (it is starting up) is said, too; the same one only once.
      const said = waiting.stderr().match(/waiting: .*/g) ?? [];
      assert.deepEqual(said, [...new Set(said)]);
    } finally {
      await again.stop();
      await fs.rm(folder, { recursive: true, force: true });
    }
  });

  it('of dags register lasts until the schema is there', async () => {
    const test = await testDatabase();
    const root = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-wait-'));
    const admin = await openClient(test.server.url, 'podline-test');
    const name = `wait_${process.pid}`;
    const url = new URL(test.server.url);
    url.pathname = `/${name}`;
    try {
      await fs.writeFile(path.join(root, 'show.sh'), 'true\n');
      await fs.writeFile(path.join(root, 'a.ts'), dagFile('alpha'));
      await writeBuild(await buildFolder(root), path.join(root, 'out'));
      const args = ['dags', 'register', path.join(root, 'out'), '--wait'];
      const impatient = await podline([...args, '0'], { url: url.href });
      assert.equal(impatient.code, 4, impatient.stderr);
      const waiting = startPodline([...args, '50'], { url: url.href });
      await waiting.sees(/waiting: .*does not exist/);
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
      await waiting.sees(/waiting: The database schema is at nothing/);
      await migrate(url.href);
      assert.equal(await waiting.ended, 0, waiting.stderr());
      assert.match(waiting.stdout(), /^alpha +new +1$/m);
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end();
      await test.drop();
      await fs.rm(root, { recursive: true, force: true });
    }
  });
});
