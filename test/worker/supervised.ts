/** A runner forked as the supervisor does it, with its messages as promises. Used by runner tests. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { FromRunner, InitMessage, ToRunner } from '../../runtime/worker/messages.ts';
import type { Launched } from './fixture.ts';

export type Ended = Extract<FromRunner, { type: 'ended' }>;

export class SupervisedRunner {
  readonly child: ChildProcess;
  readonly #waiting: ((message: FromRunner) => boolean)[] = [];
  readonly messages: FromRunner[] = [];

  private constructor(env: NodeJS.ProcessEnv) {
    const main = path.join(import.meta.dirname, '../../runtime/worker/runner.ts');
    this.child = fork(main, {
      serialization: 'advanced',
      env,
      execArgv: ['--conditions=podline-source'],
    });
    this.child.setMaxListeners(0);
    this.child.on('message', (message) => {
      this.messages.push(message as FromRunner);
      for (const offer of [...this.#waiting]) {
        if (offer(message as FromRunner)) this.#waiting.splice(this.#waiting.indexOf(offer), 1);
      }
    });
  }

  static async start(
    databaseUrl: string,
    part: Partial<InitMessage> = {},
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<SupervisedRunner> {
    const runner = new SupervisedRunner(env);
    await runner.next('ready');
    runner.send({
      type: 'init',
      databaseUrl,
      bundleCache: await mkdtemp(path.join(os.tmpdir(), 'podline-bundles-')),
      host: 'test',
      leaseSeconds: 300,
      ...part,
    });
    return runner;
  }

  send(message: ToRunner): void {
    this.child.send(message);
  }

  next<Type extends FromRunner['type']>(type: Type): Promise<Extract<FromRunner, { type: Type }>> {
    return new Promise((resolve, reject) => {
      this.child.once('exit', (code) => reject(new Error(`the runner ended with ${code}`)));
      this.#waiting.push((message) => {
        if (message.type !== type) return false;
        resolve(message as Extract<FromRunner, { type: Type }>);
        return true;
      });
    });
  }

  begin(launched: Launched): Promise<Ended> {
    const ended = this.next('ended');
    this.send({
      type: 'run',
      attemptId: launched.attemptId,
      token: launched.token.toString('hex'),
    });
    return ended;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.send({ type: 'exit' });
    await gone;
  }
}
