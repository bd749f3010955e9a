/**
 * Writes a build as files: DAG_ID.plan.json for each DAG, bundles/ID/ for the code, sources/ for what people wrote. Called by `podline build
 * --out`; readBuild.ts reads them where the DAGs are registered.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Plan } from '../../src/plan/plan.ts';
import { SOURCES_FOLDER, sourcesFile } from './sources.ts';
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
  await fs.rm(path.join(outFolder, SOURCES_FOLDER), { recursive: true, force: true });
  const isWritten = new Set<string>();
  for (const { plan, hash, source: file, bundle, sources } of result.dags) {
    const source = path.relative(result.folder, file);
    if (sources && !isWritten.has(source)) {
      await writeText(path.join(outFolder, sourcesFile(source)), JSON.stringify([...sources]));
    }
    isWritten.add(source);
    for (const [name, content] of bundle?.files ?? []) {
      await writeText(path.join(bundles, bundle?.id ?? '', name), content);
    }
    const content: DagFile = { plan, hash, source, bundle: bundle?.id ?? null };
    const planFile = path.join(outFolder, `${plan.dagId}${PLAN_FILE}`);
    await fs.writeFile(planFile, `${JSON.stringify(content, null, 2)}\n`);
    written.push(planFile);
  }
  return written;
}

async function writeText(file: string, content: string | Uint8Array): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, content);
}
