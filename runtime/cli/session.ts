/**
 * What every command is handed: output, configuration, the database (opened when first asked for) and the
 * wish to stop. Made by runCli.ts, which also closes it.
 */
import type { Config } from '../config.ts';
import type { OpenDatabase, OpenDatabaseOptions } from '../database/openDatabase.ts';
import type { Database } from '../database/pool.ts';
import { EXIT } from './exit.ts';
import type { Output } from './output.ts';

export class Session {
  readonly output: Output;
  readonly config: Config;
  readonly quiet: boolean;
  readonly #stop = new AbortController();
  readonly #exit: (code: number) => void;
  #opening: Promise<OpenDatabase> | undefined;
  #graceful = false;

  constructor(options: {
    output: Output;
    config: Config;
    quiet: boolean;
    exit: (code: number) => void;
  }) {
    this.output = options.output;
    this.config = options.config;
    this.quiet = options.quiet;
    this.#exit = options.exit;
  }

  async open(options: OpenDatabaseOptions = {}): Promise<OpenDatabase> {
    const { openDatabase } = await import('../database/openDatabase.ts');
    const opening = (this.#opening ??= openDatabase(this.config, options));
    try {
      return await opening;
    } catch (error) {
      // Who waits for the database asks again.
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  async database(): Promise<Database> {
    return (await this.open()).pool;
  }

  /** About the work; --quiet leaves it out. */
  say(text: string): void {
    if (!this.quiet) this.output.note(text);
  }

  /**
   * Aborts at the first Ctrl-C or SIGTERM. Who asks for it ends in order by itself; all other commands
   * are ended right away.
   */
  stopSignal(): AbortSignal {
    this.#graceful = true;
    return this.#stop.signal;
  }

  /** The first signal asks, the second one ends the process at once. */
  interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
    const code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (this.#stop.signal.aborted) {
      this.#exit(code);
      return;
    }
    this.#stop.abort();
    if (!this.#graceful) {
      void this.close().finally(() => {
        this.#exit(code);
      });
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const opened = await opening?.catch(() => undefined);
    await opened?.close().catch(() => undefined);
  }
}
