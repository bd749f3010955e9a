/**
 * A stack that stands: its DAGs run by the CLI in a scheduler's pod, its objects looked at by kubectl. Made by the
 * tests from the outputs of their stacks.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../cluster/harness.ts';

export interface Place {
  /** Namespace of the control plane. */
  namespace: string;
  /** Namespace of tasks. */
  tasks: string;
  /** Deployment of the schedulers. */
  scheduler: string;
}

export interface RunReport {
  runId: string;
  state: string;
  tasks: { taskId: string; state: string; mapIndex: number }[];
}

export class Deployed {
  readonly place: Place;
  readonly #cluster: TestCluster;

  private constructor(cluster: TestCluster, place: Place) {
    this.#cluster = cluster;
    this.place = place;
  }

  /** Found by the outputs `namespace` and `taskNamespace` of its stack. */
  static async of(cluster: TestCluster, outputs: Record<string, unknown>): Promise<Deployed> {
    const text = (name: string): string => {
      const value = outputs[name];
      assert.equal(typeof value, 'string', `the stack has no output ${name}`);
      return value as string;
    };
    const [namespace, tasks] = [text('namespace'), text('taskNamespace')];
    const which = ['-n', namespace, '-l', 'app.kubernetes.io/component=scheduler'];
    const said = await cluster.kubectl('get', 'deployments', ...which, '-o', 'name');
    const scheduler = said.trim().split('/')[1];
    assert.ok(scheduler, `there are no schedulers in ${namespace}`);
    return new Deployed(cluster, { namespace, tasks, scheduler });
  }

  kubectl(...args: string[]): Promise<string> {
    return this.#cluster.kubectl(...args);
  }

  /** What the CLI says in a pod of the schedulers, as JSON. */
  async podline<T = unknown>(...args: string[]): Promise<T> {
    const { namespace, scheduler } = this.place;
    const there = ['exec', '-n', namespace, `deployment/${scheduler}`, '--'];
    const said = await this.kubectl(...there, 'podline', '--json', ...args);
    return JSON.parse(said) as T;
  }

  async trigger(dagId: string, params: Record<string, unknown> = {}): Promise<string> {
    const asked = ['--params', JSON.stringify(params)];
    const { runId } = await this.podline<{ runId: string }>('dags', 'trigger', dagId, ...asked);
    return runId;
  }

  run(dagId: string, runId: string): Promise<RunReport> {
    return this.podline<RunReport>('runs', 'show', dagId, runId);
  }

  /** The run when it is over. One look that waits; a new one when its pod was replaced meanwhile. */
  async ended(dagId: string, runId: string, seconds = 120): Promise<RunReport> {
    const { namespace, scheduler } = this.place;
    const there = ['exec', '-n', namespace, `deployment/${scheduler}`, '--'];
    // The exit code would say that the run failed; that is for the test to judge.
    const watch = ['sh', '-c', 'podline --json --quiet runs watch "$0" "$1" || true', dagId, runId];
    return until(`the end of ${dagId} ${runId}`, seconds, async () => {
      const run = JSON.parse(await this.kubectl(...there, ...watch)) as RunReport;
      return run.state === 'success' || run.state === 'failed' ? run : undefined;
    });
  }

  /** Image of the schedulers that serve. */
  schedulerImage(): Promise<string> {
    const { namespace, scheduler } = this.place;
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    return this.kubectl('get', 'deployment', scheduler, '-n', namespace, '-o', image);
  }

  /** Names of objects, as `kubectl -o name` says them. */
  async names(namespace: string, ...kinds: string[]): Promise<string[]> {
    const said = await this.kubectl('get', kinds.join(','), '-n', namespace, '-o', 'name');
    return said.split('\n').filter(Boolean);
  }
}

/** What `look` found, as soon as it finds something. A look that fails is one that found nothing. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    const found = await look().catch((error: unknown) => {
      last = error;
    });
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > end) {
      throw new Error(`not within ${seconds} s: ${what}`, { cause: last });
    }
    await sleep(200);
  }
}
