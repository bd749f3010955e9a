/**
 * The log of an attempt as one text: the task's own as it is, lines of other containers behind their `[name] `, never in
 * the middle of a line of the task. Used by logs.ts.
 */
import { TASK_SOURCE } from '../logSources.ts';

/** Puts texts of several sources in one stream of lines. */
export class LogPrinter {
  readonly #print: (text: string) => void;
  /** Whose text is printed as it is. */
  readonly #plain: string;
  /** Beginnings of lines of other sources. */
  readonly #open = new Map<string, string>();
  #waiting = '';
  #isInLine = false;

  constructor(print: (text: string) => void, plain: string = TASK_SOURCE) {
    this.#print = print;
    this.#plain = plain;
  }

  write(text: string, source: string): void {
    if (source === this.#plain) {
      this.#print(text);
      this.#isInLine = !text.endsWith('\n');
    } else {
      const lines = ((this.#open.get(source) ?? '') + text).split('\n');
      this.#open.set(source, lines.pop() ?? '');
      for (const line of lines) this.#waiting += `[${source}] ${line}\n`;
    }
    if (!this.#isInLine) this.#printWaiting();
  }

  end(): void {
    for (const [source, line] of this.#open) {
      if (line !== '') this.#waiting += `[${source}] ${line}\n`;
    }
    this.#open.clear();
    if (this.#waiting !== '' && this.#isInLine) this.#print('\n');
    this.#printWaiting();
  }

  #printWaiting(): void {
    if (this.#waiting !== '') this.#print(this.#waiting);
    this.#waiting = '';
  }
}
