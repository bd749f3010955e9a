/**
 * Looks that are known to be over, so that a row which was read a moment before is not believed. Remembers the last
 * few thousand: a query is not under way for longer than that. Kept by tending.ts.
 */
const MOST = 5_000;

export class EndedLooks {
  readonly #looks = new Map<number, number>();

  add(attemptId: number, look: number): void {
    this.#looks.delete(attemptId);
    this.#looks.set(attemptId, look);
    if (this.#looks.size <= MOST) return;
    const [oldest] = this.#looks.keys();
    if (oldest !== undefined) this.#looks.delete(oldest);
  }

  has(attemptId: number, look: number): boolean {
    return (this.#looks.get(attemptId) ?? -1) >= look;
  }
}
