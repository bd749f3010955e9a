/** Chance of the crash tests: a seed that is logged, PODLINE_CRASH_SEED repeats one. */

/** Numbers from 0 to 1 (mulberry32). */
export function seeded(): () => number {
  const given = process.env.PODLINE_CRASH_SEED;
  let state = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  console.log(`      PODLINE_CRASH_SEED=${state}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
