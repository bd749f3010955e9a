/** Kubernetes Jobs of one cluster: create, get, remove, and the wait for the end. Used by the job operator; throws ApiError. */
import { ApiConnection } from './apiConnection.ts';
import { ApiError } from './apiError.ts';
import type { ClusterConfig } from './clusterConfig.ts';

export interface JobFacts {
  name: string;
  uid: string;
  resourceVersion: string;
  labels: Record<string, string>;
  /** Asked to go. */
  deleting: boolean;
  suspended: boolean;
  active: number;
  succeeded: number;
  failed: number;
  end: { state: 'complete' | 'failed'; reason: string; message: string } | null;
}

/** A watch that says nothing for longer may be dead; the Job is read again. */
const WATCH_SECONDS = 30;

export class JobClient {
  readonly #api: ApiConnection;

  static async open(cluster: ClusterConfig): Promise<JobClient> {
    return new JobClient(await ApiConnection.open(cluster));
  }

  constructor(api: ApiConnection) {
    this.#api = api;
  }

  async create(namespace: string, job: object): Promise<JobFacts> {
    return factsOfJob(await this.#api.json({ method: 'POST', path: pathOf(namespace), body: job }));
  }

  async get(namespace: string, name: string): Promise<JobFacts | null> {
    try {
      return factsOfJob(await this.#api.json({ method: 'GET', path: pathOf(namespace, name) }));
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'not_found') return null;
      throw error;
    }
  }

  /** Its pods go first. False: there is no such Job (any more). */
  async remove(namespace: string, name: string, uid: string): Promise<boolean> {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions: { uid },
    };
    try {
      await this.#api.json({ method: 'DELETE', path: pathOf(namespace, name), body });
      return true;
    } catch (error) {
      const isGone = error instanceof ApiError && ['not_found', 'conflict'].includes(error.kind);
      if (isGone) return false;
      throw error;
    }
  }

  /** Until something about the Job changes, or some seconds have passed. */
  async changed(namespace: string, job: JobFacts, signal: AbortSignal): Promise<void> {
    const stream = await this.#api.stream({
      method: 'GET',
      path: pathOf(namespace),
      query: {
        watch: true,
        fieldSelector: `metadata.name=${job.name}`,
        resourceVersion: job.resourceVersion,
        timeoutSeconds: WATCH_SECONDS,
      },
      timeoutMs: (WATCH_SECONDS + 10) * 1000,
      signal,
    });
    // The server may be gone without a word.
    const timer = setTimeout(() => stream.destroy(), (WATCH_SECONDS + 10) * 1000);
    try {
      for await (const _ of stream) break;
    } finally {
      clearTimeout(timer);
      stream.destroy();
    }
  }

  close(): void {
    this.#api.close();
  }
}

interface JobJson {
  metadata?: {
    name?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    deletionTimestamp?: string;
  };
  spec?: { suspend?: boolean };
  status?: {
    active?: number;
    succeeded?: number;
    failed?: number;
    conditions?: { type?: string; status?: string; reason?: string; message?: string }[];
  };
}

export function factsOfJob(json: unknown): JobFacts {
  const { metadata = {}, spec = {}, status = {} } = json as JobJson;
  const ended = status.conditions?.find(
    ({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    labels: metadata.labels ?? {},
    deleting: metadata.deletionTimestamp !== undefined,
    suspended: spec.suspend ?? false,
    active: status.active ?? 0,
    succeeded: status.succeeded ?? 0,
    failed: status.failed ?? 0,
    end: ended
      ? {
          state: ended.type === 'Complete' ? 'complete' : 'failed',
          reason: ended.reason ?? '',
          message: ended.message ?? '',
        }
      : null,
  };
}

function pathOf(namespace: string, name?: string): string {
  const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}
