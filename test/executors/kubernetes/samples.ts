/** Attempts, tasks and facts of pods for the tests of the executor, with what a case does not speak of filled in. */
import type { PlanTask } from '../../../src/plan/plan.ts';
import type { ContainerFacts, PodFacts } from '../../../runtime/pods/podFacts.ts';
import type { Situation } from '../../../runtime/executors/kubernetes/reconcile.ts';

export function task(given: Partial<PlanTask>): PlanTask {
  return {
    id: 'load',
    operator: 'bash',
    config: {},
    inputs: {},
    references: { xcoms: [], variables: [], connections: [] },
    upstream: [],
    triggerRule: 'all_success',
    env: {},
    retries: {
      max: 0,
      delay: 1,
      factor: 1,
      maxDelay: 1,
      jitter: 0,
      infrastructure: 3,
      rules: [],
    },
    pool: 'default_pool',
    poolSlots: 1,
    priority: 1,
    dependsOnPast: false,
    executor: 'kubernetes',
    setup: false,
    callbacks: {},
    ...given,
  };
}

export function pod(
  given: Omit<Partial<PodFacts>, 'main'> & { main?: Partial<ContainerFacts> },
): PodFacts {
  return {
    cluster: 'here',
    namespace: 'tasks',
    name: 'etl-load-0123456789abcdef',
    uid: 'u1',
    resourceVersion: '1',
    installation: 'i1',
    attemptId: 7,
    look: 1,
    kind: 'worker',
    createdAt: '2026-01-01T00:00:00Z',
    phase: 'Pending',
    node: 'node1',
    deleting: false,
    terminal: false,
    others: [],
    waiting: null,
    failure: null,
    ...given,
    main: { name: 'task', kind: 'main', state: 'waiting', restarts: 0, ...given.main },
  };
}

export function situation(given: Partial<Situation>): Situation {
  return {
    state: 'launching',
    gone: false,
    direct: false,
    task: task({ executionTimeout: 60 }),
    attemptId: 7,
    pod: 'unknown',
    last: null,
    rowIsFresh: false,
    creating: false,
    created: 0,
    ages: { pod: 1, stuck: null, running: null, deleting: null, over: null },
    limits: { startup: 600, imagePull: 60, execution: 60, grace: 30 },
    ...given,
  };
}
