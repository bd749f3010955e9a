/**
 * Builds the programs of the test cluster from their Go modules, once for each state of their sources. Called by the
 * bring-up; cold on two cores Kubernetes takes 5 minutes, KEDA 4, CoreDNS 2, kwok 1, etcd 20 s; later it is a look into the cache.
 */
import crypto from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { CACHE, run, step } from '../command.ts';

const KUBERNETES = '1.34.4';
const VERSION = 'k8s.io/component-base/version';

interface Source {
  /** What `go build` gets besides the common flags. */
  of: string;
  set: string;
  /** Folder of the go.mod. Default: the name of the program. */
  in?: string;
}

const PROGRAMS = {
  kubernetes: {
    of: '.',
    set: `-X ${VERSION}.gitVersion=v${KUBERNETES} -X ${VERSION}.gitMajor=1 -X ${VERSION}.gitMinor=34`,
  },
  etcd: { of: 'go.etcd.io/etcd/server/v3', set: '' },
  coredns: { of: 'github.com/coredns/coredns', set: '' },
  kwok: { of: 'sigs.k8s.io/kwok/cmd/kwok', set: '' },
  pause: { of: '.', set: '' },
  // For the end-to-end tests alone; the folder is that of both.
  'keda-operator': { of: 'github.com/kedacore/keda/v2/cmd/operator', set: '', in: 'keda' },
  'keda-adapter': { of: 'github.com/kedacore/keda/v2/cmd/adapter', set: '', in: 'keda' },
} satisfies Record<string, Source>;

export type Program = keyof typeof PROGRAMS;

/** Path of a program that can run. */
export async function program(name: Program): Promise<string> {
  const folder = folderOf(name);
  const file = path.join(CACHE, 'programs', `${name}-${await hashOf(name, folder)}`);
  if (existsSync(file)) return file;
  await fs.mkdir(path.dirname(file), { recursive: true });
  await goIsThere();
  const { of, set } = PROGRAMS[name];
  await step(`building ${name} (minutes, the first time)`, async () => {
    // Two processes may build the same one; the last rename wins and both are right.
    const part = `${file}.${process.pid}.part`;
    const flags = ['-ldflags', `-s -w ${set}`.trim(), '-o', part, of];
    await run('go', ['build', ...flags], { cwd: folder, env: { CGO_ENABLED: '0' } });
    await fs.rename(part, file);
  });
  return file;
}

/** The module of a program. */
export function folderOf(name: Program): string {
  const source: Source = PROGRAMS[name];
  return path.join(import.meta.dirname, source.in ?? name);
}

async function hashOf(name: Program, folder: string): Promise<string> {
  const hash = crypto.createHash('sha256');
  hash.update(JSON.stringify([PROGRAMS[name], process.platform, process.arch]));
  for (const source of (await fs.readdir(folder)).sort()) {
    hash.update(await fs.readFile(path.join(folder, source)));
  }
  return hash.digest('hex').slice(0, 12);
}

async function goIsThere(): Promise<void> {
  await run('go', ['version']).catch(() => {
    throw new Error(
      'the test cluster is built from Go modules: install Go 1.24 or newer (https://go.dev/dl), or point PODLINE_TEST_KUBECONFIG at another cluster',
    );
  });
}

if (import.meta.main) {
  for (const name of Object.keys(PROGRAMS) as Program[]) console.log(await program(name));
}
