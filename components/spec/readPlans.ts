/**
 * Reads what `podline build --out` wrote: the plans, and the files that belong to them. Called for a build made by
 * the component, and for one that was made elsewhere, which may be of another version or not whole.
 */
import fs from 'node:fs';
import path from 'node:path';
import { versionHash } from '../../src/plan/canonical.ts';
import { idProblem } from '../../src/plan/ids.ts';
import { type Plan, PLAN_FORMAT } from '../../src/plan/plan.ts';
import type { BuildFiles } from './bundleArchive.ts';
import type { BuiltPlan } from './planView.ts';

export interface Build {
  /** Sorted by the id of the DAG. */
  plans: BuiltPlan[];
  /** All of the build by path: plans, code, files beside scripts. */
  files: BuildFiles;
  /** What is wrong, with places. Nothing else is there when something is. */
  problems: string[];
}

interface DagFile {
  plan: Plan;
  hash: string;
  source: string;
  bundle: string | null;
}

const PLAN_FILE = '.plan.json';
const SOURCES_FILE = 'sources.json';

export function readPlans(folder: string): Build {
  const plans: BuiltPlan[] = [];
  const files = new Map<string, Uint8Array>();
  const problems: string[] = [];
  const names = fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? fs.readdirSync(folder).filter((name) => name.endsWith(PLAN_FILE))
    : [];
  if (names.length === 0) problems.push(`${folder} holds no plans; podline build --out makes them`);
  for (const name of names.sort()) {
    const content = fs.readFileSync(path.join(folder, name));
    const read = readPlan(name, content.toString('utf8'));
    if (typeof read === 'string') {
      problems.push(`${name}: ${read}`);
      continue;
    }
    const { plan, source, bundle } = read;
    files.set(name, content);
    if (bundle !== null) {
      const code = bundleFiles(folder, bundle);
      if (code.length === 0) problems.push(`${name}: its folder bundles/${bundle} is not there`);
      for (const [file, bytes] of code) files.set(file, bytes);
    }
    plans.push({ plan, source: toPosix(source), bundle });
  }
  const sources = path.join(folder, SOURCES_FILE);
  if (fs.existsSync(sources)) files.set(SOURCES_FILE, fs.readFileSync(sources));
  if (problems.length > 0) return { plans: [], files: new Map(), problems };
  return { plans, files, problems };
}

/** The content, or what is wrong with it. */
function readPlan(name: string, text: string): DagFile | string {
  let found: Partial<DagFile> | null;
  try {
    found = JSON.parse(text) as Partial<DagFile> | null;
  } catch {
    return 'it is no JSON';
  }
  const { plan, hash, source, bundle = null } = found ?? {};
  if (typeof plan !== 'object' || typeof hash !== 'string' || typeof source !== 'string') {
    return 'it is no plan';
  }
  // As it is in the file, not as the type says.
  const format: unknown = plan.format;
  if (format !== PLAN_FORMAT) {
    return `its plan has the format ${String(format)}, this version of podline knows ${PLAN_FORMAT}; build it again`;
  }
  if (idProblem(plan.dagId) !== undefined || name !== `${plan.dagId}${PLAN_FILE}`) {
    return `it holds the DAG ${JSON.stringify(plan.dagId)}`;
  }
  if (bundle !== null && !/^[0-9a-f]{64}$/.test(bundle)) return 'its bundle has no proper id';
  if (versionHash(plan, bundle) !== hash) return 'it was changed after the build; build it again';
  return { plan, hash, source, bundle };
}

function toPosix(file: string): string {
  return file.split(path.sep).join('/');
}

function bundleFiles(folder: string, id: string): [string, Uint8Array][] {
  const root = path.join(folder, 'bundles', id);
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [toPosix(path.relative(folder, file)), fs.readFileSync(file)];
    });
}
