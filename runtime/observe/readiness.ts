/**
 * Whether a process should get work: it has started, is not being stopped, and its database answers at this version. The
 * database is asked at most once a second, however often probes ask. Used by the health endpoints and the webserver.
 */
import { databaseTrouble } from './databaseTrouble.ts';
import { remember } from './remember.ts';

const ASK_EVERY_MS = 1_000;

export class Readiness {
  #reason: string | null = 'it is starting';
  #check: () => Promise<void> = () => Promise.resolve();
  #goodSince: number | null = null;

  /** Why it has not started yet. */
  waiting(reason: string): void {
    this.#reason = `it is starting: ${reason}`;
  }

  /** From now on `check` decides; it throws what is wrong. */
  started(check: () => Promise<void>): void {
    this.#check = remember(ASK_EVERY_MS, check);
    this.#reason = null;
  }

  stopping(): void {
    this.#reason = 'it is being stopped';
  }

  /** How long the database has answered without a gap, as far as anybody asked. */
  get goodSeconds(): number {
    return this.#goodSince === null ? 0 : (performance.now() - this.#goodSince) / 1000;
  }

  /** What is wrong; null when it is ready. */
  async problem(): Promise<string | null> {
    if (this.#reason !== null) return this.#reason;
    try {
      await this.#check();
      this.#goodSince ??= performance.now();
      return this.#reason;
    } catch (error) {
      this.#goodSince = null;
      return databaseTrouble(error);
    }
  }
}
