/**
 * Finds connections: first in the environment (PODLINE_CONN_<ID>), then in a file of the project
 * that is kept out of version control. Nothing is stored in the database. Called by the worker for
 * the connections that a task declares, and by the CLI.
 */
import { readFile } from 'node:fs/promises';
import { PodlineError } from '../../src/errors.ts';
import { parseConnection, type Connection } from '../../src/connections/connection.ts';
import { CONNECTION_PREFIX, connectionVariable } from '../../src/connections/names.ts';

export interface ConnectionEntry {
  id: string;
  source: 'environment' | 'file';
}

export class Connections {
  readonly #environment: ReadonlyMap<string, string>;
  readonly #file: string | undefined;
  #loaded: { at: number; entries: Map<string, unknown> } | undefined;

  /** `environment` is copied, so that it may be cleaned before a task runs in this process. */
  constructor(environment: Record<string, string | undefined>, file?: string) {
    this.#environment = new Map(
      Object.entries(environment).filter(
        (entry): entry is [string, string] =>
          entry[0].startsWith(CONNECTION_PREFIX) && entry[1] !== undefined && entry[1] !== '',
      ),
    );
    this.#file = file;
  }

  async resolve(id: string): Promise<Connection> {
    const variable = this.#environment.get(connectionVariable(id));
    // A bad value in the environment is an error: it must not fall through to the file.
    if (variable !== undefined) return parseConnection(id, variable);
    const entries = await this.#entries();
    if (entries.has(id)) return parseConnection(id, entries.get(id));
    throw new PodlineError('not_found.connection', {
      connection: id,
      variable: connectionVariable(id).slice(CONNECTION_PREFIX.length),
    });
  }

  /** Names and where they come from, never values. */
  async list(): Promise<ConnectionEntry[]> {
    const entries: ConnectionEntry[] = [...this.#environment.keys()].map((name) => ({
      id: name.slice(CONNECTION_PREFIX.length).toLowerCase(),
      source: 'environment',
    }));
    for (const id of (await this.#entries()).keys()) {
      if (!this.#environment.has(connectionVariable(id))) entries.push({ id, source: 'file' });
    }
    return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The file is read again after a second, so that an edit is seen without a restart. */
  async #entries(): Promise<Map<string, unknown>> {
    if (this.#file === undefined) return new Map();
    if (this.#loaded && performance.now() - this.#loaded.at < 1000) return this.#loaded.entries;
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        throw new PodlineError('connection.bad', {
          connection: this.#file,
          reason: `the file cannot be read (${(error as NodeJS.ErrnoException).code})`,
        });
      }
      text = '{}';
    }
    const entries = new Map(Object.entries(parseFile(this.#file, text)));
    this.#loaded = { at: performance.now(), entries };
    return entries;
  }
}

function parseFile(file: string, text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PodlineError('connection.bad', {
      connection: file,
      reason: 'the file is no valid JSON',
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PodlineError('connection.bad', {
      connection: file,
      reason: 'the file holds no object of connections by id',
    });
  }
  return value as Record<string, unknown>;
}
