/**
 * `podline demo`: from an empty folder to a finished run. Brings up the database, builds and registers
 * the examples, starts the engine, runs the main example with live progress and prints its results.
 * Called by main; the exit code is 0 only if the run succeeded and its report is what it should be.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PodlineError, PodlineErrors } from '../../src/errors.ts';
import { buildFolder } from '../build/buildFolder.ts';
import type { BuildResult } from '../build/types.ts';
import { triggerRun } from '../commands/trigger.ts';
import type { Config } from '../config.ts';
import { checkInvariants } from '../database/invariants.ts';
import { type Database, describeUrl } from '../database/pool.ts';
import { openDatabase, startEngine, type OpenDatabase } from '../engine.ts';
import { openLog } from '../observe/log.ts';
import { deliver } from '../operators/notify.ts';
import { registerDags } from '../register/registerDags.ts';
import { type DemoReport, reportProblems } from './demoReport.ts';
import { prepareWarehouse } from './demoWarehouse.ts';
import { EXIT } from './exit.ts';
import { count, duration } from '../explain/human.ts';
import { createOutput, type Output } from './output.ts';
import { followRun, line, type RunProgress } from './runProgress.ts';

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');
const DAG = 'flights';
/** A run takes 2 s; a machine under load gets its time. */
const MOST_SECONDS = 180;
/** A table that is redrawn must fit on the screen; on a smaller one each task gets a line as it ends. */
const LEAST_ROWS = 28;
/** Each slot may start a process of its own, 0.2 s of work: on 2 cores 3 slots finish soonest, 8 take twice as long. */
const MOST_SLOTS = 3;

export interface DemoOptions {
  config: Config;
  json: boolean;
  output?: Output;
}

export async function runDemo({ config, json, output: given }: DemoOptions): Promise<number> {
  const { env, stdout, stderr } = process;
  const output = given ?? createOutput({ stdout, stderr, env, json });
  const began = performance.now();
  const interrupt = new AbortController();
  const onInterrupt = () => {
    interrupt.abort();
  };
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const step = stepper(output);

  const building = build();
  building.catch(() => {});
  let database: OpenDatabase | undefined;
  try {
    database = await openOrExplain(config);
    const { pool, url } = database;
    step(`database   ${describeUrl(url)}`);
    const { connections } = await prepareWarehouse({
      home: config.home,
      url,
      database: pool,
      environment: env,
    });
    const built = await building;
    const registered = await registerDags(pool, built);
    if (registered.refused.length > 0) {
      throw new PodlineErrors(registered.refused.map(({ error }) => error));
    }
    step(`examples   ${count(built.dags.length, 'DAG')} built and registered`);
    const engine = await startEngine({
      config: { ...config, slots: Math.min(config.slots, MOST_SLOTS) },
      database,
      deliver: (target, payload) => deliver(target, payload, connections),
      log: openLog(config.logLevel === 'info' ? 'warn' : config.logLevel),
    });
    try {
      const run = await triggerRun(pool, DAG, { params: dataSource(), actor: 'demo' });
      engine.poke();
      step(`run        ${DAG} ${run.runId}`);
      const redraw = stderr.isTTY && stderr.rows >= LEAST_ROWS && !env.CI && env.TERM !== 'dumb';
      const options = { output, redraw, seconds: MOST_SECONDS, signal: interrupt.signal };
      const ended = await followRun(pool, run.id, options);
      if (interrupt.signal.aborted) return EXIT.interrupted;
      const report = await readReport(pool, run.id);
      const problems = [
        ...(ended.state === 'success' ? [] : [`the run is ${ended.state}`]),
        ...reportProblems(report, ended.tasks),
        ...(await checkInvariants(pool)).map(({ invariant, says }) => `${invariant}: ${says}`),
      ];
      const seconds = (performance.now() - began) / 1000;
      if (json) output.printJson({ ...ended, runId: run.runId, total: seconds, report, problems });
      else tell({ output, config, url, runId: run.runId, run: ended, report, problems, seconds });
      return problems.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      await engine.stop();
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    await database?.close();
  }
}

/** Each step on a line of its own, with the time that it took. */
function stepper(output: Output): (text: string) => void {
  let last = performance.now();
  return (text) => {
    const now = performance.now();
    output.note(`${text}  ${output.colours.dim(`(${duration((now - last) / 1000)})`)}`);
    last = now;
  };
}

async function openOrExplain(config: Config): Promise<OpenDatabase> {
  try {
    return await openDatabase(config, { migrate: true });
  } catch (error) {
    if (config.databaseUrl !== null) throw error;
    const folder = path.join(config.home, 'database');
    const reason = error instanceof PodlineError ? error.problem : String(error);
    throw new PodlineError(
      'demo.database',
      { folder, reason: reason.replace(/\.$/, '') },
      { cause: error },
    );
  }
}

async function build(): Promise<BuildResult> {
  const there = await fs.stat(EXAMPLES).then(
    () => true,
    () => false,
  );
  if (!there) throw new PodlineError('build.no_dags', { folder: EXAMPLES });
  const built = await buildFolder(EXAMPLES);
  const [first] = built.errors;
  if (first) {
    const { file, line: at, message: reason } = first;
    throw new PodlineError('build.failed', { file, line: at ?? 1, reason });
  }
  return built;
}

/** The data set as npm installed it, so that the demo needs no network; else the DAG's own default. */
function dataSource(): { source?: string } {
  try {
    const entry = createRequire(import.meta.url).resolve('vega-datasets');
    return { source: path.resolve(path.dirname(entry), '../data') };
  } catch {
    return {};
  }
}

async function readReport(database: Database, runId: number): Promise<DemoReport | null> {
  const { rows } = await database.query<{ value: DemoReport }>(
    `SELECT value FROM podline.xcom WHERE run_id = $1 AND task_id = 'report' AND key = 'return_value'`,
    [runId],
  );
  return rows[0]?.value ?? null;
}

function tell(facts: {
  output: Output;
  config: Config;
  url: string;
  runId: string;
  run: RunProgress;
  report: DemoReport | null;
  problems: string[];
  seconds: number;
}): void {
  const { output, config, url, runId, run, report, problems, seconds } = facts;
  const { bold, green, red } = output.colours;
  output.print();
  if (report) output.print(report.text);
  output.print();
  const skipped = run.tasks.filter(({ state }) => state === 'skipped');
  const tasks = `${count(run.tasks.length, 'task')}, ${skipped.length} skipped`;
  const verdict = problems.length === 0 ? green('The demo succeeded.') : red('The demo failed.');
  output.print(
    `${bold(verdict)} The run took ${duration(run.seconds)} (${tasks}), all of it ${duration(seconds)}.`,
  );
  for (const problem of problems) output.print(`  ${problem}`);
  if (problems.length > 0) {
    const failed = run.tasks.filter(({ state }) => state === 'failed');
    for (const task of failed) output.print(line(task, output));
  }
  output.print();
  output.print('Where everything is:');
  const rows = [
    ['DAG', path.relative(process.cwd(), path.join(EXAMPLES, 'flights', 'flights.ts'))],
    [
      'database',
      `${describeUrl(url)} (kept in ${path.relative(process.cwd(), config.home) || '.'})`,
    ],
    ['the run', `npm run podline -- runs show ${DAG} ${runId}`],
    ['a log', `npm run podline -- tasks logs ${DAG} ${runId} check`],
    ['serve', 'npm start   (the engine over examples/; save a DAG file and see it change)'],
  ];
  for (const [what = '', where = ''] of rows) output.print(`  ${what.padEnd(9)} ${where}`);
}
