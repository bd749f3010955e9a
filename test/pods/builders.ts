/** A cluster, a launch and rendered values for the tests of the builders of pods. */
import type { ClusterConfig } from '../../runtime/pods/clusterConfig.ts';
import type { PodLaunch } from '../../runtime/pods/podLaunch.ts';
import type { Rendered } from '../../runtime/pods/render.ts';
import type { PodConfig } from '../../src/operators/pod.ts';
import type { JsonObject, PlanTask } from '../../src/plan/plan.ts';
import { assignment, planTask } from '../worker/fixture.ts';

export const TOKEN = Buffer.alloc(32, 0xab);
export const INSTALLATION = '0b2b0d2e-0000-4000-8000-000000000001';

export function clusterConfig(part: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    name: 'home',
    namespaces: ['etl', 'heavy'],
    image: 'registry.example/team/runtime:2',
    workerDatabaseSecret: 'podline-worker-database',
    serviceAccounts: [],
    keepPods: 'never',
    maxPods: 500,
    startupTimeout: 600,
    imagePullGrace: 60,
    ...part,
  };
}

export function podLaunch(
  task: Partial<PlanTask> = {},
  part: Partial<PodLaunch> = {},
  params: JsonObject = {},
): PodLaunch {
  const whole = planTask({ operator: 'bash', executor: 'kubernetes', ...task });
  const given = assignment(whole);
  return {
    attemptId: 12,
    look: 0,
    number: 2,
    runId: 'scheduled__2026-01-01T00:00:00Z',
    dagId: 'Sales.Daily',
    taskId: whole.id,
    mapIndex: -1,
    nonce: Buffer.alloc(16),
    task: whole,
    assignment: { ...given, run: { ...given.run, params } },
    ...part,
  };
}

/** Of a direct pod whose templates have been rendered. */
export function rendered(
  config: Partial<PodConfig> = {},
  env: Record<string, string> = {},
): Rendered {
  const whole: PodConfig = {
    launch: 'direct',
    image: 'team/tool:1',
    output: 'none',
    skipOnExitCode: [99],
    logs: 'all',
    pod: {},
    ...config,
  };
  return { config: whole as unknown as JsonObject, env };
}
