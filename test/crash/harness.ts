/**
 * A database, a folder of DAGs and scheduler processes that tests kill. Waits are for conditions, read from the
 * database; a condition that does not come true fails with what the schedulers said last. `settle` ends
 * every scenario: it stops the processes and checks what was promised.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFolder } from '../../runtime/build/buildFolder.ts';
import { triggerRun } from '../../runtime/commands/trigger.ts';
import { checkInvariants } from '../../runtime/database/invariants.ts';
import { type Database, isTransient } from '../../runtime/database/pool.ts';
import type { WorkerLimits } from '../../runtime/database/queries/workers.ts';
import { registerDags } from '../../runtime/register/registerDags.ts';
import { noneLeft, processesWith } from '../worker/processes.ts';
import { dagFiles, type DagFacts, tickingFile } from './dagFiles.ts';
import { compareLedger, type Ledger, readLedger } from './ledger.ts';
import type { ProcessOptions } from './schedulerProcess.ts';

const ENTRY = path.join(import.meta.dirname, 'schedulerProcess.ts');
const MARK = 'PODLINE_TEST_MARK';
/** Far above what is expected: other test processes may use the same cores. */
const PATIENCE_MS = 60_000;

/** Dead workers are found sooner than by default, so that many scenarios fit into a test run. */
export const QUICK: WorkerLimits = { silentSeconds: 8, unlockedSeconds: 1 };

export interface StartOptions {
  slots?: number;
  drainSeconds?: number;
  limits?: WorkerLimits;
  register?: string;
  env?: Record<string, string>;
  /** Do not wait until it is ready. */
  unready?: boolean;
}

export class SchedulerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;

  constructor(child: ChildProcess) {
    this.child = child;
    this.exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<[number | null, NodeJS.Signals | null]> {
    this.child.kill(signal);
    return this.exited;
  }
}

let hosts = 0;

export class CrashHost {
  readonly database: Database;
  readonly url: string;
  readonly folder: string;
  readonly facts: DagFacts;
  /** Idempotency keys of callbacks, as they arrived. */
  readonly callbacks: string[];
  readonly processes: SchedulerProcess[] = [];
  readonly #hook: Server;

  private constructor(
    place: { database: Database; url: string; folder: string },
    hook: Server,
    callbacks: string[],
  ) {
    this.database = place.database;
    this.url = place.url;
    this.folder = place.folder;
    this.#hook = hook;
    this.callbacks = callbacks;
    this.facts = {
      ledger: path.join(place.folder, 'ledger'),
      gate: path.join(place.folder, 'gate'),
      mark: `${process.pid}-${++hosts}`,
      hook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
    };
  }

