/**
 * What every command is handed: output, configuration, the installation or its database (opened when first asked for) and
 * the wish to stop. Made by runCli.ts, which also closes it.
 */
import type { Config } from '../config.ts';
import type { OpenDatabase, OpenDatabaseOptions } from '../database/openDatabase.ts';
import type { Database } from '../database/pool.ts';
import { EXIT } from './exit.ts';
import type { Installation } from './installation.ts';
import type { Output } from './output.ts';
import { noForm } from './where.ts';

export class Session {
  readonly output: Output;
  readonly config: Config;
  readonly quiet: boolean;
  /** Null: the database. */
  readonly #server: string | null;
  readonly #command: string;
  readonly #stop = new AbortController();
  readonly #exit: (code: number) => void;
  #opening: Promise<OpenDatabase> | undefined;
  #installation: Promise<Installation> | undefined;
  #graceful = false;

  constructor(options: {
    output: Output;
    config: Config;
    quiet: boolean;
    server: string | null;
    /** Its name in errors, such as `dags list`. */
    command: string;
    exit: (code: number) => void;
  }) {
    this.output = options.output;
    this.config = options.config;
    this.quiet = options.quiet;
    this.#server = options.server;
    this.#command = options.command;
    this.#exit = options.exit;
  }

  /** For commands that look and change. */
  installation(): Promise<Installation> {
    return (this.#installation ??= this.#openInstallation());
  }

  async #openInstallation(): Promise<Installation> {
    if (this.#server !== null) {
      const { remoteInstallation } = await import('./remote/installation.ts');
      return remoteInstallation({
        server: this.#server,
        token: this.config.token,
        say: (words) => this.say(words),
        warn: (words) => this.output.warn(words),
      });
    }
    const { localInstallation } = await import('./local/installation.ts');
    return localInstallation(await this.database());
  }

  /** For processes that are part of an installation, and commands about the database itself. */
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

  /** For commands that need the database itself, and have no form through a webserver. */
  async database(): Promise<Database> {
    if (this.#server !== null) throw noForm(this.#command, this.#server);
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
