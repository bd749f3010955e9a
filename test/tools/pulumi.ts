/**
 * The Pulumi CLI and its language hosts for programs in Node and in YAML, built from their Go modules for the tests that
 * drive a real engine. Called by install.ts; hands on the folder those tests put on PATH. Cold on two cores the build
 * takes 4 minutes; later it is a look into the cache. A CLI that is on PATH already is used as it is.
 */
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { run } from '../cluster/command.ts';
import { locked } from '../cluster/lock.ts';
import { buildGo, folderOfSources, MODULES } from './goPrograms.ts';
import type { Tool } from './tools.ts';

const VERSION = 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version';

/**
 * Each program with the folder of its go.mod. The host for Node is of the last version that was part of a public module;
 * it starts programs as the new ones do, but cannot start a component package as a plugin.
 */
const PROGRAMS = {
  pulumi: { module: 'cli', of: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi' },
  'pulumi-language-yaml': {
    module: 'cli',
    of: 'github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml',
  },
  'pulumi-language-nodejs': {
    module: 'nodejs',
    of: 'github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs',
  },
};

export interface PulumiTools {
  /** The CLI. */
  pulumi: string;
  /** Folder of the CLI and its language hosts, for PATH. */
  path: string;
}

/** Null when nothing is installed; a suite then skips itself, loudly. */
export async function pulumiTools(): Promise<PulumiTools | null> {
  const folder = onPath() ?? built();
  const program = path.join(folder, 'pulumi');
  return existsSync(program) ? { pulumi: program, path: folder } : null;
}

export const pulumi: Tool = {
  name: 'the Pulumi CLI',
  get program() {
    return path.join(onPath() ?? built(), 'pulumi');
  },
  async impossible() {
    if (process.platform !== 'linux') {
      return 'it is built on Linux only; put pulumi and pulumi-language-nodejs on PATH';
    }
    return run('go', ['version']).then(
      () => undefined,
      () => 'it is built from Go modules and there is no Go; install Go 1.26 (https://go.dev/dl)',
    );
  },
  install: () => locked('Pulumi CLI', build),
};

/** Every program goes into a folder beside the final one, which has its name only when whole. */
async function build(): Promise<void> {
  const folder = built();
  if (existsSync(folder)) return;
  const part = `${folder}.part`;
  await fs.mkdir(part, { recursive: true });
  await buildGo(PROGRAMS, part, {
    ldflags: `-X ${VERSION}=${versionOfCli()}`,
    hint: ' (minutes, the first time)',
  });
  await fs.rename(part, folder);
}

function onPath(): string | undefined {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .find((folder) =>
      ['pulumi', 'pulumi-language-nodejs'].every((name) => existsSync(path.join(folder, name))),
    );
}

/** Where the programs are that are built from these sources. */
function built(): string {
  return folderOfSources('pulumi', [PROGRAMS], ['cli', 'nodejs']);
}

/** The CLI does not know its version unless it is told. */
export function versionOfCli(): string {
  const found = /github\.com\/pulumi\/pulumi\/pkg\/v3 (v\S+)/.exec(
    readFileSync(path.join(MODULES, 'cli/go.mod'), 'utf8'),
  );
  if (found?.[1] === undefined) throw new Error('test/tools/pulumi/cli/go.mod names no pulumi/pkg');
  return found[1];
}
