/** Waits until a session of this database waits for a lock: for tests of what two transactions do to one row. */
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../runtime/database/pool.ts';

export async function lockWait(database: Database): Promise<void> {
  for (;;) {
    const { rows } = await database.query<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock') AS waits`,
    );
    if (rows[0]?.waits === true) return;
    // PostgreSQL tells nobody of it; who is awaited needs the processor, too.
    await setTimeout(5);
  }
}
