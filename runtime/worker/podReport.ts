/**
 * The report client of a worker in a pod: keeps the termination message in step with what the database has.
 * The digest is on disk before the database is told, so that neither a lost database nor a SIGKILL loses it.
 */
import { writeFileSync } from 'node:fs';
import type { FinishReply, Outcome } from './assignment.ts';
import { SqlReportClient, type ReportOptions } from './report.ts';
import { writeTermination, type TerminationMessage } from './terminationMessage.ts';

export interface PodReportOptions extends ReportOptions {
  attemptId: number;
  /** Undefined: nobody reads a digest. */
  terminationFile: string | undefined;
}

export class PodReportClient extends SqlReportClient {
  readonly #attemptId: number;
  readonly #file: string | undefined;
  #noted: Outcome | undefined;
  #recorded = false;

  constructor(options: PodReportOptions) {
    super(options);
    this.#attemptId = options.attemptId;
    this.#file = options.terminationFile;
  }

  get noted(): boolean {
    return this.#noted !== undefined;
  }

  /** The outcome as it is now known; the database does not have it yet. */
  note(outcome: Outcome): void {
    if (outcome === this.#noted || this.#recorded) return;
    this.#noted = outcome;
    const { state, cause, exitCode, message, delay, choice, mapLength, xcom } = outcome;
    this.#write({
      v: 1,
      attempt: this.#attemptId,
      report: 'unrecorded',
      state,
      ...{ cause, exitCode, message, delay, choice, mapLength, xcom },
    });
  }

  /** Nothing ran. */
  noteUnclaimed(message: string): void {
    this.#write({ v: 1, attempt: this.#attemptId, report: 'unclaimed', message });
  }

  override async finish(
    attemptId: number,
    secret: Buffer,
    outcome: Outcome,
    logSeq: number,
    log: Buffer,
  ): Promise<FinishReply> {
    this.note(outcome);
    const reply = await super.finish(attemptId, secret, outcome, logSeq, log);
    this.#recorded = true;
    // The output stays in the database alone: whoever may read pods need not read it.
    const { state, cause, exitCode } = outcome;
    this.#write({ v: 1, attempt: attemptId, report: 'recorded', state, cause, exitCode });
    return reply;
  }

  #write(digest: TerminationMessage): void {
    if (this.#file === undefined) return;
    try {
      writeFileSync(this.#file, writeTermination(digest));
    } catch {
      // No such file outside of a pod, or a pod without one: the exit code has to do.
    }
  }
}
