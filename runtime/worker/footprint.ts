/**
 * What a task body may leave behind in the process that ran it, as far as it can be seen. The runner
 * compares before and after; a difference means that the process is not used again.
 */
/** Resources that keep a process busy and that the worker itself never leaves behind. */
const COUNTED = new Set([
  'Timeout',
  'Immediate',
  'TCPSocketWrap',
  'TCPServerWrap',
  'TLSWrap',
  'UDPWrap',
  'PipeWrap',
  'PipeServerWrap',
  'ProcessWrap',
  'MessagePort',
  'FSEventWrap',
  'StatWatcher',
  'SignalWrap',
]);

export const HEAP_GROWTH = 128 * 1024 * 1024;

export interface Footprint {
  resources: string;
  cwd: string;
  environment: string;
  globals: number;
  listeners: number;
}

/** About 0.05 ms. */
export function footprint(): Footprint {
  return {
    resources: activeResources(),
    cwd: process.cwd(),
    environment: JSON.stringify(process.env),
    globals: Reflect.ownKeys(globalThis).length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

/** Names what differs; nothing when the process is as clean as before. */
export function traces(before: Footprint, after: Footprint): string[] {
  const found: string[] = [];
  if (after.resources !== before.resources) found.push('open handles or timers');
  if (after.cwd !== before.cwd) found.push('another working directory');
  if (after.environment !== before.environment) found.push('a changed environment');
  if (after.globals !== before.globals) found.push('new global variables');
  if (after.listeners !== before.listeners) found.push('listeners of the process');
  return found;
}

function activeResources(): string {
  return process
    .getActiveResourcesInfo()
    .filter((name) => COUNTED.has(name))
    .sort()
    .join(' ');
}
