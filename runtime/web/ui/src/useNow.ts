/** The present time for all that is shown relative to it: one timer for the whole page, a tick a second. */
import { useSyncExternalStore } from 'react';

const TICK_MS = 1000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** `isLive` false: the time of the first look, and no renders afterwards. */
export function useNow(isLive = true): number {
  return useSyncExternalStore(isLive ? subscribe : () => () => {}, () => now);
}
