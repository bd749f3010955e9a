/**
 * The wish that an attempt ends early: from a person, a timeout, a shutdown, or because the process
 * itself is broken. The first wish counts; execute.ts turns it into the outcome.
 */
export type StopReason = 'cancelled' | 'timeout' | 'interrupted';

export class Stop {
  readonly #controller = new AbortController();
  reason: StopReason | undefined;
  /** Set instead of a reason when stray code of the task threw. */
  crash: Error | undefined;
  graceSeconds = 3;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get requested(): boolean {
    return this.#controller.signal.aborted;
  }

  request(reason: StopReason, graceSeconds?: number): void {
    if (this.requested) return;
    this.reason = reason;
    if (graceSeconds !== undefined) this.graceSeconds = graceSeconds;
    this.#controller.abort(new Error(`the task was stopped: ${reason}`));
  }

  crashed(error: Error): void {
    if (this.requested) return;
    this.crash = error;
    this.graceSeconds = 0;
    this.#controller.abort(error);
  }

  /** Settles when the operator has had its grace and is not waited for any longer. */
  abandoned(): Promise<'abandoned'> {
    return new Promise((resolve) => {
      const wait = (): void => {
        const margin = this.crash ? 0 : 1;
        setTimeout(() => resolve('abandoned'), (this.graceSeconds + margin) * 1000).unref();
      };
      if (this.requested) wait();
      else this.signal.addEventListener('abort', wait, { once: true });
    });
  }
}
