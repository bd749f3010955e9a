/** The runtime image holds the packages that processes need, and none that only components need. */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { read, ROOT } from '../laws/sources.ts';

interface Entry {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  devDependencies?: Record<string, string>;
}
interface Lock {
  packages: Record<string, Entry>;
}
interface Module {
  neededPackages(lock: Lock, wanted?: (name: string) => boolean): string[];
}

describe('the packages of the runtime image', () => {
  let neededPackages: Module['neededPackages'];
  before(async () => {
    // Plain JavaScript, so that it runs before anything is built.
    const file = pathToFileURL(`${ROOT}runtime/packaging/neededPackages.js`).href;
    ({ neededPackages } = (await import(file)) as Module);
  });

  const on = (...names: string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '*']));
  const lock: Lock = {
    packages: {
      '': {
        dependencies: on('web', '@cloud/sdk'),
        optionalDependencies: on('speed', 'absent'),
        devDependencies: on('linter'),
      },
      'node_modules/web': { dependencies: on('shared', 'codec'), peerDependencies: on('peer') },
      'node_modules/web/node_modules/codec': { dependencies: on('deep') },
      'node_modules/web/node_modules/deep': {},
      'node_modules/codec': { dependencies: on('only-sdk') },
      'node_modules/deep': {},
      'node_modules/shared': { dependencies: on('web'), optionalDependencies: on('absent') },
      'node_modules/peer': {
        peerDependencies: on('types'),
        peerDependenciesMeta: { types: { optional: true } },
      },
      'node_modules/types': {},
      'node_modules/speed': {},
      'node_modules/linter': {},
      'node_modules/@cloud/sdk': { dependencies: on('shared', 'codec', 'only-sdk') },
      'node_modules/only-sdk': {},
    },
  };

  it('are found as Node finds them, without those of development', () => {
    assert.deepEqual(neededPackages(lock), [
      'node_modules/@cloud/sdk',
      'node_modules/codec',
      'node_modules/only-sdk',
      'node_modules/peer',
      'node_modules/shared',
      'node_modules/speed',
      'node_modules/web',
      'node_modules/web/node_modules/codec',
      'node_modules/web/node_modules/deep',
    ]);
  });

  it('leave out what only one of the dependencies needs', () => {
    const needed = neededPackages(lock, (name) => name !== '@cloud/sdk');
    assert.deepEqual(needed, [
      'node_modules/peer',
      'node_modules/shared',
      'node_modules/speed',
      'node_modules/web',
      'node_modules/web/node_modules/codec',
      'node_modules/web/node_modules/deep',
    ]);
  });

  it('hold nothing of Pulumi, and all that the sources of processes import', () => {
    const real = JSON.parse(read('package-lock.json')) as Lock;
    const needed = neededPackages(real, (name) => !name.startsWith('@pulumi/'));
    const all = neededPackages(real);
    assert.ok(all.some((folder) => folder.includes('@pulumi/')));
    assert.deepEqual(
      needed.filter((folder) => /@pulumi\/|@grpc\/|\/typescript$/.test(folder)),
      [],
    );
    for (const [name] of Object.entries(real.packages['']?.dependencies ?? {})) {
      if (name.startsWith('@pulumi/')) continue;
      assert.ok(needed.includes(`node_modules/${name}`), name);
    }
  });
});
