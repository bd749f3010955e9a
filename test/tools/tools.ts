/**
 * Real programs that some tests talk to, kept in a cache folder of the user. test/tools/install.ts
 * puts them there; tests that miss one are skipped by name, loudly.
 */
import { spawn } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export const TOOLS_FOLDER =
  process.env.PODLINE_TEST_TOOLS ?? path.join(os.homedir(), '.cache', 'podline-test');

export interface Tool {
  name: string;
  /** What tests start. */
  program: string;
  /** Why this machine cannot have it; the tests that need it are skipped, loudly. */
  impossible?(): Promise<string | undefined>;
  install(): Promise<void>;
}

const pythonFolder = path.join(TOOLS_FOLDER, 'great-expectations');

/** An S3-compatible server that keeps objects as files. */
export const versitygw: Tool = {
  name: 'versitygw (S3-compatible server)',
  program: path.join(TOOLS_FOLDER, 'bin', 'versitygw'),
  async install() {
    const folder = path.dirname(this.program);
    await mkdir(folder, { recursive: true });
    await command('go', ['install', 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'], {
      GOBIN: folder,
    });
  },
};

/** A Python with the package great_expectations. */
export const greatExpectations: Tool = {
  name: 'great_expectations (Python package)',
  program: path.join(pythonFolder, 'bin', 'python'),
  async install() {
    await command('python3', ['-m', 'venv', pythonFolder]);
    await command(path.join(pythonFolder, 'bin', 'pip'), [
      'install',
      '--quiet',
      'great_expectations[postgresql]>=1.5,<2',
    ]);
  },
};

const schemathesisFolder = path.join(TOOLS_FOLDER, 'schemathesis');

/** Sends an API what its OpenAPI document allows, and what it does not. */
export const schemathesis: Tool = {
  name: 'schemathesis (Python package)',
  program: path.join(schemathesisFolder, 'bin', 'schemathesis'),
  impossible: noPython,
  async install() {
    await command('python3', ['-m', 'venv', schemathesisFolder]);
    const packages = ['install', '--quiet', 'schemathesis>=4.32,<5'];
    await command(path.join(schemathesisFolder, 'bin', 'pip'), packages);
  },
};

export const TOOLS = [versitygw, greatExpectations, schemathesis];

async function noPython(): Promise<string | undefined> {
  const fits = 'import sys, venv; sys.exit(sys.version_info < (3, 10))';
  return command('python3', ['-c', fits]).then(
    () => undefined,
    () => 'it needs python3, 3.10 or newer, with venv',
  );
}

export async function isInstalled(tool: Tool): Promise<boolean> {
  return access(tool.program).then(
    () => true,
    () => false,
  );
}

/** For `before` hooks: skips what follows when the tool is not there; with PODLINE_TEST_FULL it is an error. */
export async function needs(test: Mocha.Context, tool: Tool): Promise<void> {
  if (await isInstalled(tool)) return;
  const obstacle = await tool.impossible?.();
  const message = `${tool.name} is not installed; ${obstacle ?? '`node test/tools/install.ts` installs it'}`;
  if (process.env.PODLINE_TEST_FULL) throw new Error(message);
  console.warn(`    SKIPPED: ${message}`);
  test.skip();
}

function command(program: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')}: exit code ${code}`)),
    );
  });
}
