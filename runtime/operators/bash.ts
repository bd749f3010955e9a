/** bash: a script run by `bash -euo pipefail`, so that a failing command fails the task. */
import type { OperatorContext, OperatorResult } from './operator.ts';
import { runScript } from './script.ts';

export function run(context: OperatorContext): Promise<OperatorResult> {
  return runScript(context, {
    program: 'bash',
    args: (file) => ['-euo', 'pipefail', file],
    fileName: 'script.sh',
  });
}
