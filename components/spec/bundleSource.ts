/**
 * What a DagBundle is made from, read before anything is declared: a folder that is built now, or what an earlier
 * build wrote. An Orchestrator reads all its folders before its first part, and hands each on with its arguments.
 */
import * as pulumi from '@pulumi/pulumi';
import { buildDags } from './buildDags.ts';
import { type BundleArchive, bundleArchive } from './bundleArchive.ts';
import { type Build, readPlans } from './readPlans.ts';
import type { Add } from './validate.ts';

/** Pieces are ConfigMaps, which the cluster keeps in its own store: more belongs into an image. */
const MOST_BYTES = 20 * 2 ** 20;

export interface BundleSource {
  folder?: string;
  plans?: string;
  buildTimeout?: number;
}

export interface Bundle {
  build: Build;
  archive: BundleArchive;
}

/** Problems go to `path`; nothing comes back then. */
export function readBundle(source: BundleSource, path: string, add: Add): Bundle | undefined {
  const build = buildOf(source);
  for (const problem of build.problems) add(path, problem);
  if (build.problems.length > 0) return undefined;
  const archive = bundleArchive(build.files);
  const problem = sizeProblem(archive);
  add(path, problem);
  return problem === undefined ? { build, archive } : undefined;
}

/** Under a symbol: no argument, and no part of the state. */
const READ = Symbol('what was read');

export function withBundle<T extends object>(args: T, bundle: Bundle): T {
  return { ...args, [READ]: bundle };
}

export function bundleOf(args: object): Bundle | undefined {
  return (args as { [READ]?: Bundle })[READ];
}

function buildOf({ folder, plans, buildTimeout = 300 }: BundleSource): Build {
  if (folder === undefined) return readPlans(plans ?? '');
  void pulumi.log.debug(`podline builds the DAGs of ${folder}`);
  return buildDags({ folder, timeout: buildTimeout });
}

function sizeProblem({ bytes }: BundleArchive): string | undefined {
  if (bytes <= MOST_BYTES) return undefined;
  const megabytes = (bytes / 2 ** 20).toFixed(1);
  return `the build has ${megabytes} MiB compressed, more than the ${MOST_BYTES / 2 ** 20} MiB that a cluster should keep; move data and packages into the image of the tasks`;
}
