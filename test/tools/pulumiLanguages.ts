/**
 * What programs in Python and Go need of the engine: their language hosts, the generator of SDKs, and a Python with the
 * SDK of Pulumi. Called by install.ts; test/e2e/languages.test.ts uses it. The hosts are the last ones in a public
 * module: they run programs as the new ones do, but generate nothing.
 */
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { run, step } from '../cluster/command.ts';
import { locked } from '../cluster/lock.ts';
import { buildGo, folderOfSources, MODULES } from './goPrograms.ts';
import { pulumi } from './pulumi.ts';
import type { Tool } from './tools.ts';

/** Module of the SDK for Go. */
export const SDK = 'github.com/pulumi/pulumi/sdk/v3';

/** Each program with the folder of its go.mod. */
const PROGRAMS = {
  'pulumi-language-python': { module: 'python', of: `${SDK}/python/cmd/pulumi-language-python` },
  'pulumi-language-go': { module: 'go', of: `${SDK}/go/pulumi-language-go` },
  'generate-sdk': { module: 'cli', of: './generateSdk' },
};
/** The part of the host for Python that is Python. */
const START = 'pulumi-language-python-exec';

const PACKAGES = ['pulumi>=3.272,<4', 'parver', 'semver', 'setuptools', 'wheel', 'mypy'];

export interface PulumiLanguages {
  /** Folder of the hosts, for PATH. */
  path: string;
  generateSdk: string;
  python: string;
}

export function pulumiLanguages(): PulumiLanguages {
  const folder = built();
  return {
    path: folder,
    generateSdk: path.join(folder, 'generate-sdk'),
    python: path.join(folder, 'python/bin/python'),
  };
}

export const languages: Tool = {
  name: 'Pulumi for programs in Python and Go',
  get program() {
    return pulumiLanguages().python;
  },
  impossible: () => pulumi.impossible?.() ?? Promise.resolve(undefined),
  install: () => locked('languages of Pulumi', build),
};

/** The environment of Python knows its own place, so it comes last and in the final one. */
async function build(): Promise<void> {
  const folder = built();
  if (existsSync(pulumiLanguages().python)) return;
  await fs.mkdir(folder, { recursive: true });
  await buildGo(PROGRAMS, folder);
  const list = ['list', '-m', '-f', '{{.Dir}}', SDK];
  const source = (await run('go', list, { cwd: path.join(MODULES, 'python') })).trim();
  await fs.copyFile(path.join(source, 'python/cmd', START), path.join(folder, START));
  await fs.chmod(path.join(folder, START), 0o755);
  await step('installing the SDK of Pulumi for Python', async () => {
    const part = path.join(folder, 'python');
    await run('python3', ['-m', 'venv', part]);
    try {
      await run(path.join(part, 'bin/pip'), ['install', '--quiet', ...PACKAGES]);
    } catch (error) {
      await fs.rm(part, { recursive: true });
      throw error;
    }
  });
}

/** Where the programs are that are built from these sources. */
function built(): string {
  const modules = Object.values(PROGRAMS).map(({ module }) => module);
  const files = ['cli/generateSdk/main.go'];
  return folderOfSources('pulumi-languages', [PROGRAMS, PACKAGES], modules, files);
}
