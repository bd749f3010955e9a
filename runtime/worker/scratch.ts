/**
 * Where a worker in a pod may write. Its root file system is read-only and it gets no volume from the kubelet, which
 * would wait 0.3 s for it: the image declares /tmp as a volume, which the container runtime makes at once. Where a
 * runtime does not, /dev/shm is there in every pod. Called by once.ts, before anything asks for the folder of temporary files.
 */
import { accessSync, constants } from 'node:fs';

const FALLBACK = '/dev/shm';

/** Sets TMPDIR, and HOME where it is of no use, for this process and those of the task. */
export function chooseScratch(
  env: Record<string, string | undefined>,
  writable: (folder: string) => boolean = isWritable,
): void {
  const wanted = env.TMPDIR || '/tmp';
  const folder = writable(wanted) || !writable(FALLBACK) ? wanted : FALLBACK;
  env.TMPDIR = folder;
  if (env.HOME === undefined || !writable(env.HOME)) env.HOME = folder;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
