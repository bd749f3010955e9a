/**
 * Logs of the pods that a task made, into the task's own log: the main container as it is, other containers and, of
 * a Job with several pods, each pod behind its `[name] `. Used by pod.ts and job.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PodClient } from '../pods/podClient.ts';
import type { ContainerFacts, PodFacts } from '../pods/podFacts.ts';
import { PodLogReader } from '../pods/podLogReader.ts';
import { LogTarget } from '../pods/podLogStore.ts';
import type { WantedLogs } from '../pods/podLogs.ts';
import type { OperatorContext } from './operator.ts';

const MOST_STREAMS = 20;
const FINISH_MS = 10_000;

export interface PayloadLogsOptions {
  client: PodClient;
  context: Pick<OperatorContext, 'log' | 'write'>;
  wanted: WantedLogs;
  /** Of a pod's lines, beside the container's name. */
  podName(pod: PodFacts): string | undefined;
}

export class PayloadLogs {
  readonly #options: PayloadLogsOptions;
  readonly #readers = new Map<string, PodLogReader>();
  #open = 0;

  constructor(options: PayloadLogsOptions) {
    this.#options = options;
  }

  /** Called with every change of a pod. */
  follow(pod: PodFacts): void {
    const { wanted } = this.#options;
    if (wanted === 'none') return;
    for (const container of [pod.main, ...pod.others]) {
      if (container.state !== 'running' && container.state !== 'terminated') continue;
      if (wanted !== 'all' && !wanted.includes(container.name)) continue;
      const reader = this.#readers.get(keyOf(pod, container));
      if (reader) reader.update(container, pod.terminal);
      else if (pod.terminal || this.#open < MOST_STREAMS) this.#read(pod, container);
    }
  }

  /** What is left, for a short time. */
  async finish(): Promise<void> {
    const late = new AbortController();
    const readers = [...this.#readers.values()];
    await Promise.race([
      Promise.all(readers.map(({ done }) => done)),
      sleep(FINISH_MS, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
    for (const reader of readers) reader.stop();
  }

  #read(pod: PodFacts, container: ContainerFacts): void {
    const { client, context, podName } = this.#options;
    const names = [podName(pod), container.kind === 'main' ? undefined : container.name];
    const name = names.filter((part) => part !== undefined).join('/');
    const target = new LogTarget(0, container.name, 0);
    const reader = new PodLogReader(pod, container, pod.terminal, {
      client,
      attemptId: 0,
      source: container.name,
      capBytes: Infinity,
      log: {
        info: () => {},
        warn: (fields, message) => context.log(`${message}: ${JSON.stringify(fields)}`),
        error: (fields, message) => context.log(`${message}: ${JSON.stringify(fields)}`),
      },
      store: {
        open: () => Promise.resolve({ target, position: target.position }),
        add(_target, content, position) {
          target.position = position;
          return context.write('stdout', name === '' ? content : prefixed(content, name));
        },
        drained: () => Promise.resolve(),
      },
    });
    this.#readers.set(keyOf(pod, container), reader);
    this.#open += 1;
    void reader.done.then(() => (this.#open -= 1));
  }
}

function keyOf(pod: PodFacts, { name, restarts }: ContainerFacts): string {
  return `${pod.uid}/${name}/${restarts}`;
}

/** Readers hand on whole lines, but for a last one without its end. */
function prefixed(content: Buffer, name: string): Buffer {
  const text = content.toString('latin1');
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  const mark = Buffer.from(`[${name}] `).toString('latin1');
  return Buffer.from(lines.map((line) => `${mark}${line}\n`).join(''), 'latin1');
}
