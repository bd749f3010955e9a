/**
 * Whether the kernel has ended a process of this container for using more memory than it may. The worker
 * of a pod asks before and after its task: an exit code 137 or a SIGKILL alone could be anybody's.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from './assignment.ts';

/** What a container sees of its own control group: version 2, and version 1. */
const COUNTERS = ['memory.events', 'memory/memory.oom_control'];

/** Processes ended so far, or null when this system does not say. */
export function oomKills(folder = '/sys/fs/cgroup'): number | null {
  for (const file of COUNTERS) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(`${folder}/${file}`, 'utf8'))?.[1];
      if (count !== undefined) return Number(count);
    } catch {
      // The other version, or none.
    }
  }
  return null;
}

/**
 * The worker outlives its task: the program of a task is the first that the kernel takes. Everybody may
 * raise the score of an own process; what it starts later inherits it.
 */
export function preferForOom(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // Already gone, or no Linux: it is a preference.
  }
}

/** A failure by exit code or signal is `oom` when the kernel has ended processes meanwhile. */
export function outcomeAfterOom(
  outcome: Outcome,
  before: number | null,
  after: number | null,
): Outcome {
  const byProcess = outcome.cause === 'exit_code' || outcome.cause === 'signal';
  if (before === null || after === null || after <= before || !byProcess) return outcome;
  const killed = after - before;
  const how =
    killed === 1
      ? 'A process of the task used more memory than the container may, and the kernel ended it.'
      : `${killed} processes of the task were ended by the kernel: together they used more memory than the container may.`;
  return { ...outcome, cause: 'oom', message: how };
}
