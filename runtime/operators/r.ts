/** r: a script run by Rscript. `source(file.path(Sys.getenv("PODLINE_FILES"), ...))` reads its neighbours. */
import type { OperatorContext, OperatorResult } from './operator.ts';
import { runScript } from './script.ts';

export function run(context: OperatorContext): Promise<OperatorResult> {
  return runScript(context, {
    program: 'Rscript',
    args: (file) => ['--no-save', '--no-restore', file],
    fileName: 'script.R',
  });
}
