/**
 * Entry of the throw-away process that loads one bundled DAG file and compiles its DAGs. Nothing of the
 * author's runs anywhere else during a build. Arguments: code module, DAG file, result file.
 */
import fs from 'node:fs';
import module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plan } from '../../src/plan/plan.ts';

export interface Evaluation {
  dags: { plan: Plan; hasCode: boolean }[];
  problems: Problem[];
  /** Script files that were asked for, found or not. */
  scripts: string[];
}

export interface Problem {
  code: string;
  message: string;
  remedy: string;
  /** Lines and columns in the code module, innermost first. */
  positions: [number, number][];
}

const [, , codeFile = '', dagFile = '', resultFile = ''] = process.argv;
const evaluation: Evaluation = { dags: [], problems: [], scripts: [] };

// Kept from before the author's code runs, which may replace globals.
const { exit } = process;
const { stringify } = JSON;

function finish(): never {
  fs.writeFileSync(resultFile, stringify(evaluation));
  exit.call(process, 0);
  throw new Error('unreachable');
}

/** Frames of the code module in the stack of an error. */
function positionsOf(error: unknown): [number, number][] {
  let stack: unknown;
  try {
    stack = (error as Error).stack;
  } catch {
    return [];
  }
  if (typeof stack !== 'string') return [];
  const positions: [number, number][] = [];
  for (const line of stack.split('\n').slice(0, 100)) {
    const at = line.indexOf(path.basename(codeFile));
    const match = at === -1 ? null : /:(\d+):(\d+)\)?$/.exec(line.slice(at));
    if (match) positions.push([Number(match[1]), Number(match[2])]);
  }
  return positions;
}

function failed(error: unknown): Problem {
  let message = 'the file threw something that is no error';
  try {
    message =
      error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`;
  } catch {
    // A value that cannot even be shown.
  }
  return {
    code: 'build.failed',
    message: message.slice(0, 4000),
    remedy: 'Correct the file and save it again.',
    positions: positionsOf(error),
  };
}

process.on('uncaughtException', (error) => {
  evaluation.problems.push(failed(error));
  finish();
});

// Its parent may be killed: then nobody waits, and nobody ends it. (Of an endless loop runEvaluation.ts takes care.)
const parent = process.ppid;
const { kill, pid } = process;
setInterval(() => {
  if (process.ppid !== parent) kill.call(process, -pid, 'SIGKILL');
}, 1000).unref();

module.enableCompileCache();
const { compile } = await import('../../src/plan/compile.ts');
const { dagDraft } = await import('../../src/dag/dag.ts');
const { PodlineErrors } = await import('../../src/errors.ts');
type Draft = NonNullable<ReturnType<typeof dagDraft>>;

function readFile(name: string): string | undefined {
  const file = path.resolve(path.dirname(dagFile), name);
  evaluation.scripts.push(file);
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function compileOne(value: unknown, draft: Draft): void {
  try {
    const plan = compile(value, { readFile, dagFile: path.basename(dagFile) });
    const hasCode = draft.tasks.some((task) => typeof task.operator.run === 'function');
    evaluation.dags.push({ plan, hasCode });
  } catch (error) {
    if (!(error instanceof PodlineErrors)) evaluation.problems.push(failed(error));
    else {
      for (const { code, problem, remedy, cause } of error.errors) {
        evaluation.problems.push({ code, message: problem, remedy, positions: positionsOf(cause) });
      }
    }
  }
}

try {
  const exported = (await import(pathToFileURL(codeFile).href)) as Record<string, unknown>;
  const seen = new Set<unknown>();
  for (const value of Object.values(exported).flat()) {
    const draft = dagDraft(value);
    if (!draft || seen.has(value)) continue;
    seen.add(value);
    compileOne(value, draft);
  }
} catch (error) {
  evaluation.problems.push(failed(error));
}
finish();
