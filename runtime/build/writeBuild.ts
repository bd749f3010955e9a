/**
 * Writes a build as files: DAG_ID.plan.json for each DAG, bundles/ID/ for the code, sources.json for what people wrote. Called by `podline build
 * --out`; readBuild.ts reads them where the DAGs are registered.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../src/plan/plan.ts';
import { type Sources, SOURCES_FILE, writeSources } from './sources.ts';
import type { BuildResult } from './types.ts';

export interface DagFile {
  plan: Plan;
  hash: string;
  /** Relative to the folder that was built. */
  source: string;
  bundle: string | null;
}

export const PLAN_FILE = '.plan.json';

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
  const sourcesByFile = new Map<string, Sources>();
  for (const { plan, hash, source: dagFile, bundle, sources } of result.dags) {
    const source = path.relative(result.folder, dagFile);
    if (sources) sourcesByFile.set(source, sources);
    for (const [name, content] of bundle?.files ?? []) {
      const file = path.join(bundles, bundle?.id ?? '', name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
    const content: DagFile = { plan, hash, source, bundle: bundle?.id ?? null };
    const planFile = path.join(outFolder, `${plan.dagId}${PLAN_FILE}`);
    await fs.writeFile(planFile, `${JSON.stringify(content, null, 2)}\n`);
    written.push(planFile);
  }
  await fs.writeFile(path.join(outFolder, SOURCES_FILE), writeSources(sourcesByFile));
  return written;
}
