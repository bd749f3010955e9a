/** Small helps to take answers of the API: whole lists, what is not there, times. Used by everything in remote/. */
import { PodlineError } from '../../../src/errors.ts';

/** What the API gives at a time at most. */
const MOST = 1_000;

export async function told<T>(call: Promise<{ data?: T }>): Promise<T> {
  // The client throws what is no good answer, and 204 has none.
  return (await call).data as T;
}

/** Page after page, `limit` items at most. */
export async function pages<T>(
  limit: number,
  read: (page: { limit: number; cursor?: string }) => Promise<{ items: T[]; next: string | null }>,
): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await read({ limit: Math.min(MOST, limit - all.length), cursor });
    all.push(...items);
    if (next === null || all.length >= limit) return all;
    cursor = next;
  }
}

/** Undefined instead of an error that says that nothing is there. */
export async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof PodlineError && error.code.startsWith('not_found.')) return undefined;
    throw error;
  }
}

export function time(text: string): Date;
export function time(text: string | null): Date | null;
export function time(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
