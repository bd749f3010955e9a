/**
 * The worker's only door to the database: the report functions, called as a role that may do
 * nothing else. One connection, opened when needed and closed when idle, so that a long task holds
 * none. A lost connection or a restart of the database is waited out; the functions are idempotent.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Json } from '../../src/plan/plan.ts';
import type { Assignment, FinishReply, Outcome } from './assignment.ts';
import { backoff, isPassing } from './reconnect.ts';

export interface ReportClient {
  /** Null: the token was used or withdrawn, do not run anything. */
  claim(attemptId: number, token: Buffer, host: string, facts: object): Promise<Claim | null>;
  finish(
    attemptId: number,
    secret: Buffer,
    outcome: Outcome,
    logSeq: number,
    log: Buffer,
  ): Promise<FinishReply>;
  appendLog(attemptId: number, secret: Buffer, seq: number, content: Buffer): Promise<boolean>;
  /** False: the attempt is no longer wanted. */
  heartbeat(attemptId: number, secret: Buffer): Promise<boolean>;
  pushXCom(attemptId: number, secret: Buffer, key: string, value: Json): Promise<boolean>;
  pullXCom(attemptId: number, secret: Buffer, task: string, key: string): Promise<PulledXCom[]>;
  noteRendered(attemptId: number, secret: Buffer, rendered: Json): Promise<void>;
  bundle(attemptId: number, secret: Buffer): Promise<{ path: string; content: Buffer }[]>;
  close(): Promise<void>;
}

export interface Claim {
  assignment: Assignment;
  secret: Buffer;
}

export interface PulledXCom {
  mapIndex: number;
  value: Json;
}

export interface ReportOptions {
  url: string;
  leaseSeconds?: number;
  idleMs?: number;
  /** How long a finish keeps trying while the database is away; other calls: a tenth of it. */
  graceMs?: number;
  random?: () => number;
}

export class SqlReportClient implements ReportClient {
  readonly #url: string;
  readonly #lease: number;
  readonly #idleMs: number;
  readonly #graceMs: number;
  readonly #random: () => number;
  #client: Promise<pg.Client> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #busy = 0;
  #closed = false;

  constructor(options: ReportOptions) {
    this.#url = options.url;
    this.#lease = options.leaseSeconds ?? 300;
    this.#idleMs = options.idleMs ?? 10_000;
    this.#graceMs = options.graceMs ?? 600_000;
    this.#random = options.random ?? Math.random;
  }

  /** Starts to connect, so that the answer is there sooner; a failure shows at the first call. */
  connect(): void {
    const opening = (this.#client ??= this.#open());
    opening.catch(() => {});
  }

  async claim(
    attemptId: number,
    token: Buffer,
    host: string,
    facts: object,
  ): Promise<Claim | null> {
    const secret = randomBytes(32);
    const hash = createHash('sha256').update(secret).digest();
    const rows = await this.#call<{ assignment: Assignment | null }>(
      'report_claim',
      'SELECT report.claim($1, $2, $3, $4, $5, $6) AS assignment',
      [attemptId, token, hash, host, JSON.stringify(facts), this.#lease],
    );
    const assignment = rows[0]?.assignment ?? null;
    return assignment && { assignment, secret };
  }

  async finish(
    attemptId: number,
    secret: Buffer,
    outcome: Outcome,
    logSeq: number,
    log: Buffer,
  ): Promise<FinishReply> {
    const rows = await this.#call<{ reply: FinishReply }>(
      'report_finish',
      'SELECT report.finish($1, $2, $3, $4, $5) AS reply',
      [attemptId, secret, JSON.stringify(outcome), logSeq, log],
      this.#graceMs,
    );
    return rows[0]?.reply ?? 'stale';
  }

  async appendLog(
    attemptId: number,
    secret: Buffer,
    seq: number,
    content: Buffer,
  ): Promise<boolean> {
    const rows = await this.#call<{ ok: boolean }>(
      'report_append_log',
      'SELECT report.append_log($1, $2, $3, $4) AS ok',
      [attemptId, secret, seq, content],
      this.#graceMs,
    );
    return rows[0]?.ok ?? false;
  }

  async heartbeat(attemptId: number, secret: Buffer): Promise<boolean> {
    const rows = await this.#call<{ ok: boolean }>(
      'report_heartbeat',
      'SELECT report.heartbeat($1, $2, $3) AS ok',
      [attemptId, secret, this.#lease],
    );
    return rows[0]?.ok ?? false;
  }

  async pushXCom(attemptId: number, secret: Buffer, key: string, value: Json): Promise<boolean> {
    const rows = await this.#call<{ ok: boolean }>(
      'report_push_xcom',
      'SELECT report.push_xcom($1, $2, $3, $4) AS ok',
      [attemptId, secret, key, JSON.stringify(value)],
    );
    return rows[0]?.ok ?? false;
  }

  pullXCom(attemptId: number, secret: Buffer, task: string, key: string): Promise<PulledXCom[]> {
    return this.#call<PulledXCom>(
      'report_pull_xcom',
      'SELECT map_index AS "mapIndex", value FROM report.pull_xcom($1, $2, $3, $4)',
      [attemptId, secret, task, key],
    );
  }

  async noteRendered(attemptId: number, secret: Buffer, rendered: Json): Promise<void> {
    await this.#call('report_note_rendered', 'SELECT report.note_rendered($1, $2, $3)', [
      attemptId,
      secret,
      JSON.stringify(rendered),
    ]);
  }

  bundle(attemptId: number, secret: Buffer): Promise<{ path: string; content: Buffer }[]> {
    return this.#call('report_bundle', 'SELECT path, content FROM report.bundle($1, $2)', [
      attemptId,
      secret,
    ]);
  }

  /** Not waited for by a process that ends: what closes the connection properly is sent at once. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#disconnect();
  }

  async #call<Row extends object>(
    name: string,
    text: string,
    values: unknown[],
    graceMs = this.#graceMs / 10,
  ): Promise<Row[]> {
    clearTimeout(this.#idle);
    this.#busy += 1;
    try {
      const deadline = performance.now() + graceMs;
      for (let n = 0; ; n += 1) {
        const opening = (this.#client ??= this.#open());
        try {
          const client = await opening;
          return (await client.query<Row>({ name, text, values })).rows;
        } catch (error) {
          if (!isPassing(error)) throw error;
          this.#drop(opening);
          const pause = backoff(n, this.#random);
          if (this.#closed || performance.now() + pause > deadline) throw error;
          await sleep(pause);
        }
      }
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) {
        this.#idle = setTimeout(() => void this.#disconnect(), this.#idleMs).unref();
      }
    }
  }

  #open(): Promise<pg.Client> {
    const opening = this.#connect(() => this.#drop(opening));
    return opening;
  }

  async #connect(lost: () => void): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'podline worker',
      connectionTimeoutMillis: 10_000,
      query_timeout: 60_000,
      keepAlive: true,
    });
    // Without a listener, a connection lost between two calls would end the process.
    client.on('error', lost);
    await client.connect();
    // The runner lives by its channel to the supervisor; an open connection is no reason to stay.
    (client as pg.Client & { unref(): void }).unref();
    return client;
  }

  #drop(opening: Promise<pg.Client>): void {
    if (this.#client === opening) this.#client = undefined;
    opening.then((client) => client.end()).catch(() => {});
  }

  async #disconnect(): Promise<void> {
    clearTimeout(this.#idle);
    const opening = this.#client;
    this.#client = undefined;
    await opening?.then((client) => client.end()).catch(() => {});
  }
}
