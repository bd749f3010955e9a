/**
 * `podline tasks pod`: the pod that a scheduler would make for a task now, as YAML or JSON, with the cluster's
 * template and the task's overrides merged; and all that the cluster would refuse about it.
 */
import { dump } from 'js-yaml';
import { PodlineError } from '../../../src/errors.ts';
import { isDirect } from '../../../src/plan/podOptions.ts';
import type { Built } from '../../pods/basePod.ts';
import type { ClusterConfig } from '../../pods/clusterConfig.ts';
import { buildDirectPod } from '../../pods/directPod.ts';
import { withHiddenToken } from '../../pods/hiddenToken.ts';
import type { PodLaunch } from '../../pods/podLaunch.ts';
import { closeSandbox, renderInSandbox } from '../../pods/render.ts';
import { buildTaskPod, type TaskPodInput } from '../../pods/taskPod.ts';
import type { Assignment } from '../../worker/assignment.ts';
import { findCluster } from '../clusters/clusters.ts';
import { EXIT } from '../exit.ts';
import type { Session } from '../session.ts';
import { makeTrial, type TrialOptions } from './trial.ts';

interface Options extends TrialOptions {
  cluster?: string;
}

/** Stands where every attempt has a token of its own. */
const TOKEN = 'ONE-TIME-TOKEN';

export async function showPod(
  session: Session,
  names: readonly [string, string],
  options: Options,
): Promise<number> {
  const { output } = session;
  const { assignment } = await makeTrial(session, names, options);
  const { task } = assignment;
  const cluster = await findCluster(options.cluster ?? task.pod?.cluster);
  const { pod, problems } = await build(cluster, launchOf(assignment));
  const shown = withHiddenToken(pod, TOKEN);
  if (output.json) output.printJson({ cluster: cluster.name, pod: shown, problems });
  else output.write(dump(shown, { lineWidth: 120, noRefs: true }));
  if (/^(local|pool:)/.test(task.executor)) {
    session.say(
      `Task ${task.id} runs on executor ${task.executor}: it gets this pod only with executor kubernetes.`,
    );
  }
  if (problems.length === 0) return EXIT.ok;
  if (!output.json) {
    for (const { path, problem } of problems) output.note(`problem: ${path}: ${problem}`);
  }
  return EXIT.badInput;
}

async function build(cluster: ClusterConfig, launch: PodLaunch): Promise<Built> {
  const { task, assignment } = launch;
  const input: TaskPodInput = { cluster, installation: 'none', launch, token: Buffer.alloc(0) };
  if (!isDirect(task) || assignment === null) return buildTaskPod(input);
  try {
    const rendered = await renderInSandbox(assignment);
    if (!('failure' in rendered)) return buildDirectPod({ ...input, rendered });
    throw new PodlineError('task.bad_config', { task: task.id, problem: rendered.failure.message });
  } finally {
    await closeSandbox();
  }
}

function launchOf(assignment: Assignment): PodLaunch {
  const { attempt, instance, run, task } = assignment;
  return {
    attemptId: attempt.id,
    look: task.sensor ? attempt.look : 0,
    number: attempt.number,
    runId: run.runId,
    dagId: run.dagId,
    taskId: task.id,
    mapIndex: instance.mapIndex,
    nonce: Buffer.alloc(0),
    task,
    assignment,
  };
}
