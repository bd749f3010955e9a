/**
 * Runs scenarios a few at a time, each a test of its own: most of one is waiting for a death to be noticed.
 * Each must have a database of its own, or bear the others on the same one.
 */
export function scenarios(
  atATime: number,
  list: readonly (readonly [name: string, work: () => Promise<void>])[],
): void {
  const results = new Map<string, Promise<void>>();
  before(() => {
    const turns = Array.from({ length: atATime }, () => Promise.resolve());
    for (const [at, [name, work]] of list.entries()) {
      const result = (turns[at % atATime] ?? Promise.resolve()).then(work);
      results.set(name, result);
      turns[at % atATime] = result.catch(() => {});
    }
  });
  for (const [name] of list) it(name, () => results.get(name));
  after(() => Promise.allSettled(results.values()).then(() => {}));
}
