/** DAG values as an archive that POST /deploy takes: as `podline build --out` writes it, packed. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { create } from 'tar';
import { writeBuild } from '../../runtime/build/writeBuild.ts';
import { versionHash } from '../../src/plan/canonical.ts';
import { compile } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';

export function packedBuild(...values: { id: string }[]): Promise<Buffer> {
  return packedPlans(...values.map((value) => compile(value)));
}

/** With a hash that fits, whatever the plans are. */
export async function packedPlans(...plans: Plan[]): Promise<Buffer> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'podline-test-'));
  const dags = plans.map((plan) => {
    const source = path.join(folder, `${plan.dagId}.ts`);
    return { plan, source, bundle: null, hash: versionHash(plan, null) };
  });
  await writeBuild({ folder, dags, errors: [], files: [] }, path.join(folder, 'out'));
  const file = path.join(folder, 'out.tar.gz');
  await create({ gzip: true, cwd: path.join(folder, 'out'), file }, ['.']);
  const archive = await fs.readFile(file);
  await fs.rm(folder, { recursive: true });
  return archive;
}
