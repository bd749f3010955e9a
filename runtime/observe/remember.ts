/**
 * An answer that is asked for often and costs something: asked anew at most so often, and never twice at once. Errors
 * are remembered, too.
 */
export function remember<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let oldAt = 0;
  return () => {
    if (answer && performance.now() < oldAt) return answer;
    // Until it is there, everybody waits for this one.
    oldAt = Infinity;
    const asked = Promise.resolve()
      .then(ask)
      .finally(() => {
        oldAt = performance.now() + milliseconds;
      });
    answer = asked;
    return asked;
  };
}
