/** What a build hands on: to registration, to `podline build`, and to the display of errors. */
import type { Plan } from '../../src/plan/plan.ts';
import type { Sources } from './sources.ts';

export interface Bundle {
  /** sha256 of the contents. */
  id: string;
  /** By path relative to the bundle: `code.mjs`, and its source map. */
  files: Map<string, Uint8Array>;
}

export interface BuiltDag {
  plan: Plan;
  /** Version: sha256 of the canonical plan and the bundle id. */
  hash: string;
  /** Absolute path of the DAG file. */
  source: string;
  /** Null when no task of the DAG has a body in TypeScript. */
  bundle: Bundle | null;
  /** Text of the DAG file and of what it imports, for people. Left out where nobody knows it. */
  sources?: Sources;
}

export interface BuildError {
  /** Absolute path of the DAG file that could not be built. */
  source: string;
  /** Where the mistake is: often the same file. */
  file: string;
  line: number | null;
  column: number | null;
  code: string;
  message: string;
  remedy: string;
}

export interface BuildResult {
  /** Absolute path of the folder. */
  folder: string;
  dags: BuiltDag[];
  errors: BuildError[];
  /** All files that were looked at, for watchers. */
  files: string[];
}

export interface BuildOptions {
  /** Longest time that one DAG file may load. Default 30. */
  timeoutSeconds?: number;
  /** Most memory of the process that loads it. Default 512. */
  memoryMegabytes?: number;
  /** Kept between builds of one folder: files that did not change are not built again. */
  cache?: BuildCache;
}

/** Result of one DAG file, and the stamps of every file that it came from. */
export interface FileResult {
  dags: BuiltDag[];
  errors: BuildError[];
  /** Author's modules in the bundle, without packages. */
  modules: string[];
  stamps: Map<string, string>;
  /** Whether the stamps say everything: not when an import could not be resolved. */
  cacheable: boolean;
}

export type BuildCache = Map<string, FileResult>;
