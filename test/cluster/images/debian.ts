/**
 * Programs of Debian packages without an installation: unpacked from a suite that this machine need not run, and copied with
 * the libraries that they load. For images of one program (servers.ts).
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../command.ts';
import { MIRROR } from './build.ts';

const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Unpacks packages and all that they depend on; runs none of their scripts. The folder is theirs alone. */
export async function unpack(work: string, suite: string, packages: string[]): Promise<string> {
  const at = (name: string) => path.join(work, suite, name);
  for (const name of ['lists/partial', 'cache/archives/partial', 'root']) {
    await fs.mkdir(at(name), { recursive: true });
  }
  await fs.writeFile(at('status'), '');
  await fs.writeFile(at('sources.list'), `deb [signed-by=${KEYS}] ${MIRROR} ${suite} main\n`);
  const places: [string, string][] = [
    ['Dir::Etc::sourcelist', at('sources.list')],
    ['Dir::Etc::sourceparts', '/dev/null'],
    // With nothing installed, libraries of this machine do not stand in for those of the suite.
    ['Dir::State::status', at('status')],
    ['Dir::State::lists', at('lists')],
    ['Dir::Cache', at('cache')],
    // apt would drop its rights, and another user cannot write here.
    ['APT::Sandbox::User', 'root'],
    ['Acquire::IndexTargets::deb::DEP-11::DefaultEnabled', 'false'],
  ];
  const options = places.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, 'update', '-q']);
  const how = ['install', '--download-only', '-y', '-q', '--no-install-recommends'];
  await run('apt-get', [...options, ...how, ...packages]);
  for (const name of await fs.readdir(at('cache/archives'))) {
    if (name.endsWith('.deb')) {
      await run('dpkg-deb', ['-x', path.join(at('cache/archives'), name), at('root')]);
    }
  }
  return at('root');
}

/** Copies programs and what they load from an unpacked folder into the root of an image, to the same places. */
export async function copyPrograms(from: string, root: string, programs: string[]): Promise<void> {
  const libraries = new Set<string>();
  for (const program of programs) {
    for (const file of await librariesOf(from, path.join(from, program))) libraries.add(file);
    await copy(from, root, program);
  }
  for (const file of libraries) await copy(from, root, path.relative(from, file));
  await copyLoader(from, root);
}

/** Files in the unpacked folder that a program loads, asked of its loader, which need not be that of this machine. */
export async function librariesOf(from: string, program: string): Promise<string[]> {
  const folder = await libraryFolder(from);
  const loader = path.join(folder, await loaderName(folder));
  const lines = await run(loader, ['--library-path', folder, '--list', program]);
  return [...lines.matchAll(/=> (\S+)/g)]
    .map(([, file = '']) => file)
    .filter((file) => file.startsWith(`${from}/`));
}

/** The links by which the kernel finds the loader. */
async function copyLoader(from: string, root: string): Promise<void> {
  const name = await loaderName(await libraryFolder(from));
  for (const folder of ['usr/lib64', 'usr/lib']) {
    await copy(from, root, path.join(folder, name)).catch(ignoreExpected);
    if (!(await exists(path.join(root, folder)))) continue;
    await fs.symlink(folder, path.join(root, path.basename(folder))).catch(ignoreExpected);
  }
}

async function libraryFolder(from: string): Promise<string> {
  const libraries = path.join(from, 'usr/lib');
  for (const name of await fs.readdir(libraries)) {
    const folder = path.join(libraries, name);
    if (await exists(path.join(folder, 'libc.so.6'))) return folder;
  }
  throw new Error(`no C library in ${libraries}`);
}

async function loaderName(folder: string): Promise<string> {
  const name = (await fs.readdir(folder)).find((each) => each.startsWith('ld-linux'));
  if (name === undefined) throw new Error(`no loader in ${folder}`);
  return name;
}

/** A file under its name; what is a link becomes the file, unless it is one of a loader. */
async function copy(from: string, root: string, name: string): Promise<void> {
  const [source, target] = [path.join(from, name), path.join(root, name)];
  const stat = await fs.lstat(source);
  await fs.mkdir(path.dirname(target), { recursive: true });
  if (stat.isSymbolicLink() && path.basename(name).startsWith('ld-linux')) {
    await fs.symlink(await fs.readlink(source), target);
  } else {
    await fs.copyFile(source, target);
  }
}

function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

/** Not every architecture has both folders, and several programs share what they load. */
function ignoreExpected(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
}
