/**
 * The task protocol (docs/task-protocol.md) for a container that no worker starts: facts and short inputs as
 * variables; inputs and params as files, which the node writes from annotations of the pod. Pure.
 */
import type { Json } from '../../src/plan/plan.ts';
import type { EnvVar } from '../../src/pods/manifest.ts';
import type { PodLaunch } from './podLaunch.ts';

export const INPUT_MOUNT = '/podline/input';

export interface PodProtocol {
  env: EnvVar[];
  annotations: Record<string, string>;
  /** Of a downwardAPI volume. */
  files: { path: string; fieldRef: { fieldPath: string } }[];
}

export function protocolOf(launch: PodLaunch, inputs: Record<string, Json>): PodProtocol {
  const { assignment, dagId, runId, taskId, mapIndex, number } = launch;
  const run = assignment?.run;
  const given: Record<string, string | number | null | undefined> = {
    PODLINE_DAG_ID: dagId,
    PODLINE_RUN_ID: runId,
    PODLINE_TASK_ID: taskId,
    PODLINE_MAP_INDEX: mapIndex,
    PODLINE_TRY: assignment?.attempt.try ?? number,
    PODLINE_LOGICAL_DATE: run?.logicalDate,
    PODLINE_INTERVAL_START: run?.intervalStart,
    PODLINE_INTERVAL_END: run?.intervalEnd,
    PODLINE_IDEMPOTENCY_KEY: `${dagId}/${runId}/${taskId}/${mapIndex}`,
    TRACEPARENT: assignment?.traceparent,
  };
  for (const [name, value] of Object.entries(inputs)) {
    if (typeof value === 'object' || String(value).length >= 32_768) continue;
    given[`PODLINE_INPUT_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`] = String(value);
  }
  const protocol: PodProtocol = { env: [], annotations: {}, files: [] };
  for (const [name, value] of Object.entries(given)) {
    if (value != null) protocol.env.push({ name, value: literal(String(value)) });
  }
  const params = run?.params ?? {};
  for (const [name, value] of Object.entries({ inputs, params })) {
    if (Object.keys(value).length === 0) continue;
    const key = `podline.dev/${name}`;
    const file = `${name}.json`;
    protocol.annotations[key] = JSON.stringify(value);
    protocol.files.push({
      path: file,
      fieldRef: { fieldPath: `metadata.annotations['${key}']` },
    });
    protocol.env.push({ name: `PODLINE_${name.toUpperCase()}`, value: `${INPUT_MOUNT}/${file}` });
  }
  return protocol;
}

/** Kubernetes replaces $(NAME) in values by other variables; what Podline hands on stays as it is. */
export function literal(value: string): string {
  return value.replaceAll('$(', '$$$$(');
}
