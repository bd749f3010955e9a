/**
 * Whether a loop of this process is still going round. It beats from inside; probes ask for its age. The database is
 * no part of it: a loop that waits for the database goes round, too.
 */
export class Heartbeat {
  readonly #limitSeconds: number;
  readonly #now: () => number;
  #at: number;

  constructor(limitSeconds: number, now: () => number = () => performance.now()) {
    this.#limitSeconds = limitSeconds;
    this.#now = now;
    this.#at = now();
  }

  beat(): void {
    this.#at = this.#now();
  }

  get ageSeconds(): number {
    return (this.#now() - this.#at) / 1000;
  }

  /** What is wrong; null while it is young. */
  problem(): string | null {
    if (this.ageSeconds <= this.#limitSeconds) return null;
    return `no sign of life for ${Math.round(this.ageSeconds)} s`;
  }
}
