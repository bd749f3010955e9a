/**
 * An executor whose tasks do nothing: every attempt still claims with its token and finishes with its secret
 * through the report functions, as the worker role; many at a time in one statement. What is measured is the
 * scheduler and its database alone.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Launch } from '../../runtime/database/queries/launchAttempts.ts';
import { type Database, openPool } from '../../runtime/database/pool.ts';
import type { Executor } from '../../runtime/scheduler/tick.ts';

const SQL = `
WITH claimed AS MATERIALIZED (
  SELECT x.id, x.secret, report.claim(x.id, x.token, x.hash, 'bench', '{}', 60) AS assignment
    FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[]) AS x(id, token, secret, hash)
)
SELECT count(*) FILTER (WHERE reply = 'recorded')::int AS recorded
  FROM (SELECT report.finish(c.id, c.secret, '{"state": "success"}', 0, '') AS reply FROM claimed c
         WHERE c.assignment IS NOT NULL) f`;

export class NoopExecutor implements Executor {
  readonly name = 'local';
  readonly workerId = 'bench';
  readonly #worker: Database;
  readonly #slots: number;
  readonly #onReported: () => void;
  #running = 0;
  recorded = 0;

  constructor(workerUrl: string, slots: number, onReported: () => void) {
    this.#worker = openPool(workerUrl, { max: 2 });
    this.#slots = slots;
    this.#onReported = onReported;
  }

  freeSlots(): number {
    return this.#slots - this.#running;
  }

  start(launches: Launch[]): void {
    this.#running += launches.length;
    void this.#report(launches);
  }

  async close(): Promise<void> {
    await this.#worker.end();
  }

  async #report(launches: Launch[]): Promise<void> {
    const secrets = launches.map(() => randomBytes(32));
    const { rows } = await this.#worker.query<{ recorded: number }>({
      name: 'noop',
      text: SQL,
      values: [
        launches.map(({ attemptId }) => attemptId),
        launches.map(({ token }) => token),
        secrets,
        secrets.map((secret) => createHash('sha256').update(secret).digest()),
      ],
    });
    this.#running -= launches.length;
    this.recorded += rows[0]?.recorded ?? 0;
    this.#onReported();
  }
}
