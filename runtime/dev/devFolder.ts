/**
 * One folder of DAGs under development: each `refresh` builds what changed, registers it, and says what is
 * different from before. A broken file leaves its DAGs on their last good version. Called by cli/dev.ts.
 */
import { buildFolder } from '../build/buildFolder.ts';
import type { BuildCache, BuildError, BuiltDag } from '../build/types.ts';
import type { Database } from '../database/pool.ts';
import { registerDags, type RegisterResult } from '../register/registerDags.ts';
import { planChanges } from '../explain/planChanges.ts';

export interface DagChange {
  dagId: string;
  kind: 'new' | 'changed' | 'unchanged' | 'removed' | 'refused';
  /** What is different, in words. */
  changes: string[];
}

export interface Refresh {
  dags: DagChange[];
  /** Errors that were not there at the refresh before. */
  freshErrors: BuildError[];
  errors: BuildError[];
  /** Files that were broken before and are good now. */
  repaired: string[];
  /** Everything that should be watched. */
  files: string[];
}

export class DevFolder {
  readonly #folder: string;
  readonly #database: Database;
  readonly #cache: BuildCache = new Map();
  readonly #known = new Map<string, BuiltDag>();
  #errors: BuildError[] = [];

  constructor(folder: string, database: Database) {
    this.#folder = folder;
    this.#database = database;
  }

  /**
   * `changed` are files of which the watcher saw a change. What was built from them is forgotten, whatever
   * their stamps say: a file saved while it was being built has the stamp of what was not read.
   */
  async refresh(changed: readonly string[] = []): Promise<Refresh> {
    for (const [source, { stamps }] of this.#cache) {
      if (changed.some((file) => stamps.has(file))) this.#cache.delete(source);
    }
    const build = await buildFolder(this.#folder, { cache: this.#cache });
    const result = await registerDags(this.#database, build);
    const dags = this.#compare(build.dags, result);
    const before = new Set(this.#errors.map(keyOf));
    const broken = new Set(build.errors.map(({ source }) => source));
    const repaired = [...new Set(this.#errors.map(({ source }) => source))].filter(
      (source) => !broken.has(source) && build.files.includes(source),
    );
    this.#errors = build.errors;
    return {
      dags,
      errors: build.errors,
      freshErrors: build.errors.filter((error) => !before.has(keyOf(error))),
      repaired,
      files: build.files,
    };
  }

  #compare(built: BuiltDag[], result: RegisterResult): DagChange[] {
    const byId = new Map(built.map((dag) => [dag.plan.dagId, dag]));
    const changes: DagChange[] = result.dags.map(({ dagId, change }) => {
      const after = byId.get(dagId);
      const before = this.#known.get(dagId);
      if (after) this.#known.set(dagId, after);
      const words = before && after ? planChanges(before, after) : [];
      return { dagId, kind: change, changes: words };
    });
    for (const dagId of result.removed) {
      this.#known.delete(dagId);
      changes.push({ dagId, kind: 'removed', changes: [] });
    }
    for (const { dagId, error } of result.refused) {
      changes.push({ dagId, kind: 'refused', changes: [`${error.problem} ${error.remedy}`] });
    }
    return changes;
  }
}

function keyOf(error: BuildError): string {
  return [error.source, error.file, error.line, error.column, error.message].join('\0');
}
