/**
 * Whether a warm worker is alive, from the file that it touches with every good beat. A beat needs the database, and a
 * database that is away must end no workers: old beats count against it only where the database has answered the probes
 * of readiness all the while.
 */
import fs from 'node:fs/promises';
import type { Readiness } from './readiness.ts';

const SILENCE_SECONDS = 120;
/** After an outage: time to beat again. */
const CALM_SECONDS = 30;

/** Null before the first beat and from the drain on: then there is no file. */
export async function beatAge(file: string): Promise<number | null> {
  const found = await fs.stat(file).catch(() => undefined);
  return found ? Math.max(0, (Date.now() - found.mtimeMs) / 1000) : null;
}

export async function workerProblem(
  file: string,
  readiness: Pick<Readiness, 'goodSeconds'>,
): Promise<string | null> {
  const age = await beatAge(file);
  if (age === null || age <= SILENCE_SECONDS) return null;
  if (readiness.goodSeconds < CALM_SECONDS) return null;
  return `no heartbeat for ${Math.round(age)} s, though the database answers`;
}
