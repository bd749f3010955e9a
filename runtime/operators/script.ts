/**
 * What bash, python and r share: the task protocol (docs/task-protocol.md). The script goes into a
 * fresh folder, facts and inputs into environment and files, and the XCom is what it wrote to
 * PODLINE_OUTPUT. Exit code 99 skips the task, as in Airflow.
 */
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import type { Json } from '../../src/plan/plan.ts';
import { connectionVariable } from '../../src/connections/names.ts';
import { notJson, tooLarge, XCOM_LIMIT } from '../worker/output.ts';
import { runProgram } from '../worker/process.ts';
import { TaskFailure, type OperatorContext, type OperatorResult } from './operator.ts';

const SKIP_EXIT_CODE = 99;

/** All that children get of the worker's own environment. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'R_LIBS',
  'R_LIBS_USER',
  'VIRTUAL_ENV',
];

export interface ScriptKind {
  program: string;
  args: (file: string) => string[];
  /** Name of the script in the work folder, when it has no file of its own. */
  fileName: string;
  /** `besideFile`: folder of the bundle in which the script's file lies. */
  env?: (besideFile: string | undefined) => Record<string, string>;
}

export async function runScript(
  context: OperatorContext,
  kind: ScriptKind,
): Promise<OperatorResult> {
  const { text, file } = scriptOf(context);
  const [folder, bundle] = await Promise.all([context.workFolder(), context.bundleFolder()]);
  // The script starts in an empty folder; what belongs to the protocol lies beside it.
  const protocol = path.dirname(folder);
  const output = path.join(protocol, 'output.json');
  const beside =
    bundle !== undefined && file !== undefined ? path.join(bundle, path.dirname(file)) : undefined;
  const scriptFile = path.join(protocol, file === undefined ? kind.fileName : path.basename(file));
  const inputsFile = path.join(protocol, 'inputs.json');
  const paramsFile = path.join(protocol, 'params.json');
  await Promise.all([
    writeFile(scriptFile, text),
    writeFile(inputsFile, JSON.stringify(context.inputs)),
    writeFile(paramsFile, JSON.stringify(context.params)),
  ]);
  const program =
    typeof context.config.program === 'string' ? context.config.program : kind.program;
  const env = {
    ...childEnvironment(context),
    ...kind.env?.(beside),
    ...(beside !== undefined && { PODLINE_FILES: beside }),
    PODLINE_INPUTS: inputsFile,
    PODLINE_PARAMS: paramsFile,
    PODLINE_OUTPUT: output,
  };
  const cwd =
    typeof context.config.cwd === 'string' ? path.resolve(folder, context.config.cwd) : folder;
  const end = await start(context, program, kind.args(scriptFile), cwd, env);
  if (end.signal !== null) {
    throw new TaskFailure(
      'signal',
      new PodlineError('task.signal', { signal: end.signal }).problem,
    );
  }
  const code = end.exitCode ?? 0;
  context.log(`exit code ${code}`);
  const skipCode = context.config.skipExitCode ?? SKIP_EXIT_CODE;
  if (code !== 0 && code === skipCode) return { skipped: `exit code ${code}`, exitCode: code };
  if (code !== 0) {
    throw new TaskFailure('exit_code', new PodlineError('task.exit_code', { code }).problem, {
      exitCode: code,
    });
  }
  return { exitCode: 0, output: await readOutput(output, context.task.id) };
}

function scriptOf(context: OperatorContext): { text: string; file?: string } {
  const script = context.config.script;
  const { text, file } = (typeof script === 'object' && script !== null ? script : {}) as {
    text?: Json;
    file?: Json;
  };
  if (typeof text !== 'string') {
    throw new PodlineError('task.bad_config', {
      task: context.task.id,
      problem: 'it has no script',
    });
  }
  return { text, file: typeof file === 'string' ? file : undefined };
}

async function start(
  context: OperatorContext,
  program: string,
  args: string[],
  cwd: string,
  env: Record<string, string>,
): ReturnType<typeof runProgram> {
  try {
    return await runProgram({
      program,
      args,
      cwd,
      env,
      signal: context.signal,
      graceSeconds: () => context.graceSeconds(),
      write: (source, bytes) => context.write(source, bytes),
      log: (line) => context.log(line),
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    if (!(await stat(cwd).catch(() => undefined))?.isDirectory()) {
      const problem = `its folder ${cwd} does not exist`;
      throw new PodlineError('task.bad_config', { task: context.task.id, problem });
    }
    throw new PodlineError('task.missing_program', { program }, { cause: error });
  }
}

/** Clean: an allow-list of the worker's, the protocol, and what the task declares. */
export function childEnvironment(context: OperatorContext): Record<string, string> {
  const { facts } = context;
  const env: Record<string, string> = { LANG: 'C.UTF-8' };
  // In a pod of its own, what the image and the author set for the container is the task's.
  const all = process.env.PODLINE_INHERIT === 'all';
  for (const name of all ? Object.keys(process.env) : INHERITED) {
    const value = process.env[name];
    if (value !== undefined && !(all && name.startsWith('PODLINE_'))) env[name] = value;
  }
  for (const [name, value] of Object.entries(context.inputs)) {
    if (value !== null && typeof value !== 'object') {
      const text = String(value);
      // Long texts are in the inputs file: one environment entry may have 128 KB.
      if (text.length < 32_768 && !text.includes('\u0000')) {
        env[`PODLINE_INPUT_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`] = text;
      }
    }
  }
  for (const connection of context.connections.values()) {
    env[connectionVariable(connection.id)] = connection.uri;
  }
  return {
    ...env,
    ...context.env,
    PODLINE_DAG_ID: facts.dagId,
    PODLINE_RUN_ID: facts.runId,
    PODLINE_TASK_ID: facts.taskId,
    PODLINE_MAP_INDEX: String(facts.mapIndex),
    PODLINE_TRY: String(facts.try),
    PODLINE_IDEMPOTENCY_KEY: facts.idempotencyKey,
    ...(facts.traceparent !== null && { TRACEPARENT: facts.traceparent }),
    ...(facts.logicalDate !== null && { PODLINE_LOGICAL_DATE: facts.logicalDate }),
    ...(facts.intervalStart !== null && { PODLINE_INTERVAL_START: facts.intervalStart }),
    ...(facts.intervalEnd !== null && { PODLINE_INTERVAL_END: facts.intervalEnd }),
  };
}

async function readOutput(file: string, task: string): Promise<Json | undefined> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return undefined;
  // White space may make a file larger than its JSON; four times the limit is read, no more.
  if (size > XCOM_LIMIT * 4) throw tooLarge(task, size);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    throw notJson(task, 'the output file is no UTF-8 text');
  }
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw notJson(task, `the output file cannot be parsed (${(error as Error).message})`);
  }
}
