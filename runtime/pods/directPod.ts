/** The pod of any image as a task (launch direct), as JSON for the API server. Pure; called by the kubernetes executor. */
import type { PodManifest } from '../../src/pods/manifest.ts';
import type { Rendered } from './render.ts';
import type { TaskPodInput } from './taskPod.ts';

/** Init container with restartPolicy Always that hands on the output file. */
export const OUTPUT_CONTAINER = 'podline-output';
export const OUTPUT_FOLDER = '/podline/output';

export interface DirectPodInput extends TaskPodInput {
  rendered: Rendered;
}

export function directPod(input: DirectPodInput): PodManifest {
  throw new Error(`not there yet: ${input.launch.taskId}`);
}