  static async open(database: Database, url: string): Promise<CrashHost> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-crash-'));
    const callbacks: string[] = [];
    const hook = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { idempotencyKey } = JSON.parse(text) as { idempotencyKey: string };
        callbacks.push(idempotencyKey);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const host = new CrashHost({ database, url, folder }, hook, callbacks);
    await fs.writeFile(host.facts.ledger, '');
    await fs.mkdir(host.dags);
    await host.register(dagFiles(host.facts));
    return host;
  }

  get dags(): string {
    return path.join(this.folder, 'dags');
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await fs.writeFile(path.join(this.dags, name), text);
    }
  }

  async register(files: Record<string, string>): Promise<void> {
    await this.write(files);
    const built = await buildFolder(this.dags);
    assert.deepEqual(built.errors, []);
    await registerDags(this.database, built);
  }

  /** A DAG with a run every second, from now on. */
  registerTicking(): Promise<void> {
    return this.register(tickingFile(this.facts));
  }

  /** No new ticks; what is queued still runs, which it would not in a paused DAG. */
  async endSchedule(dagId: string): Promise<void> {
    await this.database.query('UPDATE podline.dag SET next_run_at = NULL WHERE dag_id = $1', [
      dagId,
    ]);
  }

  async start(options: StartOptions = {}): Promise<SchedulerProcess> {
    const index = this.processes.length;
    const log = openSync(path.join(this.folder, `scheduler-${index}.log`), 'a');
    const parameters: ProcessOptions = { limits: options.limits, register: options.register };
    const child = fork(ENTRY, [JSON.stringify(parameters)], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--conditions=podline-source'],
      env: {
        ...process.env,
        PODLINE_DATABASE_URL: this.url,
        PODLINE_HOME: path.join(this.folder, 'home'),
        PODLINE_SLOTS: String(options.slots ?? 3),
        PODLINE_DRAIN_SECONDS: String(options.drainSeconds ?? 10),
        PODLINE_LOG_LEVEL: 'info',
        // Dozens of processes start: half of that is reading the same sources.
        NODE_COMPILE_CACHE: path.join(os.tmpdir(), `podline-compile-cache-${os.userInfo().uid}`),
        [MARK]: this.facts.mark,
        ...options.env,
      },
    });
    closeSync(log);
    const started = new SchedulerProcess(child);
    this.processes.push(started);
    if (options.unready === true) return started;
    await Promise.race([
      once(child, 'message'),
      started.exited.then(([code, signal]) => {
        throw new Error(`the scheduler ended with ${code ?? signal}\n${this.said()}`);
      }),
    ]);
    return started;
  }

  async trigger(dagId: string, count = 1): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const runId = `${dagId}_${++this.#runs}`;
      await triggerRun(this.database, dagId, { runId });
      ids.push(runId);
    }
    return ids;
  }
  #runs = 0;

  openGate(): Promise<void> {
    return fs.writeFile(this.facts.gate, '');
  }

  closeGate(): Promise<void> {
    return fs.rm(this.facts.gate, { force: true });
  }

  /** What `look` found, as soon as it finds something. */
  async until<T>(
    what: string,
    look: () => Promise<T | null | undefined | false>,
    milliseconds = PATIENCE_MS,
  ): Promise<T> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const found = await look().catch((error: unknown) => {
        // The database itself may be what is killed.
        if (isTransient(error)) return undefined;
        throw error;
      });
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > end) {
        throw new Error(
          `not within ${milliseconds} ms: ${what}\n${await this.#open().catch(String)}\n${readFileSync(this.facts.ledger, 'utf8').slice(-1500)}\n${this.said()}`,
        );
      }
      await sleep(50);
    }
  }

  async ended(runIds: string[], milliseconds = PATIENCE_MS): Promise<void> {
    await this.until(
      `the end of ${runIds.length} runs`,
      async () => {
        const { rows } = await this.database.query<{ open: number }>(
          `SELECT $2::int - count(*)::int AS open FROM podline.run
            WHERE run_id = ANY($1) AND state IN ('success', 'failed')`,
          [runIds, runIds.length],
        );
        return rows[0]?.open === 0;
      },
      milliseconds,
    );
  }

  /** Waits until so many executions of these runs have begun, by their own account. */
  async begun(runIds: string[], count: number): Promise<void> {
    await this.until(`${count} executions`, async () => {
      let found = 0;
      for (const [key, starts] of this.ledger().starts) {
        if (runIds.includes(key.split('/')[1] ?? '')) found += starts;
      }
      return found >= count;
    });
  }

  ledger(): Ledger {
    return readLedger(this.facts.ledger);
  }

  async attempts(runIds: string[]): Promise<AttemptRow[]> {
    const { rows } = await this.database.query<AttemptRow>(
      `SELECT a.id, t.task_id, a.number, a.state, a.cause, a.message, (a.facts ->> 'pid')::int AS pid, w.pid AS scheduler,
              a.claimed_at IS NOT NULL AS claimed
         FROM podline.attempt a JOIN podline.run r ON r.id = a.run_id
         JOIN podline.task_instance t ON t.id = a.instance_id LEFT JOIN podline.worker w ON w.id = a.worker_id
        WHERE r.run_id = ANY($1) ORDER BY t.id, a.number`,
      [runIds],
    );
    return rows;
  }

  async allGone(pids: number[]): Promise<void> {
    await this.until(`the end of the processes ${pids.join(', ')}`, async () => {
      const alive = new Set(await processesWith(MARK, this.facts.mark));
      return pids.every((pid) => !alive.has(pid));
    });
  }

  /** Living processes of tasks and runners, without the schedulers. */
  async taskProcesses(): Promise<number[]> {
    const schedulers = new Set(this.processes.map(({ pid }) => pid));
    return (await processesWith(MARK, this.facts.mark)).filter((pid) => !schedulers.has(pid));
  }

  /** Stops what is left, and checks everything that is promised about runs, attempts and processes. */
  async settle(
    runIds: string[],
    expect: { state?: 'success' | 'failed'; overlaps?: boolean } = {},
  ): Promise<void> {
    await this.stop();
    const { rows } = await this.database.query(
      'SELECT run_id, state FROM podline.run WHERE run_id = ANY($1) AND state <> $2',
      [runIds, expect.state ?? 'success'],
    );
    assert.deepEqual(rows, [], this.said());
    assert.deepEqual(await checkInvariants(this.database), []);
    const ledger = this.ledger();
    assert.deepEqual(await compareLedger(this.database, ledger), []);
    if (expect.overlaps !== true) assert.deepEqual(ledger.overlaps, []);
    await this.until('the end of all processes', async () => {
      const left = await processesWith(MARK, this.facts.mark);
      return left.length === 0;
    });
    await noneLeft(MARK, this.facts.mark);
  }

  /** Ends the schedulers in order, all at once. */
  async stop(): Promise<void> {
    await Promise.all(
      this.processes.filter(({ alive }) => alive).map((each) => each.kill('SIGTERM')),
    );
  }

  async close(): Promise<void> {
    for (const each of this.processes) if (each.alive) await each.kill();
    for (const pid of await processesWith(MARK, this.facts.mark)) process.kill(pid, 'SIGKILL');
    this.#hook.closeAllConnections();
    this.#hook.close();
    await fs.rm(this.folder, { recursive: true, force: true });
  }

  /** The last words of every scheduler. */
  said(): string {
    if (!existsSync(this.folder)) return '';
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => `${name}: ${readFileSync(path.join(this.folder, name), 'utf8').slice(-1500)}`)
      .join('\n');
  }

  async #open(): Promise<string> {
    const { rows } = await this.database.query<{ line: string }>(
      `SELECT concat_ws(' ', r.run_id, r.state, t.task_id, t.state, a.number, a.state, a.cause, a.worker_id, a.gone_at) AS line
         FROM podline.run r LEFT JOIN podline.task_instance t ON t.run_id = r.id
         LEFT JOIN podline.attempt a ON a.instance_id = t.id
        WHERE r.state NOT IN ('success', 'failed') ORDER BY r.id, t.id, a.number LIMIT 30`,
    );
    return rows.map(({ line }) => line).join('\n');
  }
}

export interface AttemptRow {
  id: number;
  task_id: string;
  number: number;
  state: string;
  cause: string | null;
  message: string | null;
  /** Of the runner. */
  pid: number | null;
  /** Process of the worker that it was given to. */
  scheduler: number | null;
  claimed: boolean;
}
