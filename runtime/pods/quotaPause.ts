/**
 * Namespaces whose quota is used up (pure, time is an argument): one create at a time, and about one try a second
 * while there is no room. Other namespaces do not notice. Used by apiQueue.ts.
 */

/** Between tries. */
const TRY_MS = 1000;
/** So long after the last refusal a namespace is asked one by one: a burst would only be refused. */
const CAREFUL_MS = 30_000;

export class QuotaPause {
  readonly #refusedAt = new Map<string, { at: number; until: number }>();

  refused(namespace: string, now: number, chance: number): void {
    this.#refusedAt.set(namespace, { at: now, until: now + TRY_MS * (1 + chance / 5) });
  }

  /** Whether a create may begin; `running`: creates of this namespace under way. */
  allows(namespace: string, now: number, running: number): boolean {
    const entry = this.#refusedAt.get(namespace);
    if (entry === undefined) return true;
    if (now - entry.at >= CAREFUL_MS) {
      this.#refusedAt.delete(namespace);
      return true;
    }
    return now >= entry.until && running === 0;
  }

  /** When a namespace that waits may be tried next; Infinity when none waits for time. */
  nextAt(now: number): number {
    let next = Infinity;
    for (const { until } of this.#refusedAt.values()) {
      if (until > now) next = Math.min(next, until);
    }
    return next;
  }

  namespaces(now: number): string[] {
    return [...this.#refusedAt].filter(([, { until }]) => until > now).map(([name]) => name);
  }
}
