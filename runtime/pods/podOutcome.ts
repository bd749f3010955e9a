/**
 * How an attempt in a direct pod ended, told from the last facts about its pod (pure). Called by the
 * kubernetes executor for a terminal pod, and by the pod operator of workers. The main container's own end
 * counts; what the cluster did to the pod afterwards does not.
 */
import { PodlineError } from '../../src/errors.ts';
import type { Cause } from '../../src/model/causes.ts';
import type { Json, PlanTask } from '../../src/plan/plan.ts';
import type { Outcome } from '../worker/assignment.ts';
import { checkOutput, mapLengthOf } from '../worker/output.ts';
import { OUTPUT_CONTAINER, readOutputMessage } from './outputMessage.ts';
import type { PodFacts, PodFailure } from './podFacts.ts';

/** The kubelet cuts a termination message here. */
const MESSAGE_LIMIT = 4096;

/** A pod whose main container has ended, or that will never run it. */
export function outcomeOfPod(
  pod: PodFacts,
  task: Pick<PlanTask, 'id' | 'config' | 'executionTimeout'>,
): Outcome {
  const { main, failure } = pod;
  const ended = main.state === 'terminated';
  if (ended && main.exitCode === 0) return { exitCode: 0, ...outputOf(pod, task) };
  const itself = failure === null || failure.cause === 'exit_code';
  if (ended && itself && main.exitCode !== undefined && skipCodes(task).includes(main.exitCode)) {
    const { exitCode } = main;
    return { state: 'skipped', exitCode, message: `exit code ${exitCode}` };
  }
  return failedOutcome(failure ?? unknownEnd(pod), pod, task);
}

function outputOf(pod: PodFacts, task: Pick<PlanTask, 'id' | 'config'>): Outcome {
  switch (task.config.output) {
    case 'message':
      return outputOfMessage(pod.main.message, task.id);
    case 'file':
      return outputOfSidecar(pod);
    default:
      return { state: 'success' };
  }
}

function outputOfMessage(text: string | undefined, task: string): Outcome {
  if (text === undefined || text.trim() === '') return { state: 'success' };
  let xcom: Json;
  try {
    xcom = checkOutput(JSON.parse(text), task);
  } catch (error) {
    const cut = Buffer.byteLength(text) >= MESSAGE_LIMIT;
    const reason = cut
      ? `the termination message has ${MESSAGE_LIMIT} bytes, its limit, and was probably cut; larger outputs go by file`
      : `the termination message cannot be parsed (${(error as Error).message})`;
    return failed('xcom', new PodlineError('xcom.not_json', { task, reason }).message);
  }
  return { state: 'success', xcom, mapLength: mapLengthOf(xcom) };
}

/** The sidecar has stored it already, under the fence of this attempt's token. */
function outputOfSidecar(pod: PodFacts): Outcome {
  const sidecar = pod.others.find(({ name }) => name === OUTPUT_CONTAINER);
  const said = readOutputMessage(sidecar?.message);
  if (said?.output === 'stored' || said?.output === 'none') return { state: 'success' };
  if (said) return failed(said.cause ?? 'xcom', said.message ?? 'The output could not be stored.');
  const how =
    sidecar?.exitCode === undefined ? 'has not ended' : `ended with exit code ${sidecar.exitCode}`;
  return failed(
    'worker_lost',
    `The program succeeded, but the container ${OUTPUT_CONTAINER}, which stores its output, ${how} and did not say that it did.`,
  );
}

function failedOutcome(
  { cause, message, exitCode }: PodFailure,
  pod: PodFacts,
  task: Pick<PlanTask, 'config' | 'executionTimeout'>,
): Outcome {
  const words = cause === 'timeout' ? timeoutWords(task, message) : sentence(message);
  // What the program left for its end, or with FallbackToLogsOnError its last lines.
  const own = ['exit_code', 'signal', 'error'].includes(cause) ? pod.main.message?.trim() : '';
  const outcome = failed(cause, own ? `${words} Its last words:\n${own}` : words);
  return exitCode === undefined ? outcome : { ...outcome, exitCode };
}

function timeoutWords({ executionTimeout }: Pick<PlanTask, 'executionTimeout'>, message: string) {
  return executionTimeout === undefined
    ? sentence(message)
    : new PodlineError('task.timeout', { seconds: executionTimeout }).problem;
}

function unknownEnd(pod: PodFacts): PodFailure {
  const { main } = pod;
  const how =
    main.state === 'terminated'
      ? `it ended with exit code ${main.exitCode}`
      : `the pod is ${pod.phase} and its container never ended`;
  return { cause: main.state === 'terminated' ? 'exit_code' : 'launch_failed', message: how };
}

function skipCodes({ config }: Pick<PlanTask, 'config'>): Json[] {
  return Array.isArray(config.skipOnExitCode) ? config.skipOnExitCode : [];
}

function failed(cause: Cause, message: string): Outcome {
  return { state: 'failed', cause, message };
}

/** `it ended with exit code 3` as a sentence of its own. */
function sentence(words: string): string {
  const text = `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
