/**
 * Builds all DAG files of a folder into plans and bundles. One bad file never affects another. Called by
 * `podline dev` on every change, by `podline build`, and by registration in an image.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { PodlineError } from '../../src/errors.ts';
import { canonicalJson, versionHash } from '../../src/plan/canonical.ts';
import { bundleFile } from './bundleFile.ts';
import { bundleId, MAP_FILE } from './bundleId.ts';
import { findDagFiles } from './dagFiles.ts';
import { authorPosition, isAuthors } from './position.ts';
import { type Limits, CODE_FILE, runEvaluation } from './runEvaluation.ts';
import { siblingsOf } from './siblings.ts';
import { readSources } from './sources.ts';
import type {
  BuildError,
  BuildOptions,
  BuildResult,
  BuiltDag,
  Bundle,
  FileResult,
} from './types.ts';

export async function buildFolder(
  folder: string,
  { timeoutSeconds = 30, memoryMegabytes = 512, cache }: BuildOptions = {},
): Promise<BuildResult> {
  const root = await fs.realpath(folder);
  const sources = await findDagFiles(root);
  const limits = { timeoutSeconds, memoryMegabytes };
  const results = new Map<string, FileResult>();
  await inParallel(sources, Math.min(4, os.availableParallelism()), async (source) => {
    const known = cache?.get(source);
    const fresh = known && (await isFresh(known)) ? known : await tryFile(source, root, limits);
    results.set(source, fresh);
    if (fresh.cacheable) cache?.set(source, fresh);
    else cache?.delete(source);
  });
  return join(root, new Map(sources.map((source) => [source, results.get(source) as FileResult])));
}

/** Whatever goes wrong with one file stays its own: a folder that vanishes, a result that was tampered with. */
async function tryFile(source: string, folder: string, limits: Limits): Promise<FileResult> {
  try {
    return await buildFile(source, folder, limits);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const errors = [wholeFile(source, new PodlineError('build.crashed', { file: source, reason }))];
    return { dags: [], errors, modules: [], stamps: new Map(), cacheable: false };
  }
}

async function buildFile(source: string, folder: string, limits: Limits): Promise<FileResult> {
  const stamps = new Map([[source, await stampOf(source)]]);
  const result = (part: Partial<FileResult>): FileResult => ({
    dags: [],
    errors: [],
    modules: [],
    stamps,
    cacheable: true,
    ...part,
  });
  const bundled = await bundleFile(source, folder);
  if ('errors' in bundled) return result({ errors: bundled.errors, cacheable: false });
  const modules = bundled.inputs.filter(isAuthors);
  for (const file of bundled.inputs) stamps.set(file, await stampOf(file));

  const evaluation = await runEvaluation(source, bundled.code, limits);
  if (evaluation instanceof PodlineError) {
    // Kept, too: a file that loops is not waited for again until it changes.
    return result({ errors: [wholeFile(source, evaluation)], modules });
  }
  for (const file of evaluation.scripts) stamps.set(file, await stampOf(file));
  const others = modules.filter((file) => file !== source).sort();
  const sources = await readSources([source, ...others], folder);
  const dags: BuiltDag[] = [];
  for (const { plan, hasCode } of evaluation.dags) {
    const siblings = await siblingsOf(plan, source);
    for (const file of siblings.folders) stamps.set(file, await stampOf(file));
    for (const file of siblings.files.keys()) {
      const full = path.join(path.dirname(source), file);
      stamps.set(full, await stampOf(full));
    }
    const bundle = makeBundle(siblings.files, hasCode ? bundled : undefined);
    const hash = versionHash(plan, bundle?.id ?? null);
    dags.push({ plan, source, bundle, hash, sources });
  }
  return result({
    modules,
    dags,
    errors: evaluation.problems.map(({ code, message, remedy, positions }) => {
      const at = authorPosition(positions, bundled.map, folder);
      const [line, column] = [at?.line ?? null, at?.column ?? null];
      return { source, file: at?.file ?? source, line, column, code, message, remedy };
    }),
  });
}

function makeBundle(
  siblings: ReadonlyMap<string, Uint8Array>,
  code: { code: Uint8Array; map: string } | undefined,
): Bundle | null {
  const files = new Map(siblings);
  if (code) files.set(CODE_FILE, code.code);
  if (files.size === 0) return null;
  const id = bundleId(files);
  if (code) files.set(MAP_FILE, Buffer.from(code.map));
  return { id, files };
}

/** Puts the files together: helpers are left out, and one id belongs to one DAG. */
function join(folder: string, results: ReadonlyMap<string, FileResult>): BuildResult {
  const imported = new Set<string>();
  for (const [source, { modules }] of results) {
    for (const file of modules) if (file !== source) imported.add(file);
  }
  const joined: BuildResult = { folder, dags: [], errors: [], files: [] };
  const files = new Set<string>();
  const owners = new Map<string, { source: string; plan: string }>();
  // Files that others import come first: a DAG that is exported again belongs to where it was made.
  const ordered = [...results].sort(
    ([a], [b]) => Number(imported.has(b)) - Number(imported.has(a)) || (a < b ? -1 : 1),
  );
  for (const [source, result] of ordered) {
    joined.errors.push(...result.errors);
    for (const file of result.stamps.keys()) if (isAuthors(file)) files.add(file);
    if (result.dags.length === 0 && result.errors.length === 0 && !imported.has(source)) {
      joined.errors.push(wholeFile(source, new PodlineError('build.no_export', { file: source })));
    }
    for (const built of result.dags) {
      const { dagId } = built.plan;
      const plan = canonicalJson(built.plan);
      const owner = owners.get(dagId);
      if (!owner) {
        owners.set(dagId, { source, plan });
        joined.dags.push(built);
      } else if (owner.plan !== plan || !result.modules.includes(owner.source)) {
        const details = { dag: dagId, first: owner.source, second: source };
        joined.errors.push(wholeFile(source, new PodlineError('dag.duplicate_dag', details)));
      }
    }
  }
  joined.dags.sort((a, b) => (a.plan.dagId < b.plan.dagId ? -1 : 1));
  joined.files = [...files].sort();
  return joined;
}

function wholeFile(source: string, { code, problem, remedy }: PodlineError): BuildError {
  return { source, file: source, line: null, column: null, code, message: problem, remedy };
}

async function isFresh({ stamps }: FileResult): Promise<boolean> {
  for (const [file, stamp] of stamps) if ((await stampOf(file)) !== stamp) return false;
  return true;
}

async function stampOf(file: string): Promise<string> {
  try {
    const { mtimeNs, size, ino } = await fs.stat(file, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items.values();
  const lane = async () => {
    for (const item of iterator) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
