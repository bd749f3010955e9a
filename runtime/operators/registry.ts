/**
 * Run functions by operator name, loaded when first used: an attempt of bash pays nothing for S3.
 * Operators of npm packages are resolved from the project's folder.
 */
import { PodlineError } from '../../src/errors.ts';
import type { OperatorRun } from './operator.ts';
import { resolvePackage } from './packages.ts';

type Load = () => Promise<{ run: OperatorRun }>;

const BUILT_IN: Record<string, Load> = {
  bash: () => import('./bash.ts'),
  empty: () => import('./empty.ts'),
  greatExpectations: () => import('./greatExpectations.ts'),
  http: () => import('./http.ts'),
  job: () => import('./job.ts'),
  'notify.email': async () => ({ run: (await import('./notifyTask.ts')).runEmail }),
  'notify.webhook': async () => ({ run: (await import('./notifyTask.ts')).runWebhook }),
  pod: () => import('./pod.ts'),
  python: () => import('./python.ts'),
  r: () => import('./r.ts'),
  'sensor.file': () => import('./sensorFile.ts'),
  'sensor.http': () => import('./sensorHttp.ts'),
  'sensor.sql': () => import('./sensorSql.ts'),
  sftpToS3: () => import('./sftpToS3.ts'),
  sql: () => import('./sql.ts'),
  typescript: () => import('./typescript.ts'),
};

/** typescript, branch and short_circuit are one function: `flow` in the plan tells them apart. */
const SAME_AS: Record<string, string> = { branch: 'typescript', short_circuit: 'typescript' };

const loaded = new Map<string, OperatorRun>();

export function loadedOperator(name: string, module?: string): OperatorRun | undefined {
  return loaded.get(module ?? name);
}

export async function loadOperator(
  name: string,
  module: string | undefined,
  projectFolder: string,
): Promise<OperatorRun> {
  const known = loadedOperator(name, module);
  if (known) return known;
  const built = SAME_AS[name] ?? name;
  const load = Object.hasOwn(BUILT_IN, built) ? BUILT_IN[built] : undefined;
  const run =
    module === undefined ? (await load?.())?.run : await loadModule(name, module, projectFolder);
  if (!run)
    throw new PodlineError('task.unknown_operator', { operator: name, module: module ?? name });
  loaded.set(module ?? name, run);
  return run;
}

export function builtInOperators(): string[] {
  return [...Object.keys(BUILT_IN), ...Object.keys(SAME_AS)].sort();
}

async function loadModule(name: string, module: string, folder: string): Promise<OperatorRun> {
  let found: { run?: unknown };
  try {
    found = (await import(await resolvePackage(module, folder))) as { run?: unknown };
  } catch (error) {
    throw new PodlineError('task.unknown_operator', { operator: name, module }, { cause: error });
  }
  if (typeof found.run !== 'function') {
    throw new PodlineError('task.unknown_operator', {
      operator: name,
      module: `${module} (it exports no function "run")`,
    });
  }
  return found.run as OperatorRun;
}
