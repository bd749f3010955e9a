/**
 * Logs of pods into the database while they are written: main container of direct pods, init and sidecar
 * containers of all. Used by the kubernetes executor. Logs never gate a state: what cannot be read is said and left.
 */
import type { Pool } from 'pg';
import type { Log } from '../observe/log.ts';
import type { PodClient } from './podClient.ts';
import type { PodFacts } from './podFacts.ts';

export interface PodLogsOptions {
  database: Pool;
  /** By name of the cluster; undefined: not configured here (any more). */
  client(cluster: string): PodClient | undefined;
  log: Log;
  /** Most streams that are held open; further containers are read when their pod ends. Default 200. */
  maxStreams?: number;
  /** Bytes stored of each container. Default 64 MB. */
  capBytes?: number;
}

export class PodLogs {
  constructor(options: PodLogsOptions) {
    void options;
  }

  /** Called with every change of a pod, at once: begins with its containers as they start. */
  follow(pod: PodFacts): void {
    throw new Error(`not there yet: ${pod.name}`);
  }

  /** Reads what is left, for at most 10 s; after that the pod may be deleted. Never throws. */
  finish(pod: PodFacts): Promise<void> {
    return Promise.reject(new Error(`not there yet: ${pod.name}`));
  }

  /** The pod is gone: forgets it. */
  forget(pod: PodFacts): void {
    void pod;
  }

  async stop(): Promise<void> {}
}
