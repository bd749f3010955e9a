/**
 * Builds a folder of DAG files by `podline build` in a process of its own, so that author code runs once, capped,
 * and never in the program of the deployment. Called by dagBundle.ts; hands on plans and files, or all mistakes.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPlans, type Build } from './readPlans.ts';

export interface BuildRequest {
  folder: string;
  /** Seconds that the whole build may take. */
  timeout: number;
}

/** What `podline build --json` prints, as far as it is used here. */
interface Printed {
  errors?: BuildMistake[];
  error?: { code: string; message: string; remedy?: string };
}

interface BuildMistake {
  file: string;
  line: number | null;
  column: number | null;
  code: string;
  message: string;
  remedy: string;
}

/** Nothing of the deployment's environment is for DAG files: no tokens of a cloud, no options of Node. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'ComSpec'];
const MOST_OUTPUT = 64 * 2 ** 20;

export function buildDags({ folder, timeout }: BuildRequest): Build {
  const root = path.resolve(folder);
  if (!fs.statSync(root, { throwIfNoEntry: false })?.isDirectory()) {
    return failed([`${root} is no folder`]);
  }
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'podline-build-'));
  try {
    const env = PASSED_ON.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const { status, signal, stdout, stderr, error } = spawnSync(
      process.execPath,
      [...program(), 'build', root, '--out', out, '--json'],
      {
        encoding: 'utf8',
        timeout: timeout * 1000,
        killSignal: 'SIGKILL',
        maxBuffer: MOST_OUTPUT,
        env: Object.fromEntries(env),
      },
    );
    if (status === 0) return readPlans(out);
    if (error && 'code' in error && error.code === 'ETIMEDOUT') {
      return failed([`the build of ${root} took more than ${timeout} seconds (buildTimeout)`]);
    }
    return failed(
      mistakesIn(stdout, stderr, error?.message ?? `it ended with ${signal ?? status}`),
    );
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
  }
}

function failed(problems: string[]): Build {
  return { plans: [], files: new Map(), problems };
}

/** The CLI of this very package: the built one when this file is built, else the source. */
function program(): string[] {
  const here = fileURLToPath(import.meta.url);
  let root = path.dirname(here);
  while (!fs.existsSync(path.join(root, 'package.json'))) root = path.dirname(root);
  return here.endsWith('.ts')
    ? ['--conditions=podline-source', '--no-warnings', path.join(root, 'runtime/main.ts')]
    : [path.join(root, 'dist/runtime/main.js')];
}

/** Each with its place, as editors and terminals make links of it. */
function mistakesIn(stdout: string, stderr: string, otherwise: string): string[] {
  const { errors = [], error } = { ...json(stderr), ...json(stdout) };
  if (errors.length > 0) {
    return errors.map(({ file, line, column, code, message, remedy }) => {
      const place = [path.relative(process.cwd(), file), line, column].filter(
        (part) => part !== null,
      );
      return `${place.join(':')} ${code}: ${message} ${remedy}`.trim();
    });
  }
  if (error) return [`${error.code}: ${error.message} ${error.remedy ?? ''}`.trim()];
  const end = stderr.trim().split('\n').slice(-5).join('\n');
  return [`the build failed: ${end === '' ? otherwise : end}`];
}

function json(text: string): Printed {
  try {
    return JSON.parse(text) as Printed;
  } catch {
    return {};
  }
}
