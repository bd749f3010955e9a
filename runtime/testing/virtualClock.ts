/**
 * A clock for one test database: podline.now() then reads a table. The engine asks only the database for the
 * time, so a month of schedules passes as fast as its runs can be decided.
 */
import type { Database } from '../database/pool.ts';

export class VirtualClock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async install(database: Database, start: Date): Promise<VirtualClock> {
    await database.query('CREATE TABLE podline.test_clock (at timestamptz NOT NULL)');
    await database.query('INSERT INTO podline.test_clock VALUES ($1)', [start]);
    await database.query(
      `CREATE OR REPLACE FUNCTION podline.now() RETURNS timestamptz LANGUAGE sql STABLE
       SET search_path = pg_catalog AS $$ SELECT at FROM podline.test_clock $$`,
    );
    return new VirtualClock(database);
  }

  async now(): Promise<Date> {
    const { rows } = await this.#database.query<{ at: Date }>('SELECT at FROM podline.test_clock');
    return rows[0]?.at ?? new Date(0);
  }

  async set(at: Date): Promise<void> {
    await this.#database.query('UPDATE podline.test_clock SET at = $1', [at]);
  }
}
