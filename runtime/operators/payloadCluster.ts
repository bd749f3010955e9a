/**
 * What pod and job share: the cluster as this worker's own configuration names it, and making an object that a lost
 * worker may have made before. Only workers that have a kubeconfig or run in a cluster can do it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../pods/apiError.ts';
import { type ClusterConfig, readClusters } from '../pods/clusterConfig.ts';
import { backoff } from '../worker/reconnect.ts';
import { badConfig } from './config.ts';
import { type OperatorContext, TaskFailure } from './operator.ts';

export async function clusterOf(
  context: OperatorContext,
  wanted: string | undefined,
): Promise<ClusterConfig> {
  const known = await readClusters(process.env);
  if (!known) {
    const problem =
      'its worker knows no cluster: set PODLINE_KUBECONFIG or PODLINE_CLUSTERS where the worker runs';
    throw badConfig(context, problem);
  }
  const name = wanted ?? known.default;
  const cluster = Object.hasOwn(known.clusters, name) ? known.clusters[name] : undefined;
  if (cluster) return cluster;
  const names = Object.keys(known.clusters).join(', ');
  throw badConfig(context, `its worker knows no cluster "${name}"; it knows ${names}`);
}

export interface Made<Facts> {
  create(): Promise<Facts>;
  get(): Promise<Facts | null>;
  /** What is there can be used; otherwise it is removed and made anew. */
  isUsable(found: Facts): boolean;
  remove(found: Facts): Promise<unknown>;
}

/** The object, new or found. Waits while the cluster is away, throttles, or has no quota left. */
export async function make<Facts>(
  context: OperatorContext,
  what: string,
  steps: Made<Facts>,
): Promise<Facts> {
  let told = '';
  for (let n = 0; ; n += 1) {
    context.signal.throwIfAborted();
    try {
      return await steps.create();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'exists') {
        const found = await steps.get().catch(() => null);
        if (found && steps.isUsable(found)) {
          context.log(`${what} is there already, from a worker that was lost: going on with it`);
          return found;
        }
        if (found) await steps.remove(found);
      } else if (!error.retryable) {
        const isRefused = error.kind === 'admission' || error.kind === 'invalid';
        const cause = isRefused ? 'admission' : 'launch_failed';
        throw new TaskFailure(cause, `${what} was refused: ${error.message}`, { cause: error });
      } else if (told !== error.message) {
        told = error.message;
        context.log(`${what} cannot be created yet: ${error.message}`);
      }
      await sleep(backoff(n, Math.random), undefined, { signal: context.signal });
    }
  }
}

/** Tries for a short time, also while the task is being stopped; says what stays behind. */
export async function takeAway(
  context: OperatorContext,
  what: string,
  remove: () => Promise<unknown>,
): Promise<void> {
  for (let n = 0; n < 8; n += 1) {
    try {
      await remove();
      return;
    } catch (error) {
      const { message } = error as Error;
      const isFinal = !(error instanceof ApiError) || !error.retryable || n === 7;
      if (isFinal) {
        context.log(`${what} could not be removed and stays: ${message}`);
        return;
      }
      await sleep(backoff(n, Math.random));
    }
  }
}
