/**
 * Reads what writeBuild.ts wrote, and checks that it is whole: it may come from another machine and another version.
 * Called by `podline dags register`.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { depthProblem } from '../../src/plan/depth.ts';
import { PLAN_FORMAT } from '../../src/plan/plan.ts';
import { bundleId } from './bundleId.ts';
import { planProblem } from './planShape.ts';
import { parseSources, type Sources, SOURCES_FILE } from './sources.ts';
import type { BuildResult, BuiltDag, Bundle } from './types.ts';
import { type DagFile, PLAN_FILE } from './writeBuild.ts';

/**
 * Sources become paths below `as`, the name of the folder in the database. Default: where it lies, which tells DAG
 * files apart only on one machine.
 */
export async function readBuild(folder: string, as?: string): Promise<BuildResult> {
  const root = await fs.realpath(folder);
  const name = as ?? root;
  const result: BuildResult = { folder: name, dags: [], errors: [], files: [] };
  const bundles = new Map<string, Bundle>();
  const sources = await readSources(root);
  for (const file of (await fs.readdir(root)).sort()) {
    if (!file.endsWith(PLAN_FILE)) continue;
    const found = await readDagFile(path.join(root, file));
    const built: BuiltDag = {
      plan: found.plan,
      hash: found.hash,
      source: `${name}/${found.source}`,
      bundle: null,
      sources: sources.get(found.source),
    };
    if (found.bundle !== null) {
      let bundle = bundles.get(found.bundle);
      if (!bundle) bundles.set(found.bundle, (bundle = await readBundle(root, found.bundle)));
      built.bundle = bundle;
    }
    if (versionHash(built.plan, built.bundle?.id ?? null) !== built.hash) {
      throw unreadable(
        file,
        'its hash is not that of its contents: it was changed after the build',
      );
    }
    result.dags.push(built);
  }
  return result;
}

async function readDagFile(file: string): Promise<DagFile> {
  const name = path.basename(file);
  let found: Partial<DagFile> | null;
  try {
    found = JSON.parse(await fs.readFile(file, 'utf8')) as Partial<DagFile> | null;
  } catch (error) {
    throw unreadable(name, `it is no JSON (${(error as Error).message})`);
  }
  const { plan, hash, source, bundle } = found ?? {};
  if (
    typeof plan !== 'object' ||
    (plan as unknown) === null ||
    typeof hash !== 'string' ||
    typeof source !== 'string'
  ) {
    throw unreadable(name, 'it is no plan');
  }
  // As it is in the file, not as the type says.
  const format: unknown = plan.format;
  if (format !== PLAN_FORMAT) {
    const reason = `its plan has the format ${String(format)}, this version of podline knows ${PLAN_FORMAT}`;
    throw unreadable(name, reason);
  }
  const problem = depthProblem(plan) ?? planProblem(plan);
  if (problem !== undefined) throw unreadable(name, `its plan does not fit: ${problem}`);
  if (name !== `${plan.dagId}${PLAN_FILE}`) {
    throw unreadable(name, `it holds the DAG ${JSON.stringify(plan.dagId)}`);
  }
  if (path.isAbsolute(source) || source.split(/[\\/]/).includes('..')) {
    throw unreadable(name, `its source ${JSON.stringify(source)} lies outside`);
  }
  if (bundle !== null && !/^[0-9a-f]{64}$/.test(String(bundle))) {
    throw unreadable(name, 'its bundle has no proper id');
  }
  return { plan, hash, source, bundle: bundle ?? null };
}

/** Nothing where an older version built. */
async function readSources(root: string): Promise<Map<string, Sources>> {
  const written = await fs.readFile(path.join(root, SOURCES_FILE), 'utf8').catch(() => undefined);
  if (written === undefined) return new Map();
  const sources = parseSources(written);
  if (!sources) throw unreadable(SOURCES_FILE, 'it holds no sources, or more than a version keeps');
  return sources;
}

async function readBundle(root: string, id: string): Promise<Bundle> {
  const folder = path.join(root, 'bundles', id);
  const files = new Map<string, Uint8Array>();
  const entries = await fs
    .readdir(folder, { recursive: true, withFileTypes: true })
    .catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, file), await fs.readFile(file));
  }
  if (files.size === 0) throw unreadable(`bundles/${id}`, 'it is not there');
  if (bundleId(files) !== id) {
    throw unreadable(`bundles/${id}`, 'its files are not those of the build');
  }
  return { id, files };
}

export function unreadable(what: string, reason: string): PodlineError {
  return new PodlineError('build.unreadable', { what, reason });
}
