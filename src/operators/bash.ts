/** bash: a shell script, run by bash with -euo pipefail. Its output is what it writes to the output file of the task protocol. */
import type { Json } from '../plan/plan.ts';
import type { CommonDefinition, Operator, OutputType } from './operator.ts';
import { type ScriptSource, script, scriptProblems } from './script.ts';

export type BashDefinition<Output> = ScriptSource &
  CommonDefinition & {
    /** Folder to run in. Default: an empty folder of the attempt. */
    cwd?: string;
    /** Exit code that skips the task. Default 99. */
    skipExitCode?: number;
    /** Type of the output: `output: json<{ rows: number }>()`. */
    output?: OutputType<Output>;
  };

/** Config in the plan: { script: { text, file? }, cwd?, skipExitCode? }. */
export function bash<Output = Json>(definition: BashDefinition<Output>): Operator<Output> {
  const { file, script: text, cwd, skipExitCode, inputs = {} } = definition;
  return {
    operator: 'bash',
    config: { script: script({ text, file }), cwd, skipExitCode },
    inputs,
    connections: [],
    check: () => scriptProblems({ text, file, skipExitCode }),
  };
}
