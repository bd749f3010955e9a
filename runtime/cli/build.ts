/** `podline build`: all DAG files of a folder checked, and with --out written as plans and bundles. */
import { PodlineError } from '../../src/errors.ts';
import { buildFolder } from '../build/buildFolder.ts';
import type { BuiltDag } from '../build/types.ts';
import { writeBuild } from '../build/writeBuild.ts';
import { EXIT } from './exit.ts';
import { count } from '../explain/human.ts';
import { checkFolder } from './input.ts';
import { printBuildErrors } from './buildErrors.ts';
import type { Output } from './output.ts';
import { scheduleWords } from '../explain/scheduleWords.ts';
import type { Session } from './session.ts';

export async function build(
  session: Session,
  [folder]: readonly [string],
  { out }: { out?: string },
): Promise<number> {
  const { output } = session;
  const result = await buildFolder(await checkFolder(folder));
  const { dags, errors } = result;
  if (dags.length === 0 && errors.length === 0) throw new PodlineError('build.no_dags', { folder });
  // Half a build is no build: the folder keeps what it had.
  const written = out !== undefined && errors.length === 0 ? await writeBuild(result, out) : [];
  if (output.json) {
    output.printJson({
      dags: dags.map(({ plan, hash, source }) => ({
        dagId: plan.dagId,
        hash,
        source,
        tasks: plan.tasks.length,
      })),
      errors,
      written,
    });
    return errors.length > 0 ? EXIT.badInput : EXIT.ok;
  }
  if (dags.length > 0) printDags(output, dags);
  printBuildErrors(output, errors);
  if (errors.length > 0) {
    output.note(`${count(errors.length, 'error')}; nothing was written.`);
    return EXIT.badInput;
  }
  if (out !== undefined) session.say(`${count(written.length, 'plan')} written to ${out}.`);
  return EXIT.ok;
}

function printDags(output: Output, dags: readonly BuiltDag[]): void {
  output.printTable(dags, [
    { title: 'DAG', value: ({ plan }) => plan.dagId, shrink: true },
    { title: 'TASKS', value: ({ plan }) => plan.tasks.length, align: 'right' },
    { title: 'SCHEDULE', value: ({ plan }) => scheduleWords(plan.schedule, plan.timezone) },
    { title: 'VERSION', value: ({ hash }) => hash.slice(0, 12) },
  ]);
}
