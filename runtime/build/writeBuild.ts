/**
 * A build as files, for images: DAG_ID.plan.json for each DAG and bundles/ID/ for the code. `podline
 * build` writes them, registration in the cluster reads them.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../src/plan/plan.ts';
import type { BuildResult, BuiltDag, Bundle } from './types.ts';

interface DagFile {
  plan: Plan;
  hash: string;
  /** Relative to the folder that was built. */
  source: string;
  bundle: string | null;
}

const PLAN_FILE = '.plan.json';

/** Replaces an earlier build in the folder; other files there stay. */
export async function writeBuild(result: BuildResult, outFolder: string): Promise<string[]> {
  const bundles = path.join(outFolder, 'bundles');
  await fs.mkdir(bundles, { recursive: true });
  const written: string[] = [];
  const current = new Set(result.dags.map(({ plan }) => `${plan.dagId}${PLAN_FILE}`));
  for (const name of await fs.readdir(outFolder)) {
    if (name.endsWith(PLAN_FILE) && !current.has(name)) await fs.rm(path.join(outFolder, name));
  }
  const used = new Set(result.dags.map(({ bundle }) => bundle?.id));
  for (const name of await fs.readdir(bundles)) {
    if (/^[0-9a-f]{64}$/.test(name) && !used.has(name)) {
      await fs.rm(path.join(bundles, name), { recursive: true });
    }
  }
  for (const { plan, hash, source, bundle } of result.dags) {
    for (const [name, content] of bundle?.files ?? []) {
      const file = path.join(bundles, bundle?.id ?? '', name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
    const content: DagFile = {
      plan,
      hash,
      source: path.relative(result.folder, source),
      bundle: bundle?.id ?? null,
    };
    const file = path.join(outFolder, `${plan.dagId}${PLAN_FILE}`);
    await fs.writeFile(file, `${JSON.stringify(content, null, 2)}\n`);
    written.push(file);
  }
  return written;
}

/** What writeBuild wrote. Sources become paths below `folder`. */
export async function readBuild(folder: string): Promise<BuildResult> {
  const root = await fs.realpath(folder);
  const result: BuildResult = { folder: root, dags: [], errors: [], files: [] };
  const bundles = new Map<string, Bundle>();
  for (const name of (await fs.readdir(root)).sort()) {
    if (!name.endsWith(PLAN_FILE)) continue;
    const { plan, hash, source, bundle } = JSON.parse(
      await fs.readFile(path.join(root, name), 'utf8'),
    ) as DagFile;
    const built: BuiltDag = { plan, hash, source: path.join(root, source), bundle: null };
    if (bundle !== null) {
      let read = bundles.get(bundle);
      if (!read) bundles.set(bundle, (read = await readBundle(root, bundle)));
      built.bundle = read;
    }
    result.dags.push(built);
  }
  return result;
}

async function readBundle(root: string, id: string): Promise<Bundle> {
  const folder = path.join(root, 'bundles', id);
  const files = new Map<string, Uint8Array>();
  for (const entry of await fs.readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, file), await fs.readFile(file));
  }
  return { id, files };
}
