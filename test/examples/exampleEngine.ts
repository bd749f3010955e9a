/**
 * The examples on the real engine: builds the folder once, registers it into a fresh database, starts
 * scheduler and local executor with four slots, and runs DAGs to their end. Used by the tests beside it.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import type { BuildResult } from '../../runtime/build/types.ts';
import { type RunProgress, readRun } from '../../runtime/cli/runProgress.ts';
import { type TriggerOptions, triggerRun } from '../../runtime/commands/trigger.ts';
import { type Config, readConfig } from '../../runtime/config.ts';
import { checkInvariants } from '../../runtime/database/invariants.ts';
import { openClient } from '../../runtime/database/pool.ts';
import { type Engine, startEngine } from '../../runtime/engine.ts';
import { openLog } from '../../runtime/observe/log.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { type TestDatabase, testDatabase } from '../../runtime/testing/database.ts';
import type { Json } from '../../src/plan/plan.ts';

export const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');
export const DATA = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data');

let building: Promise<BuildResult> | undefined;

/** The one build of all examples together, as `npm start` makes it. */
export function builtExamples(): Promise<BuildResult> {
  return (building ??= buildFolder(EXAMPLES));
}

/** A run after its end. */
export class EndedRun {
  readonly id: number;
  readonly progress: RunProgress;
  readonly #database: TestDatabase;

  constructor(id: number, progress: RunProgress, database: TestDatabase) {
    this.id = id;
    this.progress = progress;
    this.#database = database;
  }

  get state(): string {
    return this.progress.state;
  }

  /** State by task, mapped instances as "task[0]". */
  get states(): Record<string, string> {
    return Object.fromEntries(this.progress.tasks.map(({ task, state }) => [task, state]));
  }

  reason(task: string): string | null | undefined {
    return this.progress.tasks.find((one) => one.task === task)?.reason;
  }

  /** What people look at first when a run is not as expected. */
  explain(): string {
    return this.progress.tasks
      .map(({ task, state, reason }) => `${task}: ${state} ${reason ?? ''}`)
      .join('\n');
  }

  async output(task: string): Promise<Json | undefined> {
    const { rows } = await this.#database.pool.query<{ value: Json }>(
      `SELECT value FROM podline.xcom WHERE run_id = $1 AND task_id = $2 AND key = 'return_value' ORDER BY map_index`,
      [this.id, task],
    );
    return rows[0]?.value;
  }
}

export class ExampleEngine {
  readonly database: TestDatabase;
  readonly #engine: Engine;
  readonly #home: string;
  readonly #restore: () => void;

  private constructor(database: TestDatabase, engine: Engine, home: string, restore: () => void) {
    this.#restore = restore;
    this.database = database;
    this.#engine = engine;
    this.#home = home;
  }

  /**
   * `connections` are what the tasks find in the connections file, beside `warehouse`; `searchPath` is
   * where they find programs, instead of the PATH of this process.
   */
  static async start({
    connections = {},
    searchPath,
  }: { connections?: Record<string, string>; searchPath?: string } = {}): Promise<ExampleEngine> {
    const built = await builtExamples();
    const database = await testDatabase();
    const home = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-examples-'));
    const warehouse = new URL(database.url);
    warehouse.pathname = `${warehouse.pathname}_warehouse`;
    await database.pool.query(`CREATE DATABASE ${warehouse.pathname.slice(1)}`);
    await fs.writeFile(
      path.join(home, 'connections.json'),
      JSON.stringify({ warehouse: warehouse.href, ...connections }),
    );
    const registered = await registerDags(database.pool, built);
    assert.deepEqual(registered.refused, []);
    const config: Config = { ...readConfig({}), home, slots: 4, drainSeconds: 5 };
    // Runners inherit the environment of the moment in which they are forked.
    const restore = searchPath === undefined ? () => {} : replacePath(searchPath);
    const engine = await startEngine({
      config,
      database: { ...database, embedded: null, close: () => Promise.resolve() },
      deliver: () => Promise.resolve(),
      log: openLog('error'),
    });
    return new ExampleEngine(database, engine, home, restore);
  }

  async run(dagId: string, options: TriggerOptions = {}): Promise<EndedRun> {
    return this.ended(await this.trigger(dagId, options));
  }

  async trigger(dagId: string, options: TriggerOptions = {}): Promise<number> {
    const { id } = await triggerRun(this.database.pool, dagId, options);
    this.#engine.poke();
    return id;
  }

  /** Mocha's own timeout ends the wait for a run that hangs. */
  async ended(id: number): Promise<EndedRun> {
    for (;;) {
      const progress = await readRun(this.database.pool, id);
      if (progress.state === 'success' || progress.state === 'failed') {
        return new EndedRun(id, progress, this.database);
      }
      await wait(20);
    }
  }

  /** The SQL connection of the example's warehouse. */
  async query<Row>(text: string): Promise<Row[]> {
    const url = new URL(this.database.url);
    url.pathname = `${url.pathname}_warehouse`;
    const client = await openClient(url.href, 'podline-test');
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    const { pool, url } = this.database;
    try {
      assert.deepEqual(await checkInvariants(pool), []);
    } finally {
      await this.#engine.stop();
      this.#restore();
      const name = `${new URL(url).pathname.slice(1)}_warehouse`;
      await pool.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await this.database.drop();
      await fs.rm(this.#home, { recursive: true, force: true });
    }
  }
}

function replacePath(searchPath: string): () => void {
  const { PATH } = process.env;
  process.env.PATH = searchPath;
  return () => {
    process.env.PATH = PATH;
  };
}
